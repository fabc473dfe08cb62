"""Guards: what must also hold before a large overlap counts as a copy.

A list of small rules, each with a name and a reason; to change behaviour, add, remove or move one line of ``GUARDS``.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from tasks.dedupe._fingerprint import FOUND_BY_TEXT, MAX_MARKS, MIN_SHINGLES, Fingerprint, Information, Marks
from tasks.dedupe._sketch import Overlap, count_shared

_DAY: Final = 86_400
MAX_GAP_SECONDS: Final = 4 * _DAY
"""FACTS D.3: copies follow within days; templates ("FED ADDS RESERVES") come back later with equal words."""
_CLOSE_GAP_SECONDS: Final = _DAY // 2
_NEARLY_ALL: Final = 0.95
_MARKS_SHARE: Final = 0.5
_NUMBERS_SHARE_LATER: Final = 0.9
"""FACTS D.3, tuned on the Reuters and web development halves."""
_SHORT_SHINGLES: Final = 100
_SAME_LENGTH: Final = 0.8
_HEADLINE_SHARE: Final = 0.8
_MIN_HEADLINE_WORDS: Final = 2


class Guard(StrEnum):
    """Why a large overlap was not accepted. The order is that of kept decisions: append only."""

    TOO_SHORT = "too_short"
    OFF_HEADLINE = "off_headline"
    BOILERPLATE = "boilerplate"
    TOO_FAR_APART = "too_far_apart"
    NAMES_DIFFER = "names_differ"
    NUMBERS_DIFFER = "numbers_differ"
    HEADLINES_DIFFER = "headlines_differ"


def failed(one: Fingerprint, other: Fingerprint, shared: Overlap) -> tuple[Guard, ...]:
    """The guards that do not let these two be copies of each other, in the order of the list."""
    short, long = sorted((one, other), key=lambda fingerprint: fingerprint.sketch.size)
    return tuple(guard for guard, objects in GUARDS if objects(short, long, shared))


def _short(short: Fingerprint, _long: Fingerprint, _shared: Overlap) -> bool:
    return short.sketch.size < MIN_SHINGLES


def _boilerplate(short: Fingerprint, long: Fingerprint, _shared: Overlap) -> bool:
    return Information.BOILERPLATE in (short.information, long.information)


def _far_apart(short: Fingerprint, long: Fingerprint, _shared: Overlap) -> bool:
    return short.gap(long) > MAX_GAP_SECONDS


def _headlines_differ(short: Fingerprint, long: Fingerprint, _shared: Overlap) -> bool:
    """Bodies that do not speak of their headlines (tables, paywalls) are told apart by the headlines.

    Unless one of them speaks of its own: then it is an article, and so is a long copy of it under another headline.
    """
    telling = (short.information, long.information).count(Information.ENOUGH)
    if telling == 2 or (telling == 1 and short.sketch.size >= FOUND_BY_TEXT):  # noqa: PLR2004 - both
        return False
    few, many = sorted((short.headline_words, long.headline_words), key=len)
    return len(few) < _MIN_HEADLINE_WORDS or _share_of(few, many) < _HEADLINE_SHARE


def _names_differ(short: Fingerprint, long: Fingerprint, shared: Overlap) -> bool:
    """Same phrases about other people: only asked where part of the shorter text is missing from the longer.

    Asked of the text with fewer names: some outlets lose the capitals, and with them the names.
    """
    if shared.containment >= _NEARLY_ALL or short.named_by != long.named_by:
        return False
    few, many = sorted((short.names, long.names), key=len)
    return _share_of(few, many) < _MARKS_SHARE


def _numbers_differ(short: Fingerprint, long: Fingerprint, shared: Overlap) -> bool:
    """Same phrases with other figures. Half a day later, a short text needs nearly all: it may be a template."""
    found = _share_of(short.numbers, long.numbers)
    if _may_be_template(short, long):
        same_length = short.sketch.size >= _SAME_LENGTH * long.sketch.size
        back = _share_of(long.numbers, short.numbers) if same_length else 1.0
        return min(found, back) < _NUMBERS_SHARE_LATER
    return shared.containment < _NEARLY_ALL and found < _MARKS_SHARE


def _may_be_template(short: Fingerprint, long: Fingerprint) -> bool:
    later = short.gap(long) > _CLOSE_GAP_SECONDS
    return later and short.sketch.size < _SHORT_SHINGLES


def _share_of(few: Marks, many: Marks) -> float:
    """Which share of the first is among the second, up to where both samples are complete."""
    limit = min(_limit(few), _limit(many))
    known = few[few <= limit]
    return count_shared(known, many[many <= limit]) / len(known) if len(known) else 1.0


def _limit(marks: Marks) -> int:
    return int(marks[-1]) if len(marks) == MAX_MARKS else 0xFFFF


GUARDS: Final[tuple[tuple[Guard, Callable[[Fingerprint, Fingerprint, Overlap], bool]], ...]] = (
    (Guard.TOO_SHORT, _short),
    (Guard.BOILERPLATE, _boilerplate),
    (Guard.TOO_FAR_APART, _far_apart),
    (Guard.HEADLINES_DIFFER, _headlines_differ),
    (Guard.NAMES_DIFFER, _names_differ),
    (Guard.NUMBERS_DIFFER, _numbers_differ),
)
