"""Mentions that mean the same place: one sense per article unless a qualifier says otherwise."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from schemas import PlaceKind
from tasks.geotag._gazetteer import GazetteerPlace
from tasks.geotag._qualifiers import Area, Qualifier
from tasks.geotag._toponyms import Role, Spot, Texts
from tasks.geotag._words import LANDFORMS, SITES

KIND_WORDS = {
    "county": PlaceKind.ADMIN2, "parish": PlaceKind.ADMIN2, "state": PlaceKind.ADMIN1, "province": PlaceKind.ADMIN1,
    "oblast": PlaceKind.ADMIN1, "region": PlaceKind.ADMIN1, "governorate": PlaceKind.ADMIN1, "city": PlaceKind.CITY,
}  # fmt: skip
_OFFICES = {"governor": PlaceKind.ADMIN1, "mayor": PlaceKind.CITY, "sheriff": PlaceKind.ADMIN2}
"""Whose office it is says of what: a governor's is a province, not the town that it is called after."""
_OFFICE = re.compile(r"(?:['’]s)?[ \t]+(?:deputy |former |vice )?(governor|mayor|sheriff)\b", re.IGNORECASE)
_NEXT_WORD = re.compile(r"[ \t]+([A-Za-z]+)")
_STATE_OF = re.compile(r"(city|town|village|state|province|region|county|governor|mayor) of (?:the )?$", re.IGNORECASE)
_BEFORE = {
    "city": PlaceKind.CITY, "town": PlaceKind.CITY, "village": PlaceKind.CITY, "state": PlaceKind.ADMIN1,
    "province": PlaceKind.ADMIN1, "region": PlaceKind.ADMIN1, "county": PlaceKind.ADMIN2,
    "governor": PlaceKind.ADMIN1, "mayor": PlaceKind.CITY,
}  # fmt: skip
_NATION_OF = re.compile(
    r"(?:natives?|citizens?|nationals?|president|prime minister|government|embassy|republic) of (?:the )?$|"
    r"(?:immigrants?|migrants?|refugees?|ambassadors?|deported|extradited) (?:from|to) (?:the )?$",
    re.IGNORECASE,
)
"""What is said of countries: ``a native of Mexico`` in a paper of Missouri."""
_BEFORE_NATION = (" of ", " from ", " to ", " the ")
"""What `_NATION_OF` ends in: looked at first, since few names follow it."""
_LOOK_BACK = 26


@dataclass(slots=True, eq=False)
class Group:
    """All mentions of one name in one sense, and what the text says of it."""

    key: str
    role: Role
    spots: list[Spot] = field(default_factory=list)
    areas: frozenset[Area] = frozenset()
    explicit: bool = False
    cues: dict[PlaceKind, int] = field(default_factory=dict)
    qualifies: list["Group"] = field(default_factory=list)
    in_qualifier: bool = False
    dotted: bool = False
    parts_of_names: int = 0
    world_lists: int = 0
    strangers: int = 0
    """How many of its mentions are said to lie where no place of the name is known."""
    in_address: bool = False
    """Whether the article's own address names it as well."""
    company: list[GazetteerPlace] = field(default_factory=list)
    """The only bearers of names that it is listed with."""

    @property
    def mentions(self) -> int:
        """How often it counts as named: a masthead, which stands nowhere in the text, once."""
        return len(self.spots) or 1

    @property
    def name(self) -> str:
        """The name as the article first writes it."""
        return self.spots[0].text

    def is_called(self, kind: PlaceKind) -> bool:
        """Whether the words around at least half of the mentions say that it is a place of this kind."""
        times = self.cues.get(kind, 0)
        return times > 0 and 2 * times >= len(self.spots)

    def cue(self, kind: PlaceKind, times: int = 1) -> None:
        """Words around some mentions, or all, say that it is a place of this kind."""
        self.cues[kind] = self.cues.get(kind, 0) + times

    @property
    def is_of_the_world(self) -> bool:
        """Whether at least half of the mentions stand in lists of world cities."""
        return self.world_lists > 0 and 2 * self.world_lists >= len(self.spots)

    @property
    def is_stranger(self) -> bool:
        """Whether at least half of the mentions are said to lie where no place of the name is known."""
        return self.strangers > 0 and 2 * self.strangers >= len(self.spots)

    @property
    def is_seat(self) -> bool:
        """Whether the article names the place only in the names of bodies."""
        return bool(self.spots) and all(spot.is_seat for spot in self.spots)

    @property
    def is_part_of_name(self) -> bool:
        """Whether the words after at least half of the mentions make them a landform's or a site's name."""
        return self.parts_of_names > 0 and 2 * self.parts_of_names >= len(self.spots)

    @property
    def allows_abbreviation(self) -> bool:
        """Whether a short form such as `Miss.` or `IN` may be meant: only where it is written as one."""
        return self.in_qualifier or self.dotted or any(spot.text.isupper() for spot in self.spots)


def groups_of(
    spots: Sequence[Spot],
    qualified: Mapping[int, Qualifier],
    parts: Texts,
    *,
    strangers: Collection[int] = (),
) -> list[Group]:
    """Groups in order of first mention; `strangers` are positions as in `_containers.Containers`."""
    senses = _senses(spots, qualified)
    groups: list[Group] = []
    position: dict[tuple[str, Role, frozenset[Area]], int] = {}
    member: list[int] = []
    for at, spot in enumerate(spots):
        qualifier = qualified.get(at)
        areas = qualifier.areas if qualifier else senses.get(spot.key, frozenset())
        name = (spot.key, spot.role, areas)
        if name not in position:
            position[name] = len(groups)
            groups.append(Group(spot.key, spot.role, areas=areas))
        group = groups[position[name]]
        group.spots.append(spot)
        group.strangers += at in strangers
        group.explicit = group.explicit or (qualifier is not None and qualifier.explicit)
        text = parts[spot.part]
        after = _NEXT_WORD.match(text, spot.end)
        next_word = after[1] if after else ""
        for cue in _cues(spot, text, next_word) if spot.cue is None else (spot.cue,):
            group.cue(cue)
        group.parts_of_names += _continues(next_word)
        group.dotted = group.dotted or "." in text[spot.start : spot.end + 1]
        member.append(position[name])
    for at, qualifier in qualified.items():
        if qualifier.by is not None:
            by = groups[member[qualifier.by]]
            by.qualifies.append(groups[member[at]])
            by.in_qualifier = True
    return groups


def _senses(spots: Sequence[Spot], qualified: Mapping[int, Qualifier]) -> dict[str, frozenset[Area]]:
    """For each name the areas that its mentions without a qualifier are taken to share: the most frequent ones."""
    counted: dict[str, Counter[frozenset[Area]]] = {}
    for at, qualifier in qualified.items():
        counted.setdefault(spots[at].key, Counter())[qualifier.areas] += 1
    return {key: areas.most_common(1)[0][0] for key, areas in counted.items()}


def _continues(next_word: str) -> bool:
    """Whether the name goes on behind the mention: ``Kano plains``, ``Dublin Road``."""
    return next_word.lower() in LANDFORMS or next_word in SITES


def _cues(spot: Spot, text: str, next_word: str) -> list[PlaceKind]:
    """Kinds that the words around a mention speak of: ``New York state``, ``city of Sumy``."""
    found: list[PlaceKind] = []
    kind = KIND_WORDS.get(next_word.lower())
    if kind is not None:
        found.append(kind)
    office = _OFFICE.match(text, spot.end)
    if office is not None:
        found.append(_OFFICES[office[1].lower()])
    words = text[max(0, spot.start - _LOOK_BACK) : spot.start]
    before = _STATE_OF.search(words) if " of " in words.lower() else None
    if before is not None:
        found.append(_BEFORE[before[1].lower()])
    if words.endswith(_BEFORE_NATION) and _NATION_OF.search(words):
        found.append(PlaceKind.COUNTRY)
    return found
