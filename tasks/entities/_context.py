"""What a sentence tells about a date in it: the day it was published, and whether it looks back or forward."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

_CUE = re.compile(
    r"\b(?P<future>(?:will|shall|to|must|can|may|might|should)(?:\s(?:not|also|then))?\sbe\s\w+"
    r"|will|won['’]t|shall|going to|set to|due|scheduled|expected|slated|poised|plans? to|(?:is|are) to"
    r"|expects?|(?:hopes?|aims?|intends?)\sto|to be|should|would|might|upcoming|next)\b"
    r"|(?P<later>['’]ll)\b"
    r"|\b(?P<reported>said|says|told|announced|reported|wrote|added|confirmed|warned)\b"
    r"|\b(?P<past>was|were|had|did|since|took|met|won|lost|fell|rose|began|came|went|left|held|hit"
    r"|struck|shot|found|fought|spoke|gave|became|led|sent|saw|ran|broke|died|[a-z]{3,}(?<!ne)(?<!spe)(?<!se)ed)\b",
    re.IGNORECASE,
)
"""Words of the future are tried first: "scheduled" is one of them and no past tense here."""

_OPEN_ENDED = re.compile(r"\b(?:by|until|till|before|from)\s+$", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?:the|a|first|second|third|fourth|last|every|each|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\s?(?:through|to|[–-]))"
    r"\s?$",
    re.IGNORECASE,
)
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
        cue = self._cue
        if cue is None:
            return Direction.UNKNOWN
        return Direction.PAST if cue["past"] or cue["reported"] else Direction.FUTURE

    @property
    def _cue(self) -> re.Match[str] | None:
        cues = [*_CUE.finditer(self.before)][-1:] or [*_CUE.finditer(self.after)][:1]
        return cues[0] if cues else None

    @property
    def looks_back(self) -> bool:
        """Whether the sentence tells what happened; "he said the vote is on June 10" only tells what was said."""
        cue = self._cue
        return cue is not None and bool(cue["past"])

    @property
    def is_counted(self) -> bool:
        """Whether it is one of many: "the first Monday of a month", "Monday through Friday", "the last year of it"."""
        return bool(_COUNTED.search(self.before))

    @property
    def is_open_ended(self) -> bool:
        """Whether the date is only where something begins or ends: "by Friday" looks both ways."""
        return bool(_OPEN_ENDED.search(self.before))
