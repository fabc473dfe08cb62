"""What recognizers from elsewhere have in common: their labels as ours, and long texts in pieces that they can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from schemas import Label
from tasks.entities.recognizer import FACILITY, Span


class Kind(NamedTuple):
    """A label of ours and its subtype."""

    label: Label
    subtype: str | None = None


def pieces(text: str, size: int) -> Iterator[tuple[int, str]]:
    """Cut `text` into pieces of at most `size` characters, with the place of each: at line ends, else sentence ends."""
    start = 0
    while start < len(text):
        end = _end(text, start, start + size)
        yield start, text[start:end]
        start = end


def _end(text: str, start: int, limit: int) -> int:
    if limit >= len(text):
        return len(text)
    for mark in ("\n", ". ", " "):
        found = text.rfind(mark, start, limit)
        if found > start:
            return found + len(mark)
    return limit


def ours(found: Iterable[tuple[int, int, str]], kinds: Mapping[str, Kind]) -> list[Span]:
    """Return the found `(start, end, label)` as spans in order and apart; labels that we do not have are left out."""
    spans: list[Span] = []
    for start, end, label in sorted(found, key=lambda one: (one[0], -one[1])):
        kind = kinds.get(label)
        if kind and start < end and (not spans or start >= spans[-1].end):
            spans.append(Span(start, end, kind.label, kind.subtype))
    return spans


PLACE = Kind(Label.LOC)
BUILDING = Kind(Label.LOC, FACILITY)
