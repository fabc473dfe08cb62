"""Dates that are told from the day of publication: weekdays, "yesterday", "last week", "three days ago"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tasks.entities._calendar import DAYS_A_WEEK, WEEKDAYS, shifted, span
from tasks.entities._context import Context, Direction
from tasks.entities._names import NUMBERS

_DAYS = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1, "last night": -1}
_STEPS = {"last": -1, "this": 0, "next": 1}


def weekday(match: re.Match[str], context: Context) -> str | None:
    """Take the day within a week: the one that was, or the one to come if the sentence looks forward."""
    named, today = WEEKDAYS[match["weekday"].lower()], context.published.weekday()
    which = (match["which"] or "").lower()
    if which in ("last", "next", "this"):
        return _named_weekday(which, named - today, context.published)
    if (context.is_open_ended or context.is_counted) and not which:
        return None
    ahead = (named - today) % DAYS_A_WEEK
    if context.direction is not Direction.FUTURE and ahead:
        ahead -= DAYS_A_WEEK
    return (context.published + timedelta(days=ahead)).isoformat()


def _named_weekday(which: str, ahead: int, published: date) -> str | None:
    """Take "last Friday" on a Tuesday, when there was none this week; on a Saturday it may be yesterday's.

    So "next Monday"; "this Thursday" is the one of this week that is still to come.
    """
    if which == "this":
        return (published + timedelta(days=ahead)).isoformat() if ahead >= 0 else None
    if (ahead < 0) == (which == "last") and ahead:
        return None
    return (published + timedelta(days=ahead + (DAYS_A_WEEK if which == "next" else -DAYS_A_WEEK))).isoformat()


def relative_day(match: re.Match[str], context: Context) -> str:
    """Count a day or night from the day of publication."""
    return (context.published + timedelta(days=_DAYS[match["day"].lower()])).isoformat()


def relative(match: re.Match[str], context: Context) -> str | None:
    """Count from the day of publication; "the next week" and "the last year of his contract" do not."""
    if context.is_counted:
        return None
    return _moved(match["unit"].lower(), _STEPS[match["which"].lower()], context.published)


def ago(match: re.Match[str], context: Context) -> str | None:
    """Count back from the day of publication, as exactly as the unit is: "two years ago" is a year.

    What lies before the year 1, "40,000 years ago", has no date.
    """
    count = match["count"].lower()
    steps = NUMBERS[count] if count in NUMBERS else int(count.replace(",", ""))
    try:
        return _moved(match["unit"].lower(), -steps, context.published)
    except (OverflowError, ValueError):
        return None


def _moved(unit: str, steps: int, published: date) -> str | None:
    if unit == "year":
        return date(published.year + steps, 1, 1).isoformat()[: len("2024")]
    if unit == "month":
        return shifted(published, steps)
    if unit == "day":
        return (published + timedelta(days=steps)).isoformat()
    monday = published + timedelta(weeks=steps, days=-published.weekday())
    return span(monday.isoformat(), (monday + timedelta(days=DAYS_A_WEEK - 1)).isoformat())
