"""When a page was published: times in any form that content systems write, and a day guessed from visible text."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from dateutil import parser as dates
from htmldate import find_date
from lxml.html import HtmlElement

_YEARS = range(1600, 2200)
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
"""The abbreviations of RFC 2822. IST, BST and the like name several zones each."""
_URL_DATE = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:/|-|$)")
_EPOCH = ("1969-12-31", "1970-01-01")
"""What a content system writes where it has no date."""
_LAST_DAY = "2099-12-31"


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """The zone of a time. An abbreviation that is not one of North America's is ambiguous, and no zone."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    hours = _ZONES.get(name or "")
    return None if hours is None else timezone(timedelta(hours=hours))


def first_moment(values: Iterable[str]) -> tuple[datetime | None, bool]:
    """The first value that is a date, and whether its zone had to be assumed."""
    for value in values:
        try:
            moment = dates.parse(value.strip()[:100], tzinfos=_zone)
        except (ValueError, OverflowError, TypeError):
            continue
        if moment.year not in _YEARS or moment.date().isoformat() in _EPOCH or not any(map(str.isdigit, value)):
            continue
        return (moment.replace(tzinfo=UTC), True) if moment.tzinfo is None else (moment, False)
    return None, False


def visible_dates(tree: HtmlElement, below_headline: Sequence[str], url: str | None) -> list[str]:
    """The times below the headline, else the page's first time element; then the date in its address."""
    element = tree.find(".//time[@datetime]")
    dated = _URL_DATE.search(url or "")
    first = [] if element is None else [element.get("datetime")]
    return [*below_headline, *first, *(["-".join(dated.groups())] if dated else [])]


def guessed_day(tree: HtmlElement, url: str | None) -> datetime | None:
    """A day from the visible text. The fixed bound keeps the answer from depending on the day on which it is asked."""
    try:
        day = find_date(tree, extensive_search=False, original_date=True, url=url, max_date=_LAST_DAY)
    except Exception:  # noqa: BLE001 - it parses whatever looks like a date, and raises what its parsers raise
        return None
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
