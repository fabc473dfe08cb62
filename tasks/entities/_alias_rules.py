"""When a short name stands for a longer one: small rules for each label, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from schemas import Label
from tasks.entities._names import listed, skeleton

SMALL_WORDS = listed("of the and for in on de la du des et und der a an to at")
_LEAST_ACRONYM = 2
_LEAST_SOUNDS = 3
"""Below that "Jan" and "Jon" would be one."""

_RANKS = listed(
    "republic kingdom free state city province county town district commonwealth region principality municipality"
)

_BRANCHES = listed(
    """international worldwide global europe america americas asia africa india china japan australia canada france
    germany uk usa one two hd tv radio express interactive pictures press school business security centre center"""
)
"""What names a branch or a unit after the name of the whole."""

_KINDS = listed("airlines airways bank fm foundation party union university")
"""What an acronym may leave out: "TAM" is "TAM Airlines", but "BBC" is not "BBC Alba"."""

_OWNERS = frozenset({"of", "for"})
_SITES = listed(
    """airport bay bridge cathedral castle church empire hall hospital island lake mountain museum palace park peninsula
    river stadium station valley"""
)


Words = tuple[str, ...]
Rule = Callable[["Name", "Name"], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A distinct name of the article under one label."""

    label: Label
    words: Words
    acronym: str | None
    first: int
    count: int
    full_first: str
    """The first word, or the first name that it is short for."""

    mark: str | None = None
    """What tells this person from one of the same name: "jr", "ii"."""

    def outranks(self, other: Name) -> bool:
        """Whether it is named more often, or as often and earlier."""
        return (-self.count, self.first) < (-other.count, other.first)


def _initials(words: Words) -> set[str]:
    every = "".join(word[0] for word in words)
    return {every, "".join(word[0] for word in words if word not in SMALL_WORDS)}


def is_acronym(short: Name, long: Name) -> bool:
    """Match "WHO" with "World Health Organization", "U.S." with "United States"."""
    return short.acronym is not None and len(long.words) > 1 and short.acronym in _initials(long.words)


def abbreviates(short: Name, long: Name) -> bool:
    """Match "ASEAN" with "Association of Southeast Asian Nations": each main word gives a letter, some more.

    After A. Schwartz and M. Hearst, A simple algorithm for identifying abbreviation definitions, 2003, read forwards.
    """
    if short.acronym is None or len(short.acronym) <= _LEAST_ACRONYM or len(long.words) == 1:
        return False
    main = [word for word in long.words if word not in SMALL_WORDS]
    return _spells(short.acronym, main)


def _spells(letters: str, words: list[str]) -> bool:
    reached = {0}
    for word in words:
        reached = {end for start in reached for end in _ends_within(letters, start, word)}
    return len(letters) in reached


def _ends_within(letters: str, start: int, word: str) -> list[int]:
    """Where in `letters` the word's share may end, when it begins at `start` with the word's first letter."""
    if start >= len(letters) or letters[start] != word[0]:
        return []
    ends, place = [start + 1], 1
    for position in range(start + 1, len(letters)):
        place = word.find(letters[position], place) + 1
        if not place:
            break
        ends.append(position + 1)
    return ends


def omits_mark(short: Name, long: Name) -> bool:
    """Match "Robert Kennedy" with "Robert Kennedy Jr."; "Robert II" is never "Robert III"."""
    return short.words == long.words and short.mark is None


def sounds_alike(short: Name, long: Name) -> bool:
    """Match "Muammar Qadhafi" with "Moammar Kadhafi": full names whose words differ only as romanisations do."""
    if len(short.words) != len(long.words) or len(short.words) == 1 or not long.outranks(short):
        return False
    return all(one == other or _sound_alike(one, other) for one, other in zip(short.words, long.words, strict=True))


def _sound_alike(one: str, other: str) -> bool:
    sounds = skeleton(one)
    return len(sounds) >= _LEAST_SOUNDS and sounds == skeleton(other)


def is_surname(short: Name, long: Name) -> bool:
    """Match "Trump" with "Donald Trump"."""
    return len(short.words) == 1 < len(long.words) and short.words[0] == long.words[-1]


def is_first_name(short: Name, long: Name) -> bool:
    """Match "Kamala" with "Kamala Harris"."""
    return len(short.words) == 1 < len(long.words) and short.words[0] == long.words[0]


def omits_middle(short: Name, long: Name) -> bool:
    """Match "John Cantwell" and "J. Cantwell" with "John Joseph Cantwell"; never another first name."""
    if 1 in (len(short.words), len(long.words)) or short.words[-1] != long.words[-1]:
        return False
    one, other = short.words[0], long.words[0]
    same = one == other or (len(one) == 1 and other.startswith(one))
    return same and (len(short.words) < len(long.words) or len(one) < len(other))


def abbreviates_middle(short: Name, long: Name) -> bool:
    """Match "Conrad O. Johnson" with "Conrad Oberon Johnson"."""
    pairs = list(zip(short.words, long.words, strict=False))
    if len(short.words) != len(long.words) or short.words[-1] != long.words[-1] or short.words == long.words:
        return False
    return all(one == other or (len(one) == 1 and other.startswith(one)) for one, other in pairs)


def shortens_first_name(short: Name, long: Name) -> bool:
    """Match "Bill Clinton" with "William Clinton", "Bob Taylor" with "Robert William Taylor"."""
    if 1 in (len(short.words), len(long.words)) or short.words[-1] != long.words[-1]:
        return False
    is_short = short.words[0] != short.full_first or len(short.words) < len(long.words)
    return is_short and short.full_first == long.full_first


def is_part(short: Name, long: Name) -> bool:
    """Match "van Gogh" with "Vincent van Gogh", "Johannes" with "Carl Johannes Weber"."""
    size = len(short.words)
    if size >= len(long.words):
        return False
    return any(long.words[start : start + size] == short.words for start in range(len(long.words) - size + 1))


def begins(short: Name, long: Name) -> bool:
    """Match "Warner" with "Warner Bros. Records", but not "CNN" with "CNN International", a part of it."""
    size = len(short.words)
    if size >= len(long.words) or long.words[:size] != short.words or long.words[size] in _BRANCHES:
        return False
    return short.acronym is None or long.words[size] in _KINDS


def ends(short: Name, long: Name) -> bool:
    """Match "Bolshoi Theatre" with "Moscow Bolshoi Theatre", but not a faculty or a centre with its university."""
    return _is_end(short, long) and _OWNERS.isdisjoint(long.words[: -len(short.words)])


def _is_end(short: Name, long: Name) -> bool:
    return len(short.words) < len(long.words) and long.words[-len(short.words) :] == short.words


def omits_rank(short: Name, long: Name) -> bool:
    """Match "China" with "People's Republic of China"."""
    rest = long.words[: -len(short.words)]
    return _is_end(short, long) and rest[-1] == "of" and bool(_RANKS & set(rest))


def is_kind(short: Name, long: Name) -> bool:
    """Match "the Palace" with "Winter Palace", "Heathrow Airport" with "London Heathrow Airport"."""
    return short.words[-1] in _SITES and ends(short, long)


RULES: dict[Label, tuple[Rule, ...]] = {
    Label.PERSON: (
        omits_mark,
        omits_middle,
        abbreviates_middle,
        shortens_first_name,
        sounds_alike,
        is_surname,
        is_first_name,
        is_part,
    ),
    Label.ORG: (is_acronym, abbreviates, begins, ends),
    Label.LOC: (is_acronym, omits_rank, is_kind),
}
"""The rules of each label, in the order in which they are tried."""
