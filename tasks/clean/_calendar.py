"""Days and times as sites of any language write them: months, weekdays and what stands between, from CLDR.

The table is made by `training.clean.calendar`. What a line says is decided by its words alone: one that consists of
numbers, calendar words and words of two letters, and that has a day, is a stamp, in whatever order its language writes.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from tasks.clean._folding import Folded, fold, fold_text

TABLE: Final = Path(__file__).parent / "data" / "calendar.tsv"
_YEARS = range(1900, 2100)
_OTHER_ERAS = (range(1350, 1500), range(2500, 2650))
"""Years of the Persian and the Thai calendar: a stamp, but no day that could be read."""
_DAYS = range(1, 32)
_HOURS = range(24)
_LONG_NUMBER = 4
_SHORT_WORD = 2
_BETWEEN_CHARS = 3
_MIN_NUMBERS = 3
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2(\d{2})(?!\d|[./-])")
_CLOCK = re.compile(r"(?<!\d)(?<!\d[.:])(\d{1,2})\s?[:.h時點点시]\s?(\d{2})(?!\d|[.:/]\d)")
_NUMERIC = (
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<by>[./-])\s?(?P<month>\d{1,2})(?P=by)\s?(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>(?:19|20)\d{2})(?!\d)"),
)
"""Figures that only one order can mean: the year first, or dots, which no country writes with the month first."""


class Words(NamedTuple):
    """Folded words of the calendar. ``months`` has the numbers of the months that a word names in some language."""

    months: dict[str, frozenset[int]]
    others: frozenset[str]
    ago: frozenset[str]
    afternoon: frozenset[str]


def _words(text: str) -> Sequence[str]:
    return [word for word in fold(text).words if not word.isdigit()]


@lru_cache(maxsize=1)
def calendar_words() -> Words:
    """The table, read once."""
    months: defaultdict[str, set[int]] = defaultdict(set)
    others: set[str] = set()
    ago: set[str] = set()
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        _, kind, values = line.split("\t")
        if kind == "months":
            for number, names in enumerate(values.split(";"), start=1):
                for name in names.split(","):
                    words = _words(name)
                    if len(words) == 1 and len(words[0]) > 1:
                        months[words[0]].add(number)
                    others.update(words)
        else:
            (ago if kind == "ago" else others).update(_words(values.replace(";", " ").replace(",", " ")))
    afternoon = frozenset(map(fold_text, ("pm", "μμ", "오후", "下午", "午後")))
    return Words(
        {word: frozenset(found) for word, found in months.items()}, frozenset(others), frozenset(ago), afternoon
    )


def is_calendar_word(word: str) -> bool:
    """Whether a folded word is a number, a month, a weekday, or stands between them in some language."""
    words = calendar_words()
    return word.isdigit() or word in words.months or (len(word) > _SHORT_WORD and word in words.others)


def has_day(line: Folded) -> bool:
    """Whether the line names a day: a month's name with a number beside it, or the figures of a date."""
    with_year = has_year(line)
    if any(word in calendar_words().months and _has_number(line, place) for place, word in enumerate(line.words)):
        return with_year or has_clock(line)
    small = sum(number in _DAYS for number in _numbers(line))
    return (with_year and small >= _MIN_NUMBERS - 1) or _SHORT_YEAR.search(line.text) is not None


def _numbers(line: Folded) -> list[int]:
    return [int(word) for word in line.words if word.isdigit() and len(word) <= _LONG_NUMBER]


def has_year(line: Folded) -> bool:
    """Whether a number in the line can be a year, of the Persian and the Thai calendar as well."""
    return any(number in _YEARS or any(number in era for era in _OTHER_ERAS) for number in _numbers(line))


def _has_number(line: Folded, month: int) -> bool:
    """Whether the number of a day stands beside a month, or behind a short word that stands there."""
    words = line.words
    for step in (-1, 1):
        place = month + step
        if 0 <= place < len(words) and not words[place].isdigit() and len(words[place]) <= _BETWEEN_CHARS:
            place += step
        if 0 <= place < len(words) and words[place].isdigit() and int(words[place][:_LONG_NUMBER]) in _DAYS:
            return True
    return False


def has_clock(line: Folded) -> bool:
    """Whether a time of the day stands in the line."""
    return _CLOCK.search(line.text) is not None


def says_ago(line: Folded) -> bool:
    """Whether the line says how long ago something was: a number, and words of "three hours ago" of one language."""
    ago = calendar_words().ago
    said = [word for word in line.words if word in ago]
    return len(said) > 1 and any(len(word) > _SHORT_WORD for word in said) and any(map(str.isdigit, line.words))


def is_calendar_line(line: Folded, known: Collection[int] = ()) -> bool:
    """Whether every word is part of a day or a time, or known for other reasons."""
    return next(_unknown(line, known), None) is None


def unknown_words(line: Folded, known: Collection[int] = ()) -> list[str]:
    """The words that are no part of a day or a time.

    Args:
        line: The folded line.
        known: Places of words that are known for other reasons.
    """
    return list(_unknown(line, known))


def _unknown(line: Folded, known: Collection[int]) -> Iterator[str]:
    table = calendar_words()
    others, ago = table.others, table.ago
    for index, word in enumerate(line.words):
        if len(word) <= _SHORT_WORD or word in others or word in ago or index in known or word.isdigit():
            continue
        yield word


def read_day(text: str) -> str | None:
    """The first day in a text, and the time behind it, in the form of ISO 8601; ``None`` where they are not sure.

    >>> read_day("Публикувано: 22 април 2026 г., 14:05 ч.")
    '2026-04-22 14:05'
    >>> read_day("3/4/2026") is None
    True
    """
    folded = fold_text(text)
    for day, end in _days(text, folded):
        clock = _CLOCK.search(folded, end)
        return f"{day} {_clock(folded, clock)}" if clock else day
    return None


def _days(text: str, folded: str) -> Iterator[tuple[str, int]]:
    for pattern in _NUMERIC:
        if match := pattern.search(folded):
            month, day = int(match["month"]), int(match["day"])
            if month in range(1, 13) and day in _DAYS:
                yield f"{int(match['year'])}-{month:02}-{day:02}", match.end()
    yield from _named_days(fold(text))


def _named_days(line: Folded) -> Iterator[tuple[str, int]]:
    """Days whose month is a word that names the same month in every language that has it."""
    months = calendar_words().months
    for index, word in enumerate(line.words):
        numbers = months.get(word, frozenset())
        if len(numbers) != 1:
            continue
        near = range(max(0, index - 3), min(len(line.words), index + 4))
        figures = [(place, int(line.words[place])) for place in near if line.words[place].isdigit()]
        year = next((one for one in figures if one[1] in _YEARS), None)
        days = [one for one in figures if one[1] in _DAYS and one is not year]
        if year is None or not days:
            continue
        day = min(days, key=lambda one: abs(one[0] - index))
        end = max(line.spans[place][1] for place in (index, year[0], day[0]))
        yield f"{year[1]}-{next(iter(numbers)):02}-{day[1]:02}", end


def _clock(folded: str, match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    around = fold(folded[max(0, match.start() - 8) : match.end() + 8]).words
    if hour < 12 and not calendar_words().afternoon.isdisjoint({*around, "".join(around[-2:])}):  # noqa: PLR2004
        hour += 12
    return f"{hour % 24:02}:{minute:02}" if minute < 60 else ""  # noqa: PLR2004 - minutes of an hour
