"""What names nothing of its own: quotations of shares, speakers' initials, offices alone, words in lower case."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from schemas import Label
from tasks.entities._names import fold, listed
from tasks.entities._rules import Passage, Passages
from tasks.entities.recognizer import Span

_QUOTED = re.compile(r"\((?:[A-Z][A-Za-z]{1,8}(?:\s[A-Z][a-z]+)?:\s?[A-Z0-9.]{1,6}(?:-[A-Z])?(?:[;,]\s)?){1,4}\)")
"""Where a company's shares are quoted and as what: "(NYSE: XOM)", "(Nasdaq: GOOG; LSE: BP.)"."""
_SPEAKER = re.compile(r"^(?P<initials>[A-Z]{2,3}):(?=\s)", re.MULTILINE)
_WRITTEN_LARGE = frozenset({Label.PERSON, Label.ORG})
"""Who writes places small beside other words means them all the same: half of those in EWT (development) are places."""
_OFFICES = listed("taoiseach tanaiste")
"""Offices that the news writes like names."""


def drop_no_names(passages: Passages) -> Passages:
    """Leave out quotations of shares, initials of who speaks in an interview, and words in lower case ("the union").

    Where a text is written in lower case altogether, its names are as well.
    """
    initials = set(_initials(passages))
    return [passage._replace(spans=_names_only(passage, initials)) for passage in passages]


def _initials(passages: Passages) -> Iterator[str]:
    for passage in passages:
        for span in passage.spans:
            if span.label is Label.PERSON:
                yield "".join(word[0] for word in fold(passage.text[span.start : span.end]).split()).upper()


def _names_only(passage: Passage, initials: set[str]) -> list[Span]:
    speakers = (match for match in _SPEAKER.finditer(passage.text) if match["initials"] in initials)
    marks = sorted(match.span() for match in (*speakers, *_QUOTED.finditer(passage.text)))
    is_cased = any(map(str.isupper, passage.text))
    return [
        span
        for span in passage.spans
        if not (_is_marked(span, marks) or _is_office(passage, span) or (is_cased and _is_lower(passage, span)))
    ]


def _is_lower(passage: Passage, span: Span) -> bool:
    """Whether a name has no capital letter and no sign or digit: "union", not "al-Qaeda", "3M" or a Chinese name."""
    surface = passage.text[span.start : span.end]
    return span.label in _WRITTEN_LARGE and surface.islower() and surface.replace(" ", "").isalpha()


def _is_marked(span: Span, marks: list[tuple[int, int]]) -> bool:
    before = bisect_right(marks, span.start, key=lambda mark: mark[0]) - 1
    return before >= 0 and span.end <= marks[before][1]


def _is_office(passage: Passage, span: Span) -> bool:
    return fold(passage.text[span.start : span.end]) in _OFFICES
