"""The country whose institutions an article speaks of: where a sheriff comes, `Athens` is hardly the one in Greece."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache, reduce
from importlib.resources import files
from typing import Final

_LIST: Final = files(__package__).joinpath("data/institutions.txt")
_STOPS: Final = '.,;:!?()"”'
Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Institutions:
    """Single words, and pairs by their first word, each pair between spaces."""

    alone: dict[str, Codes]
    pairs: dict[str, list[tuple[str, Codes]]]
    words: frozenset[str]
    """All single words and first words: a set meets another ten times faster than the keys of a mapping do."""


def spoken_of(text: str) -> Codes:
    """ISO codes of the countries for which most different words and pairs of words of the text speak."""
    known = _institutions()
    sequence = reduce(lambda rest, stop: rest.replace(stop, " "), _STOPS, text.lower().replace("’", "'")).split()
    met = known.words.intersection(sequence)
    if not met:
        return ()
    plain = f" {' '.join(sequence)} "
    found = Counter(code for word in met for code in known.alone.get(word, ()))
    for first in met:
        found.update(code for pair, codes in known.pairs.get(first, ()) if pair in plain for code in codes)
    most = max(found.values(), default=0)
    return tuple(sorted(code for code, number in found.items() if number == most))


@lru_cache(maxsize=1)
def _institutions() -> _Institutions:
    alone: dict[str, Codes] = {}
    pairs: dict[str, list[tuple[str, Codes]]] = defaultdict(list)
    for line in _LIST.read_text().splitlines():
        codes, _, names = line.partition(":")
        for name in names.split(",") if not line.startswith("#") else ():
            first, _, second = name.strip().partition(" ")
            if second:
                pairs[first].append((f" {first} {second} ", tuple(codes.split())))
            else:
                alone[first] = tuple(codes.split())
    return _Institutions(alone, dict(pairs), frozenset(alone) | frozenset(pairs))
