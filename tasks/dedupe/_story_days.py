"""The days that an article speaks of, worked out from its date: in words, or in figures of either order. Pure."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

_MOST_DAYS: Final = 6
_FARTHEST_DAY: Final = 200
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY: Final = re.compile(r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_MONTH: Final = r"(Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_YEAR: Final = r"(?:,? ((?:19|20)\d\d)\b)?"
_DATE: Final = re.compile(rf"\b{_MONTH} (\d{{1,2}})\b{_YEAR}|\b(\d{{1,2}}) {_MONTH}{_YEAR}")
_SLASHED: Final = re.compile(r"\b(\d{1,2})/(\d{1,2})/((?:20)?\d\d)\b")
_DOTTED: Final = re.compile(r"(?<![\w.])(\d{1,2})\. ?(\d{1,2})\. ?(20\d\d)\b")
"""No country that writes points writes the month first."""
_ISO: Final = re.compile(r"\b(20\d\d)[-/](\d\d)[-/](\d\d)\b")
_CENTURY: Final = 2000
_LAST_MONTH: Final = 12
_REPORTED_WITHIN: Final = 3
"""Days from which on a figure does not say the news of the day."""
_NOT_OF_A_COUNTRY: Final = frozenset({"ai", "cc", "co", "fm", "io", "la", "ly", "me", "to", "tv", "ws"})
"""Top-level domains of two letters that are used everywhere."""
_MONTH_FIRST: Final = frozenset({"ca", "ph", "us"})
"""Canada and the Philippines write both orders."""

Figures = tuple[int, int, int]
"""Two numbers of which one is the day and one the month, and the year."""


def days_of(text: str, published: datetime, *, day_first: bool) -> list[int]:
    """Days since 1970 that a text speaks of: the last Tuesday before it was published, the nearest 4 March.

    Or one with its year, in words or figures: reports of long afterwards and pages with a wrong date name it so.

    Args:
        text: What is read of the article.
        published: When it was published.
        day_first: How figures are read where neither the text nor that day tells their order.
    """
    today = published.astimezone(UTC).date()
    found = [today - timedelta((today.weekday() - _place(name, _WEEKDAYS)) % 7) for name in _WEEKDAY.findall(text)]
    for month, day, year, other_day, other_month, other_year in _DATE.findall(text):
        month_number, told_year = _place(month or other_month, _MONTHS) + 1, year or other_year
        number = int(day or other_day)
        said = _day(int(told_year), month_number, number) if told_year else _nearest(today, month_number, number)
        found += [said] if said else []
    found += _in_figures(text, today, day_first=day_first)
    return [(day - date(1970, 1, 1)).days for day in dict.fromkeys(found)][:_MOST_DAYS]


def writes_day_first(language: str | None, host: str | None) -> bool:
    """Whether 3/4/2026 is in April there, as a rule: in all languages but English, in most countries that speak it."""
    if language not in {None, "en"}:
        return True
    country = (host or "").rpartition(".")[2].lower()
    return len(country) == 2 and country not in _NOT_OF_A_COUNTRY | _MONTH_FIRST  # noqa: PLR2004 - ISO 3166-1 alpha-2


def _in_figures(text: str, today: date, *, day_first: bool) -> Iterator[date]:
    """ISO 8601, points, or strokes in the order that the article shows; what would be no day in it is none."""
    slashed = [_figures(*numbers) for numbers in _SLASHED.findall(text)]
    order = _order_shown(slashed, today)
    readings = [_read(figures, day_first=day_first if order is None else order) for figures in slashed]
    readings += [_read(_figures(*numbers), day_first=True) for numbers in _DOTTED.findall(text)]
    readings += [_day(int(year), int(month), int(day)) for year, month, day in _ISO.findall(text)]
    yield from (day for day in readings if day)


def _figures(first: str, second: str, year: str) -> Figures:
    return int(first), int(second), int(year) % 100 + _CENTURY


def _order_shown(slashed: Sequence[Figures], today: date) -> bool | None:
    """Whether the day stands first: by figures above twelve, else by which reading is the news of the day."""
    shown = {first > _LAST_MONTH for first, second, _ in slashed if (first > _LAST_MONTH) != (second > _LAST_MONTH)}
    if not shown:
        orders = (True, False)
        shown = {order for order in orders for one in slashed if _is_news(_read(one, day_first=order), today)}
    return shown.pop() if len(shown) == 1 else None


def _is_news(day: date | None, today: date) -> bool:
    return day is not None and abs(day - today) <= timedelta(_REPORTED_WITHIN)


def _read(figures: Figures, *, day_first: bool) -> date | None:
    first, second, year = figures
    return _day(year, second, first) if day_first else _day(year, first, second)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 30 February, or a year before the first
        return None


def _place(name: str, names: tuple[str, ...]) -> int:
    return names.index(name[:3].lower())


def _nearest(today: date, month: int, day: int) -> date | None:
    years = (today.year - 1, today.year, today.year + 1)
    candidates = [found for year in years if (found := _day(year, month, day))]
    near = min(candidates, key=lambda candidate: abs(candidate - today), default=today)
    return near if candidates and abs(near - today) < timedelta(_FARTHEST_DAY) else None
