"""Write the calendar words of the clean stage from CLDR: ``python -m training.clean.calendar``.

Names of months, weekdays, halves of the day and what stands between them ("kl.", "г.", "de"), in every language that
news comes in, as Babel ships them from the Unicode CLDR (Unicode License v3). The table is committed, so that a process
reads one small file and not the locale data of fifty languages.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, localedata

from tasks.clean._calendar import TABLE

LANGUAGES: Final = """
    af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko
    ky lo lt lv mk ml mn mr ms my nb ne nl nn pa pl pt ro ru si sk sl sq sr sr_Latn sv sw ta te th tr uk ur uz vi
    zh zh_Hant
"""
_WIDTHS = ("wide", "abbreviated")
_CONTEXTS = ("format", "stand-alone")
_QUOTED = re.compile(r"'([^']+)'")
_FIELDS = re.compile(r"[A-Za-z]+")
_LETTERS = re.compile(r"[^\W\d_]")
_CLOCKS: Final = "Uhr,uur,klo,kl,ore,ora,orë,heures,horas,hrs,hours,órakor,óra,годин,часов,часа,giờ,saat,ώρα,time"
"""What stands beside the hour of a clock and in no format of CLDR."""
_SEASONS = (1, 7)
_ZONE = re.compile(r"[A-Z]{3,5}")


def _names(known: Mapping[str, Any], number: int) -> str:
    """All forms of one month or weekday."""
    forms = (known[context][width].get(number, "") for context in _CONTEXTS for width in _WIDTHS)
    return ",".join(dict.fromkeys(form.strip() for form in forms if _LETTERS.search(form)))


def _literals(patterns: Iterable[str]) -> set[str]:
    """The words that formats of dates and times have between their fields."""
    words: set[str] = set()
    for pattern in patterns:
        words.update(_QUOTED.findall(pattern))
        words.update(re.findall(r"[^\W\d_]+", _FIELDS.sub(" ", _QUOTED.sub(" ", pattern))))
    return {word.strip() for word in words if _LETTERS.search(word)}


def _ago(locale: Locale) -> set[str]:
    """The words of "three hours ago"."""
    fields = locale._data["date_fields"]  # noqa: SLF001 - Babel formats with them and has no other door to them
    forms = (
        form
        for unit in ("minute", "hour", "day")
        for name in (unit, f"{unit}-short")
        for form in fields.get(name, {}).get("past", {}).values()
    )
    return {word.strip(".") for form in forms for word in form.replace("{0}", " ").split()}


def _rows(language: str) -> Iterator[tuple[str, str, str]]:
    localedata._cache.clear()  # noqa: SLF001 - aliases that one locale resolved stay in data that the next one shares
    locale = Locale.parse(language)
    formats = [str(one) for kind in (locale.date_formats, locale.time_formats) for one in kind.values()]
    formats += [str(one) for one in locale.datetime_formats.values()]
    periods = {form for kind in ("am", "pm") for form in (locale.periods.get(kind),) if form}
    yield language, "months", ";".join(_names(locale.months, number) for number in range(1, 13))
    yield language, "weekdays", ";".join(_names(locale.days, number) for number in range(7))
    yield language, "periods", ",".join(sorted(periods))
    yield language, "between", ",".join(sorted(_literals(formats)))
    yield language, "ago", ",".join(sorted(_ago(locale)))


def _zones() -> str:
    """The abbreviations of time zones that are in use."""
    days = (datetime(2026, month, 1, tzinfo=UTC) for month in _SEASONS)
    found = {day.astimezone(ZoneInfo(name)).tzname() or "" for day in days for name in available_timezones()}
    return ",".join(sorted(name for name in found if _ZONE.fullmatch(name)))


def main() -> int:
    """Write the table."""
    rows = [
        ("*", "zones", _zones()),
        ("*", "clocks", _CLOCKS),
        *(row for language in LANGUAGES.split() for row in _rows(language)),
    ]
    head = "# Calendar words from the Unicode CLDR, by `python -m training.clean.calendar`: language, kind, words.\n"
    Path(TABLE).write_text(head + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
