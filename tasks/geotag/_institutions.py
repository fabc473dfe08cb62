"""The country whose institutions an article speaks of: where a sheriff comes, `Athens` is hardly the one in Greece."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import chain
from typing import Final

from tasks.geotag._coded import coded

_STOPS: Final = '.,;:!?()"”'
Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Institutions:
    """Single words and pairs of words."""

    alone: dict[str, Codes]
    pairs: dict[str, list[tuple[str, str, Codes]]]
    """By their first word: the second, both between spaces, and the codes."""
    words: frozenset[str]
    """All single words and words of pairs: a set meets another ten times faster than the keys of a mapping do."""


def spoken_of(text: str) -> Codes:
    """ISO codes of the countries for which most different words and pairs of words of the text speak."""
    known = _institutions()
    sequence = reduce(lambda rest, stop: rest.replace(stop, " "), _STOPS, text.lower().replace("’", "'")).split()
    met = known.words.intersection(sequence)
    if not met:
        return ()
    pairs = [(pair, codes) for word in met for second, pair, codes in known.pairs.get(word, ()) if second in met]
    plain = f" {' '.join(sequence)} " if pairs else ""
    spoken = [known.alone.get(word, ()) for word in met] + [codes for pair, codes in pairs if pair in plain]
    found: dict[str, int] = defaultdict(int)
    for code in chain.from_iterable(spoken):
        found[code] += 1
    most = max(found.values(), default=0)
    return tuple(sorted(code for code, number in found.items() if number == most))


@lru_cache(maxsize=1)
def _institutions() -> _Institutions:
    alone: dict[str, Codes] = {}
    pairs: dict[str, list[tuple[str, str, Codes]]] = defaultdict(list)
    for codes, names in coded("institutions.txt"):
        for name in names.split(","):
            first, _, second = name.strip().partition(" ")
            if second:
                pairs[first].append((second, f" {first} {second} ", tuple(codes.split())))
            else:
                alone[first] = tuple(codes.split())
    seconds = frozenset(second for known in pairs.values() for second, _, _ in known)
    return _Institutions(alone, dict(pairs), seconds.union(alone, pairs))
