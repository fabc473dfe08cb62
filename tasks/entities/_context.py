"""What a sentence tells about a date in it: the day it was published, and whether it looks back or forward."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

_CUE = re.compile(
    r"\b(?P<future>will|won['’]t|shall|going to|set to|due|scheduled|expected|plans? to|upcoming|next)\b"
    r"|(?P<later>['’]ll)\b"
    r"|\b(?P<past>said|says|told|announced|reported|wrote|added|confirmed|warned|was|were|had|did|since)\b",
    re.IGNORECASE,
)
_OPEN_ENDED = re.compile(r"\b(?:by|until|till|before|from)\s+$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]['\"’”]?\s+(?=[\"“‘']?[A-Z])|\n")
_REACH = 160
"""Characters before and after a date that are searched for words of past and future."""


class Direction(Enum):
    """Which way from the day of publication the sentence looks."""

    PAST = -1
    UNKNOWN = 0
    FUTURE = 1


@dataclass(frozen=True, slots=True)
class Context:
    """The day on which the article was published, and what stands around the date in its sentence."""

    published: date
    before: str = ""
    after: str = ""

    @classmethod
    def around(cls, text: str, start: int, end: int, published: date) -> Context:
        """Cut what stands near `text[start:end]` at the ends of its sentence."""
        before = _SENTENCE_END.split(text[max(0, start - _REACH) : start])[-1]
        after = _SENTENCE_END.split(text[end : end + _REACH])[0]
        return cls(published, before, after)

    @property
    def direction(self) -> Direction:
        """Follow the last cue before the date, else the first one after it."""
        cues = [*_CUE.finditer(self.before)][-1:] or [*_CUE.finditer(self.after)][:1]
        if not cues:
            return Direction.UNKNOWN
        return Direction.PAST if cues[0]["past"] else Direction.FUTURE

    @property
    def is_open_ended(self) -> bool:
        """Whether the date is only where something begins or ends: "by Friday" looks both ways."""
        return bool(_OPEN_ENDED.search(self.before))
