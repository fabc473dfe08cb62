"""Which mentions of an article name the same thing: an ordered list of small rules over the distinct names.

Mentions are first put together by label and folded name. Then each name looks for a longer name of the same label
that it is short for, by the rules of its label in order; the first rule that fits decides, and among several longer
names the one mentioned first. Longer names are never joined because they share a short one: two people with one surname
stay two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schemas import Label
from tasks.entities._names import fold, listed, organisation_words, person_words

_CANDIDATES = 40
"""Longer names looked at for each short one; keeps an article of 50,000 names linear."""

_SMALL_WORDS = listed("of the and for in on de la du des et und der a an to at")
_LEAST_ACRONYM, _MOST_ACRONYM = 2, 8
_RANKS = listed(
    "republic kingdom state city province county town district commonwealth region principality municipality"
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


@dataclass(frozen=True, slots=True)
class Aliases:
    """Which group each mention belongs to, and for each group its folded key and the surfaces of its fullest form."""

    groups: list[int]
    keys: list[str]
    names: list[frozenset[str]]


def link_aliases(mentions: Sequence[tuple[str, Label]], values: Sequence[str | None] = ()) -> Aliases:
    """Group `(surface, label)` mentions; group numbers count up in order of first mention.

    Mentions that say the same date or amount (`values`) are one, however they are written.
    """
    keys = [_key(surface, label) for surface, label in mentions]
    for index, value in enumerate(values):
        if value:
            keys[index] = mentions[index][1], _value_words(value)
    names: dict[tuple[Label, Words], Name] = {}
    surfaces: dict[tuple[Label, Words], set[str]] = defaultdict(set)
    for index, (key, (surface, label)) in enumerate(zip(keys, mentions, strict=True)):
        names.setdefault(key, Name(label, key[1], _acronym_written(surface), index))
        surfaces[key].add(surface)
    links = _links(list(names.values()))
    roots = [_root(names[key], links) for key in keys]
    numbers: dict[tuple[Label, Words], int] = {}
    groups = [numbers.setdefault((root.label, root.words), len(numbers)) for root in roots]
    return Aliases(groups, ["-".join(words) for _, words in numbers], [frozenset(surfaces[key]) for key in numbers])


def _key(surface: str, label: Label) -> tuple[Label, Words]:
    folded = fold(surface)
    if not folded:
        return label, (surface,)
    if label is Label.PERSON:
        return label, person_words(folded)
    if label is Label.ORG:
        return label, organisation_words(folded)
    return label, tuple(folded.split())


def _value_words(value: str) -> Words:
    return tuple(value.lower().replace("/", "--").replace(" ", "-").split("-"))


def _acronym_written(surface: str) -> str | None:
    """Return the letters of a name that is written as an acronym: "U.S.", "NATO"."""
    letters = surface.replace(".", "").removesuffix("'s").removesuffix("’s")
    if _LEAST_ACRONYM <= len(letters) <= _MOST_ACRONYM and letters.isalpha() and letters.isupper():
        return letters.lower()
    return None


def _links(names: list[Name]) -> dict[int, Name]:
    """Find for each short name the longer one that it stands for."""
    index: dict[tuple[Label, str], list[Name]] = defaultdict(list)
    for name in names:
        for key in _handles(name):
            if len(index[name.label, key]) < _CANDIDATES:
                index[name.label, key].append(name)
    links: dict[int, Name] = {}
    for name in names:
        target = _target(name, index)
        if target is not None and _root(target, links) is not name:
            links[id(name)] = target
    return links


def _handles(name: Name) -> set[str]:
    """Under which keys a longer name can be found by its short forms."""
    handles = set(name.words) - _SMALL_WORDS
    if len(name.words) > 1:
        handles.add(f"={name.words[0][0]}")
    return handles


def _initials(words: Words) -> set[str]:
    every = "".join(word[0] for word in words)
    return {every, "".join(word[0] for word in words if word not in _SMALL_WORDS)}


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
    keys = [word for word in (name.words[0], name.words[-1]) if word not in _SMALL_WORDS]
    if name.acronym:
        keys.append(f"={name.acronym[0]}")
    found = {id(other): other for key in keys for other in index.get((name.label, key), ()) if other is not name}
    longer = (other for other in found.values() if len(other.words) >= len(name.words))
    return sorted(longer, key=lambda other: other.first)


def _root(name: Name, links: dict[int, Name]) -> Name:
    while id(name) in links:
        name = links[id(name)]
    return name


def is_acronym(short: Name, long: Name) -> bool:
    """Match "WHO" with "World Health Organization", "U.S." with "United States"."""
    return short.acronym is not None and len(long.words) > 1 and short.acronym in _initials(long.words)


def abbreviates(short: Name, long: Name) -> bool:
    """Match "ASEAN" with "Association of Southeast Asian Nations": each main word gives a letter, some more.

    After A. Schwartz and M. Hearst, A simple algorithm for identifying abbreviation definitions, 2003, read forwards.
    """
    if short.acronym is None or len(short.acronym) <= _LEAST_ACRONYM or len(long.words) == 1:
        return False
    main = [word for word in long.words if word not in _SMALL_WORDS]
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


def is_part(short: Name, long: Name) -> bool:
    """Match "van Gogh" with "Vincent van Gogh", "Johannes" with "Carl Johannes Weber"."""
    size = len(short.words)
    if size >= len(long.words):
        return False
    return any(long.words[start : start + size] == short.words for start in range(len(long.words) - size + 1))


def begins(short: Name, long: Name) -> bool:
    """Match "Warner" with "Warner Bros. Records"."""
    return len(short.words) < len(long.words) and long.words[: len(short.words)] == short.words


def ends(short: Name, long: Name) -> bool:
    """Match "Bolshoi Theatre" with "Moscow Bolshoi Theatre"."""
    return len(short.words) < len(long.words) and long.words[-len(short.words) :] == short.words


def omits_rank(short: Name, long: Name) -> bool:
    """Match "China" with "People's Republic of China"."""
    rest = long.words[: -len(short.words)]
    return ends(short, long) and rest[-1] == "of" and bool(_RANKS & set(rest))


RULES: dict[Label, tuple[Rule, ...]] = {
    Label.PERSON: (omits_middle, is_surname, is_first_name, is_part),
    Label.ORG: (is_acronym, abbreviates, begins, ends),
    Label.LOC: (is_acronym, omits_rank),
}
"""The rules of each label, in the order in which they are tried."""
