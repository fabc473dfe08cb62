"""Which mentions of an article name the same thing: an ordered list of small rules over the distinct names.

Mentions are first put together by label and folded name. Then each name looks for a longer name of the same label
that it is short for, by the rules of its label in order; the first rule that fits decides, and among several longer
names the one mentioned first. Longer names are never joined because they share a short one: two people with one surname
stay two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schemas import Label
from tasks.entities._alias_rules import RULES, SMALL_WORDS, Name, Words
from tasks.entities._names import fold, organisation_words, person_words
from tasks.entities._other_names import OtherNames, shipped

_CANDIDATES = 40
"""Longer names looked at for each short one; keeps an article of 50,000 names linear."""

_LEAST_ACRONYM, _MOST_ACRONYM = 2, 8


@dataclass(frozen=True, slots=True)
class Aliases:
    """Which group each mention belongs to, and for each group its folded key and the surfaces of its fullest form."""

    groups: list[int]
    keys: list[str]
    names: list[frozenset[str]]


def link_aliases(
    mentions: Sequence[tuple[str, Label]],
    values: Sequence[str | None] = (),
    defined: Mapping[int, int] | None = None,
    other: OtherNames | None = None,
) -> Aliases:
    """Group `(surface, label)` mentions; group numbers count up in order of first mention.

    Mentions that say the same date or amount (`values`) are one, however they are written; so are places and people
    whose names are one in the list of other names. `defined` says which mentions the text itself explains by another:
    the index of "FSB" in "Federal Security Service (FSB)" by that of the full name.
    """
    other = other or shipped()
    keys = [_key(surface, label, other) for surface, label in mentions]
    for index, value in enumerate(values):
        if value:
            keys[index] = mentions[index][1], _value_words(value)
    counts = Counter(keys)
    names: dict[tuple[Label, Words], Name] = {}
    surfaces: dict[tuple[Label, Words], set[str]] = defaultdict(set)
    for index, (key, (surface, label)) in enumerate(zip(keys, mentions, strict=True)):
        if key not in names:
            first = other.first_name(key[1][0])
            names[key] = Name(label, key[1], _acronym_written(surface), index, counts[key], first)
        surfaces[key].add(surface)
    explained = ((names[keys[short]], names[keys[long]]) for short, long in (defined or {}).items())
    links = _links(list(names.values()), _explanations(explained))
    roots = [_root(names[key], links) for key in keys]
    numbers: dict[tuple[Label, Words], int] = {}
    groups = [numbers.setdefault((root.label, root.words), len(numbers)) for root in roots]
    return Aliases(groups, ["-".join(words) for _, words in numbers], [_fullest(key, surfaces[key]) for key in numbers])


def _key(surface: str, label: Label, other: OtherNames) -> tuple[Label, Words]:
    folded = fold(surface)
    if not folded:
        return label, (surface,)
    if label is Label.PERSON:
        return label, person_words(folded)
    if label is Label.ORG:
        return label, organisation_words(folded)
    if label is Label.LOC:
        return label, tuple(other.place(folded).split())
    return label, tuple(folded.split())


def _fullest(key: tuple[Label, Words], surfaces: set[str]) -> frozenset[str]:
    """Return the writings of a name; of a place with other names, those of the usual one where the text has it."""
    label, words = key
    usual = {surface for surface in surfaces if fold(surface) == " ".join(words)} if label is Label.LOC else None
    return frozenset(usual or surfaces)


def _value_words(value: str) -> Words:
    return tuple(value.lower().replace("/", "--").replace(" ", "-").split("-"))


def _acronym_written(surface: str) -> str | None:
    """Return the letters of a name that is written as an acronym: "U.S.", "NATO"."""
    letters = surface.replace(".", "").removesuffix("'s").removesuffix("’s")
    if _LEAST_ACRONYM <= len(letters) <= _MOST_ACRONYM and letters.isalpha() and letters.isupper():
        return letters.lower()
    return None


def _explanations(explained: Iterable[tuple[Name, Name]]) -> dict[int, Name]:
    """Keep the first explanation of each name, and none by a name that is itself explained."""
    links: dict[int, Name] = {}
    for short, long in explained:
        if short is not long:
            links.setdefault(id(short), long)
    return {short: long for short, long in links.items() if id(long) not in links}


def _links(names: list[Name], links: dict[int, Name]) -> dict[int, Name]:
    """Find for each short name that has none yet the longer one that it stands for."""
    index: dict[tuple[Label, str], list[Name]] = defaultdict(list)
    for name in names:
        for key in _handles(name):
            if len(index[name.label, key]) < _CANDIDATES:
                index[name.label, key].append(name)
    for name in names:
        target = None if id(name) in links else _target(name, index)
        if target is not None and _root(target, links) is not name:
            links[id(name)] = target
    return links


def _handles(name: Name) -> set[str]:
    """Under which keys a longer name can be found by its short forms."""
    handles = set(name.words) - SMALL_WORDS
    if len(name.words) > 1:
        handles.add(f"={name.words[0][0]}")
    return handles


def _target(name: Name, index: dict[tuple[Label, str], list[Name]]) -> Name | None:
    rules = RULES.get(name.label, ())
    if not rules:
        return None
    longer = _candidates(name, index)
    for rule in rules:
        for candidate in longer:
            if rule(name, candidate):
                return candidate
    return None


def _candidates(name: Name, index: dict[tuple[Label, str], list[Name]]) -> list[Name]:
    keys = [word for word in (name.words[0], name.words[-1]) if word not in SMALL_WORDS]
    if name.acronym:
        keys.append(f"={name.acronym[0]}")
    found = {id(other): other for key in keys for other in index.get((name.label, key), ()) if other is not name}
    longer = (other for other in found.values() if len(other.words) >= len(name.words))
    return sorted(longer, key=lambda other: (-other.count, other.first))


def _root(name: Name, links: dict[int, Name]) -> Name:
    while id(name) in links:
        name = links[id(name)]
    return name
