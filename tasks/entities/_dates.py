"""What a date in an article says, against the day on which it was published: ISO 8601, or nothing where it is unclear.

An ordered list of readings; the first whose pattern is the whole expression decides. A day, a month or a year is
written as such (`2024-11-12`, `2024-11`, `2024`), anything longer as an interval of its first and last one
(`2024-11-04/2024-11-10`). Which choices this rests on is told in the stage's README.
"""

from __future__ import annotations

import re
from datetime import date

from tasks.entities._calendar import (
    DAY,
    MONTH,
    MONTHS,
    MONTHS_A_YEAR,
    WEEKDAY,
    WEEKDAYS,
    YEAR,
    Reader,
    month_of,
    shifted,
    span,
)
from tasks.entities._context import Context, Direction
from tasks.entities._names import NUMBERS
from tasks.entities._relative_dates import ago, relative, relative_day, weekday

FEAST = (
    r"(?:New\sYear['’]?s\s(?:Day|Eve)|Valentine['’]?s\sDay|St\.?\sPatrick['’]?s\sDay|Juneteenth|Halloween"
    r"|Christmas\s(?:Day|Eve)|Boxing\sDay)"
)

_LAST_MONTH = 12

_UNCLEAR_DAYS = range(152, 214)
"""Five to seven months away, either year is about as near: without a word that decides, the day stays open."""

_SOON = 60
"""Days ahead beyond which "They began on August 5", told in March, may be last year's; the day stays open."""

_UNCLEAR_MONTHS = 5
_SOON_MONTHS = 2
_NEAR_MONTHS = 3
"""In December, "last November" may be this year's or the one before; so for months nearer than this."""

_LEADING = re.compile(r"(?:(?:on|in|during|since|the|early|late|mid|earlier|later)[\s-]+)+", re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"(?<!^last)\s(?:morning|afternoon|evening|night)$|['’]s?$", re.IGNORECASE)
_KNOWN_DAYS = {
    (9, 11): (date(2001, 9, 11), re.compile(r"\s(?:terror(?:ist)?\s)?(?:attack|hijack|terror|victim)", re.IGNORECASE)),
    (1, 6): (date(2021, 1, 6), re.compile(r"\s(?:attack|riot|insurrection|defendant|committee)", re.IGNORECASE)),
    (10, 7): (date(2023, 10, 7), re.compile(r"\s(?:attack|massacre|assault|hostage)", re.IGNORECASE)),
}
"""Days that the news names without their year, by the word that follows: the Sept. 11 attacks are those of 2001."""

_BETWEEN = re.compile(r"\s+(?:to|and|through|until)\s+|\s*[–—-]\s*")
_ENDS_IN_YEAR = re.compile(rf"\b({YEAR})$")


def resolve_date(surface: str, context: Context) -> str | None:
    """Return what a date expression says, or nothing where it is no date or leaves a choice."""
    text = _bare(surface)
    try:
        for pattern, read in READINGS:
            if match := pattern.fullmatch(text):
                return read(match, context)
        return _interval(text, context)
    except (ValueError, OverflowError):  # February 30
        return None


def _bare(surface: str) -> str:
    text = _TIME_OF_DAY.sub("", " ".join(surface.split()))
    lead = _LEADING.match(text)
    return text[lead.end() :] if lead else text


def _number_ofmonth_of(name: str) -> int:
    return MONTHS[name[:3].lower()]


def _number_of_day(written: str) -> int:
    return int(written.rstrip("stndrh"))


def _calendar_date(match: re.Match[str], _: Context) -> str:
    return date(int(match["year"]), int(match["month"]), int(match["day"])).isoformat()


def _written_date(match: re.Match[str], context: Context) -> str | None:
    month, day = _number_ofmonth_of(match["month"]), _number_of_day(match["day"])
    found = date(int(match["year"]), month, day) if match["year"] else _nearest(month, day, match["weekday"], context)
    if match["year"] is None and (known := _known(month, day, context)):
        return known.isoformat()
    if found is None:
        return None
    first = found.isoformat()
    if last := match.groupdict().get("last"):
        return span(first, found.replace(day=_number_of_day(last)).isoformat())
    return first


def _known(month: int, day: int, context: Context) -> date | None:
    known, follows = _KNOWN_DAYS.get((month, day), (date.max, None))
    return known if follows and known < context.published and follows.match(context.after) else None


def _nearest(month: int, day: int, weekday: str | None, context: Context) -> date | None:
    """Find the year of a day without one: the nearest, and the one in which the weekday is right."""
    days = [found for year in (-1, 0, 1) if (found := _day(context.published.year + year, month, day))]
    if weekday:
        days = [found for found in days if found.weekday() == WEEKDAYS[weekday.lower()]]
        return days[0] if len(days) == 1 else None
    distances = {abs((found - context.published).days): found for found in days}
    if not distances:
        return None
    if min(distances) in _UNCLEAR_DAYS:
        return _towards(days, context)
    nearest = distances[min(distances)]
    return None if context.looks_back and (nearest - context.published).days > _SOON else nearest


def _towards(days: list[date], context: Context) -> date | None:
    if context.direction is Direction.FUTURE:
        return min((found for found in days if found >= context.published), default=None)
    if context.direction is Direction.PAST:
        return max((found for found in days if found <= context.published), default=None)
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _numbers(match: re.Match[str], _: Context) -> str | None:
    """Read 25/12/2024 and 12/25/2024; 3/4/2024 is April in Britain and March in America."""
    one, other, year = int(match["one"]), int(match["other"]), int(match["year"])
    if one == other or other > _LAST_MONTH:
        return date(year, one, other).isoformat()
    return date(year, other, one).isoformat() if one > _LAST_MONTH else None


def _month_of_year(match: re.Match[str], _: Context) -> str:
    return month_of(int(match["year"]), _number_ofmonth_of(match["month"]))


def _month_alone(match: re.Match[str], context: Context) -> str | None:
    month, published = _number_ofmonth_of(match["month"]), context.published
    ahead = (month - published.month) % MONTHS_A_YEAR
    if match["which"]:
        return _named_month(match["which"].lower(), month, ahead, published)
    behind = MONTHS_A_YEAR - ahead
    if _SOON_MONTHS < ahead < _UNCLEAR_MONTHS and context.looks_back:
        return None
    if min(ahead, behind) < _UNCLEAR_MONTHS:
        return shifted(published, ahead if ahead < behind else -behind)
    if context.direction is Direction.UNKNOWN:
        return None
    return shifted(published, ahead if context.direction is Direction.FUTURE else -behind)


def _named_month(which: str, month: int, ahead: int, published: date) -> str | None:
    if which == "this":
        return month_of(published.year, month)
    distance = (ahead if which == "next" else MONTHS_A_YEAR - ahead) or MONTHS_A_YEAR
    if distance < _NEAR_MONTHS:
        return None
    return shifted(published, distance if which == "next" else -distance)


def _year(match: re.Match[str], _: Context) -> str:
    return match["year"]


def _decade(match: re.Match[str], _: Context) -> str:
    first = int(match["year"])
    return f"{first}/{first + 9}" if first % 100 else f"{first}/{first + 99}"


def _century(match: re.Match[str], _: Context) -> str | None:
    number = int(match["number"])
    return f"{number * 100 - 99:04}/{number * 100:04}" if 1 <= number <= 21 else None  # noqa: PLR2004 - centuries


def _years(match: re.Match[str], _: Context) -> str | None:
    first, last = match["first"], match["last"]
    return span(first, first[: len(first) - len(last)] + last)


def _half(match: re.Match[str], _: Context) -> str:
    year, is_first = match["year"], match["which"].lower() == "first"
    return f"{year}-01/{year}-06" if is_first else f"{year}-07/{year}-12"


_FEASTS = {
    "new year": (1, 1), "valentine": (2, 14), "st patrick": (3, 17), "st. patrick": (3, 17), "juneteenth": (6, 19),
    "halloween": (10, 31), "christmas eve": (12, 24), "christmas day": (12, 25), "boxing": (12, 26),
}  # fmt: skip
"""Feasts that have one day in every country, by the beginning of their names; "Christmas" alone is a season."""


def _feast(match: re.Match[str], context: Context) -> str | None:
    name = match["feast"].lower()
    if match["feast"].lower().endswith("eve") and name.startswith("new year"):
        month, day = 12, 31
    else:
        month, day = next(day for beginning, day in _FEASTS.items() if name.startswith(beginning))
    if match["year"]:
        return date(int(match["year"]), month, day).isoformat()
    found = _nearest(month, day, None, context)
    return found.isoformat() if found else None


def _interval(text: str, context: Context) -> str | None:
    """Read "June 5 to July 7, 2023"; the first part takes the last one's year."""
    parts = _BETWEEN.split(text.removeprefix("between ").removeprefix("from "))
    if len(parts) != 2:  # noqa: PLR2004 - a first and a last
        return None
    first, last = parts
    if (year := _ENDS_IN_YEAR.search(last)) and not _ENDS_IN_YEAR.search(first):
        first = f"{first} {year[1]}"
    start, end = (resolve_date(part, context) for part in (first, last))
    return span(start, end) if start and end else None


COUNT = r"(?:\d{1,3}(?:,\d{3})*)"
"""A number in digits, with commas between thousands."""


def _reading(pattern: str, read: Reader) -> tuple[re.Pattern[str], Reader]:
    return re.compile(pattern, re.IGNORECASE), read


_NAMED_DAY = rf"(?:(?P<weekday>{WEEKDAY}),?\s(?:the\s)?)?"
_LAST_DAY = rf"(?:\s?[–—-]\s?(?P<last>{DAY}))?"
READINGS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    _reading(rf"(?P<year>{YEAR})-(?P<month>\d\d)-(?P<day>\d\d)", _calendar_date),
    _reading(rf"{_NAMED_DAY}(?P<month>{MONTH})\s(?P<day>{DAY}){_LAST_DAY}(?:,?\s(?P<year>{YEAR}))?", _written_date),
    _reading(
        rf"{_NAMED_DAY}(?P<day>{DAY}){_LAST_DAY}\s(?:of\s)?(?P<month>{MONTH})(?:,?\s(?P<year>{YEAR}))?", _written_date
    ),
    _reading(rf"(?P<one>\d\d?)[/.](?P<other>\d\d?)[/.](?P<year>{YEAR})", _numbers),
    _reading(rf"(?P<month>{MONTH})(?:\sof|,)?\s(?P<year>{YEAR})", _month_of_year),
    _reading(rf"(?:(?P<which>last|this|next)\s)?(?P<month>{MONTH})", _month_alone),
    _reading(rf"(?P<year>{YEAR})", _year),
    _reading(rf"(?P<first>{YEAR})\s?[–—-]\s?(?P<last>\d\d|{YEAR})", _years),
    _reading(r"(?P<year>(?:1\d|20)\d0)['’]?s", _decade),
    _reading(r"(?P<number>\d\d?)(?:st|nd|rd|th)[\s-]century", _century),
    _reading(rf"(?P<which>first|second)\shalf\sof\s(?P<year>{YEAR})", _half),
    _reading(rf"(?P<feast>{FEAST})(?:,?\s(?P<year>{YEAR}))?", _feast),
    _reading(rf"(?:(?P<which>this past|last|this|next)\s)?(?P<weekday>{WEEKDAY})", weekday),
    _reading(r"(?P<day>today|tonight|yesterday|tomorrow|last night)", relative_day),
    _reading(r"(?P<which>last|this|next)\s(?P<unit>week|month|year)", relative),
    _reading(rf"(?P<count>{COUNT}|{'|'.join(NUMBERS)})\s(?P<unit>day|week|month|year)s?\sago", ago),
)
"""What dates are written like, the narrowest first."""
