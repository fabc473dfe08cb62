"""How English writes the parts of a date, and reckoning with months; ISO 8601 comes out."""

from __future__ import annotations

import re
from calendar import day_name, month_name
from collections.abc import Callable
from datetime import date

from tasks.entities._context import Context

MONTH = (
    r"(?:January|Jan\.?|February|Feb\.?|March|Mar\.?|April|Apr\.?|May|June|Jun\.?|July|Jul\.?|August|Aug\.?"
    r"|September|Sept?\.?|October|Oct\.?|November|Nov\.?|December|Dec\.?)"
)
WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
YEAR = r"(?:1\d|20)\d\d"
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"

MONTHS = {name[:3].lower(): number for number, name in enumerate(month_name) if name}
WEEKDAYS = {name.lower(): number for number, name in enumerate(day_name)}
MONTHS_A_YEAR, DAYS_A_WEEK = 12, 7

Reader = Callable[[re.Match[str], Context], str | None]
"""Says what a match of its pattern means in its context, or nothing where that is unclear."""


def month_of(year: int, month: int) -> str:
    """Write a month, `2024-11`."""
    return date(year, month, 1).isoformat()[: len("2024-11")]


def shifted(published: date, months: int) -> str:
    """Return the month so many months after that of a day."""
    years, month = divmod(published.month - 1 + months, MONTHS_A_YEAR)
    return month_of(published.year + years, month + 1)


def span(start: str, end: str) -> str | None:
    """Join two of one precision, the earlier first."""
    return f"{start}/{end}" if len(start) == len(end) and start < end else None
