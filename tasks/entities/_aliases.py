"""Which mentions of an article name the same thing: an ordered list of small rules over the distinct names.

Mentions are first put together by label and folded name. What the text explains goes first ("Facebook, now Meta"). Then
each name looks for a longer name of the same label that it is short for, by the rules of its label in order; the first
rule that fits decides, and among several longer names the one named most often. Longer names are never joined because
they share a short one: two people with one surname stay two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas import Label
from tasks.entities._alias_rules import RULES, SMALL_WORDS, Name, Words
from tasks.entities._names import fold, organisation_words, person_name, skeleton
from tasks.entities._other_names import OtherNames, shipped

_CANDIDATES = 40
"""Longer names looked at for each short one; keeps an article of 50,000 names linear."""

_LEAST_ACRONYM, _MOST_ACRONYM = 2, 8
_LEAST_PLURAL = 4

Explained = tuple[int, int]
"""Indices of two mentions of which the text says that they are one: "Federal Security Service (FSB)"."""


@dataclass(frozen=True, slots=True)
class Key:
    """What two mentions of one name have in common."""

    label: Label
    words: Words
    mark: str | None = None

    def __str__(self) -> str:
        return "-".join((*self.words, self.mark) if self.mark else self.words)


@dataclass(frozen=True, slots=True)
class Aliases:
    """Which group each mention belongs to, and for each group its folded key and the surfaces of its fullest form."""

    groups: list[int]
    keys: list[str]
    names: list[frozenset[str]]


def link_aliases(
    mentions: Sequence[tuple[str, Label]],
    values: Sequence[str | None] = (),
    explained: Iterable[Explained] = (),
    other: OtherNames | None = None,
) -> Aliases:
    """Group `(surface, label)` mentions; group numbers count up in order of first mention.

    Mentions that say the same date or amount (`values`) are one, however they are written; so are places and people
    whose names are one in the list of other names, and mentions that the text itself explains by one another.
    """
    other = other or shipped()
    keys = [_key(surface, label, other) for surface, label in mentions]
    for index, value in enumerate(values):
        if value:
            keys[index] = Key(mentions[index][1], _value_words(value))
    names, surfaces = _distinct(mentions, keys, other)
    links = Links()
    for one, two in explained:
        links.explain(names[keys[one]], names[keys[two]])
    links.shorten(names.values())
    kept = {id(name): key for key, name in names.items()}
    roots = [kept[id(links.root(names[key]))] for key in keys]
    numbers: dict[Key, int] = {}
    groups = [numbers.setdefault(root, len(numbers)) for root in roots]
    return Aliases(groups, [str(key) for key in numbers], [_fullest(key, surfaces[key]) for key in numbers])


def _distinct(
    mentions: Sequence[tuple[str, Label]], keys: list[Key], other: OtherNames
) -> tuple[dict[Key, Name], dict[Key, set[str]]]:
    counts = Counter(keys)
    names: dict[Key, Name] = {}
    surfaces: dict[Key, set[str]] = defaultdict(set)
    for index, (key, (surface, label)) in enumerate(zip(keys, mentions, strict=True)):
        if key not in names:
            first = other.first_name(key.words[0])
            names[key] = Name(label, key.words, _acronym_written(surface), index, counts[key], first, key.mark)
        surfaces[key].add(surface)
    return names, surfaces


def _key(surface: str, label: Label, other: OtherNames) -> Key:
    folded = fold(surface)
    if not folded:
        return Key(label, (surface,))
    if label is Label.PERSON:
        return Key(label, *person_name(folded))
    if label is Label.ORG:
        return Key(label, organisation_words(folded))
    if label is Label.LOC:
        return Key(label, tuple(other.place(folded).split()))
    if label is Label.NORP:
        return Key(label, tuple(_singular(folded).split()))
    return Key(label, tuple(folded.split()))


def _singular(folded: str) -> str:
    """Make "americans" and "american" one; "swiss" has no plural."""
    return folded.removesuffix("s") if len(folded) > _LEAST_PLURAL and not folded.endswith("ss") else folded


def _fullest(key: Key, surfaces: set[str]) -> frozenset[str]:
    """Return the writings of a name; of a place with other names, those of the usual one where the text has it."""
    is_place = key.label is Label.LOC
    usual = {surface for surface in surfaces if fold(surface) == " ".join(key.words)} if is_place else None
    return frozenset(usual or surfaces)


def _value_words(value: str) -> Words:
    return tuple(value.lower().replace("/", "--").replace(" ", "-").split("-"))


def _acronym_written(surface: str) -> str | None:
    """Return the letters of a name that is written as an acronym: "U.S.", "NATO"."""
    letters = surface.replace(".", "").removesuffix("'s").removesuffix("’s")
    if _LEAST_ACRONYM <= len(letters) <= _MOST_ACRONYM and letters.isalpha() and letters.isupper():
        return letters.lower()
    return None


class Links:
    """From each name to the one that it stands for, if any; never in a circle."""

    def __init__(self) -> None:
        self._to: dict[int, Name] = {}

    def root(self, name: Name) -> Name:
        """Return the name at the end of the links."""
        while id(name) in self._to:
            name = self._to[id(name)]
        return name

    def explain(self, one: Name, other: Name) -> None:
        """Join two names of which the text says that they are one, under the fuller, else the more frequent."""
        one, other = self.root(one), self.root(other)
        if one is not other:
            short, long = (one, other) if _stands_for(one, other) else (other, one)
            self._to[id(short)] = long

    def shorten(self, names: Iterable[Name]) -> None:
        """Find for each short name that has none yet the longer one that it stands for."""
        names = list(names)
        index = _index(names)
        for name in names:
            target = None if id(name) in self._to else _target(name, index)
            if target is not None and self.root(target) is not name:
                self._to[id(name)] = target


def _stands_for(one: Name, other: Name) -> bool:
    if (one.acronym is None) != (other.acronym is None):
        return one.acronym is not None
    return other.outranks(one)


Index = dict[tuple[Label, str], list[Name]]


def _index(names: Iterable[Name]) -> Index:
    index: Index = defaultdict(list)
    for name in names:
        for handle in _handles(name):
            if len(index[name.label, handle]) < _CANDIDATES:
                index[name.label, handle].append(name)
    return index


def _handles(name: Name) -> set[str]:
    """Under which keys a longer name can be found by its short forms."""
    handles = set(name.words) - SMALL_WORDS
    if len(name.words) > 1:
        handles.add(f"={name.words[0][0]}")
        handles.add(_sound(name))
    return handles


def _sound(name: Name) -> str:
    return f"~{skeleton(name.words[-1])}"


def _target(name: Name, index: Index) -> Name | None:
    rules = RULES.get(name.label, ())
    if not rules:
        return None
    longer = _candidates(name, index)
    for rule in rules:
        for candidate in longer:
            if rule(name, candidate):
                return candidate
    return None


def _candidates(name: Name, index: Index) -> list[Name]:
    keys = [word for word in (name.words[0], name.words[-1]) if word not in SMALL_WORDS]
    if name.acronym:
        keys.append(f"={name.acronym[0]}")
    if len(name.words) > 1:
        keys.append(_sound(name))
    found = {id(other): other for key in keys for other in index.get((name.label, key), ()) if other is not name}
    longer = (other for other in found.values() if len(other.words) >= len(name.words) and _agree(name, other))
    return sorted(longer, key=lambda other: (-other.count, other.first))


def _agree(name: Name, other: Name) -> bool:
    """Whether the generation marks let them be one: "Robert Kennedy Jr." is not "Robert Kennedy Sr."."""
    return name.mark is None or name.mark == other.mark
