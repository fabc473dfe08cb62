"""When a text says that it was published: a line like "Published: 14:32, 23 November 2026" that the rules took out."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from schemas import Removed
from tasks.clean._calendar import read_day
from tasks.clean._fields import RULE as FIELDS
from tasks.clean._moments import first_moment

TIME_STAMPS = frozenset({"time_stamp_alone", "time_stamp", "time_stamp_alone_elsewhere", "time_stamp_elsewhere"})
"""The rules that take out lines with the time of publication."""
_RULES = TIME_STAMPS | {FIELDS}
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_DAY = rf"(?:{_MONTH}\s{_NUMBER},?\s\d{{4}}|{_NUMBER}\s{_MONTH},?\s\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})"
_CLOCK = r"\d{1,2}[:.]\d{2}(?::\d{2})?\s?(?:[ap]\.?m\.?)?(?:\s(?:gmt|utc|e[sd]t|c[sd]t|m[sd]t|p[sd]t))?"
_WHEN = re.compile(
    rf"(?P<said>[a-z]+)?(?:\s(?:on|at))?\s?:?\s?(?:[a-z]+day,?\s)?(?:(?P<before>{_CLOCK}),?\s(?:on\s)?)?"
    rf"(?P<day>{_DAY})(?:[\s,|–-]+(?:at\s)?(?P<after>{_CLOCK}))?",
    re.IGNORECASE,
)
"""Days whose month is a word, or ISO 8601: 3/4/2026 is another day on the other side of the Atlantic."""
_HEAD_CHARS = 500
"""Dates that stand further down are those of other articles."""
_LATER = frozenset({"updated", "modified", "amended", "edited"})


def read_stamp(removed: Iterable[Removed]) -> tuple[datetime | None, bool]:
    """The time of publication in lines taken off the head of a text, and whether its zone had to be assumed.

    What follows "Updated" or "Modified" is not it.
    """
    return first_moment(_times(one.text for one in removed if one.rule in _RULES and one.start <= _HEAD_CHARS))


def _times(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if not line.isascii() and (day := read_day(line)):
            yield day
        for match in _WHEN.finditer(line):
            if (match["said"] or "").lower() not in _LATER:
                clock = match["before"] or match["after"] or ""
                yield f"{match['day']} {clock.replace('.', ':') if clock[-1:].isdigit() else clock}".strip()
