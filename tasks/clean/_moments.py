"""When a page was published: times in any form that content systems write, and a day guessed from visible text."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import islice

from dateutil import parser as dates
from htmldate import find_date
from lxml.etree import XPath
from lxml.html import HtmlElement

from tasks.clean._calendar import read_day

_DATE_CHARS = 100
_YEARS = range(1600, 2200)
_ZONES = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8,
    "HST": -10, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2,
    "WIB": 7, "HKT": 8, "SGT": 8, "PHT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
"""The abbreviations of RFC 2822, and others that name one zone. IST, BST and the like name several each."""
_URL_DATE = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:/|-|$)")
_AMERICAN = re.compile(r"(?<!\d)\d{1,2}/\d{1,2}/20\d{2},? \d{1,2}:\d{2}(?::\d{2})? ?[AP]M [ECMP][SD]T")
_MARKED = XPath(
    "//*[self::abbr or self::time or self::span or self::a or self::div or self::p]"
    "[contains(concat(@itemprop, ' ', @class), 'datePublished') or contains(@class, 'published')]"
)
_SINCE_EPOCH = re.compile(r"[1-9]\d{9}(?:\d{3})?")
_EPOCH = ("1969-12-31", "1970-01-01")
"""What a content system writes where it has no date."""
_LAST_DAY = "2099-12-31"


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """The zone of a time. An abbreviation that several zones share is none."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    hours = _ZONES.get(name or "")
    return None if hours is None else timezone(timedelta(hours=hours))


def _parsed(value: str) -> datetime | None:
    """A time as content systems write it, seconds or milliseconds since 1970 among it; or in words, in any language."""
    if _SINCE_EPOCH.fullmatch(value):
        return datetime.fromtimestamp(int(value[:10]), UTC)
    for read in (str, read_day):
        try:
            return dates.parse(read(value) or "", tzinfos=_zone)
        except (ValueError, OverflowError, TypeError):
            continue
    return None


def first_moment(values: Iterable[str]) -> tuple[datetime | None, bool]:
    """The first value that is a date, and whether its zone had to be assumed."""
    for value in values:
        moment = _parsed(value.strip()[:_DATE_CHARS])
        if moment is None:
            continue
        if moment.year not in _YEARS or moment.date().isoformat() in _EPOCH or not any(map(str.isdigit, value)):
            continue
        return (moment.replace(tzinfo=UTC), True) if moment.tzinfo is None else (moment, False)
    return None, False


def zone_of(values: Iterable[str]) -> tzinfo | None:
    """The zone that other times of a page are in, if it is not UTC: those without a zone are in the same."""
    for value in values:
        moment = _parsed(value.strip()[:_DATE_CHARS])
        if moment is not None and moment.utcoffset():
            return moment.tzinfo
    return None


def visible_dates(tree: HtmlElement, below_headline: Sequence[str], url: str | None) -> list[str]:
    """The times below the headline, else the page's first time element; then the date in its address."""
    element = tree.find(".//time[@datetime]")
    dated = _URL_DATE.search(url or "")
    first = [] if element is None else [element.get("datetime")]
    return [*below_headline, *_marked_dates(tree), *first, *(["-".join(dated.groups())] if dated else [])]


def _marked_dates(tree: HtmlElement) -> list[str]:
    """What the page marks as its date in microdata or as an hAtom entry: "7:45 AM", with the whole of it beside."""
    for element in _MARKED(tree):
        marks = f"{element.get('itemprop') or ''} {element.get('class') or ''}".split()
        if "datePublished" in marks or ("published" in marks and element.tag == "abbr"):
            values = (element.get(name) for name in ("content", "datetime", "title"))
            return list(filter(None, values))[:1]
    return []


def american_stamps(tree: HtmlElement) -> list[str]:
    """Times in figures that only North America writes: the month stands first where a clock of its zones says so."""
    return [match[0] for match in islice(_AMERICAN.finditer(tree.text_content()), 1)]


def guessed_day(tree: HtmlElement, url: str | None) -> datetime | None:
    """A day from the visible text. The fixed bound keeps the answer from depending on the day on which it is asked."""
    try:
        day = find_date(tree, extensive_search=False, original_date=True, url=url, max_date=_LAST_DAY)
    except Exception:  # noqa: BLE001 - it parses whatever looks like a date, and raises what its parsers raise
        return None
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
