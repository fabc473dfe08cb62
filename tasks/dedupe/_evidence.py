"""Evidence: what two fingerprints say about being one report, as numbers with names. Pure.

Each number belongs to an aspect, by which a verdict that turns a candidate down is explained.
"""

from collections.abc import Sequence
from math import log, log1p
from typing import Final, NamedTuple

from tasks.dedupe._fingerprint import MAX_MARKS, Fingerprint, Information, Marks
from tasks.dedupe._sketch import FULL, Overlap, Sketch, count_shared

DAY: Final = 86_400
_MOST_DAYS: Final = 8.0
"""Beyond, a longer gap says nothing more."""
_TEMPLATE_DAYS: Final = 4
"""Measurements D3: copies follow within days; templates ("FED ADDS RESERVES") come back later with equal words."""
_LATER_DAYS: Final = 0.5
_TYPICAL_SHINGLES: Final = 50
_LONG: Final = 1.5
"""Logarithm: from about 220 shingles a text is no template, however long it is."""
_NEARLY: Final = 0.02
_NO_NUMBERS, _NO_NAMES = 0.8, 0.9
"""What stands in for the agreement of numbers, or names, where there are none: about the average of true copies."""

_TELLING_WORDS: Final = 2
_UNKNOWN_SHARE: Final = 0.5

Evidence = Sequence[float]

ASPECTS: Final[dict[str, str]] = {
    "containment": "text",
    "containment_log_odds": "text",
    "word_containment": "text",
    "word_containment_log_odds": "text",
    "word_jaccard": "text",
    "both_containments": "text",
    "containment_by_length": "text",
    "equal": "text",
    "length": "length",
    "length_ratio": "length",
    "headline_missing": "headline",
    "headline_jaccard": "headline",
    "headline_containment": "headline",
    "headline_jaccard_short": "headline",
    "headline_in_own_body": "headline",
    "headline_in_other_body": "headline",
    "off_headline": "headline",
    "off_headline_jaccard": "headline",
    "off_headline_containment": "headline",
    "headline_jaccard_by_ratio": "headline",
    "headline_containment_by_text": "headline",
    "number_jaccard": "numbers",
    "number_jaccard_short": "numbers",
    "numbers_found": "numbers",
    "numbers_found_short": "numbers",
    "numbers_missing": "numbers",
    "number_jaccard_by_ratio": "numbers",
    "off_headline_numbers": "numbers",
    "numbers_replaced": "numbers",
    "names": "names",
    "names_replaced": "names",
    "gap": "time",
    "gap_template": "time",
    "gap_by_length": "time",
    "gap_by_numbers": "time",
    "later_by_length": "time",
    "same_host": "host",
}
"""The names of the evidence, in its order, and the aspect that each belongs to."""


def evidence(one: Fingerprint, other: Fingerprint, text: Overlap, words: Overlap) -> Evidence:
    """Weigh nothing yet: the numbers by the names of `ASPECTS`. The same whichever of the two comes first."""
    short, long = (one, other) if one.sketch.size <= other.sketch.size else (other, one)
    length = log(max(short.sketch.size, 1) / _TYPICAL_SHINGLES)
    capped = min(length, _LONG)
    ratio = log(max(short.sketch.size, 1) / max(long.sketch.size, 1))
    off = sum(each.information is not Information.ENOUGH for each in (one, other))
    numbers = _agreement(one.numbers, other.numbers)
    return (
        *_of_text(text, words, length),
        float(one.digest == other.digest),
        length,
        ratio,
        *_of_headlines(one, other, off, length),
        *_of_both(one, other, text.containment, ratio),
        *_of_numbers(short, long, numbers, off, (capped, ratio)),
        *_of_names(one, other),
        *_of_time(one, other, numbers.jaccard if len(one.numbers) else _NO_NUMBERS, capped),
        float(one.host == other.host != 0),
    )


def _of_text(text: Overlap, words: Overlap, length: float) -> Evidence:
    return (
        text.containment,
        _log_odds(text.containment),
        words.containment,
        _log_odds(words.containment),
        words.jaccard,
        text.containment * words.containment,
        text.containment * length,
    )


def _of_headlines(one: Fingerprint, other: Fingerprint, off: int, length: float) -> Evidence:
    """Bodies that do not speak of their headlines (tables, paywalls) are told apart by the headlines."""
    headlines = _agreement(one.headline_words, other.headline_words)
    return (
        float(not len(one.headline_words) or not len(other.headline_words)),
        headlines.jaccard,
        headlines.containment,
        headlines.jaccard * min(length, 0.0),
        min(_spoken(one.headline_words, one.words), _spoken(other.headline_words, other.words)),
        min(_spoken(one.headline_words, other.words), _spoken(other.headline_words, one.words)),
        float(off),
        off * headlines.jaccard,
        off * headlines.containment,
    )


def _of_both(one: Fingerprint, other: Fingerprint, text: float, ratio: float) -> Evidence:
    """What the headlines say beside the texts: an abridgement keeps its headline, a background paragraph does not."""
    headlines = _agreement(one.headline_words, other.headline_words)
    return (ratio * headlines.jaccard, headlines.containment * text)


def _spoken(headline: Marks, body: Sketch) -> float:
    """Which share of a headline's words a body has, as far as its sketch tells."""
    known = headline[headline <= body.limit]
    return count_shared(known, body.lowest) / len(known) if len(known) >= _TELLING_WORDS else _UNKNOWN_SHARE


def _of_numbers(
    short: Fingerprint, long: Fingerprint, both: "_Agreement", off: int, sizes: tuple[float, float]
) -> Evidence:
    length, ratio = sizes
    jaccard, found = _NO_NUMBERS, _NO_NUMBERS
    if len(short.numbers):
        jaccard, found = both.jaccard, share_of(short.numbers, long.numbers)
    missing = float(not len(short.numbers))
    return (
        jaccard,
        jaccard * length,
        found,
        found * length,
        missing,
        ratio * jaccard,
        off * found,
        log1p(both.replaced),
    )


def _of_names(one: Fingerprint, other: Fingerprint) -> Evidence:
    """Names that different parts of the pipeline found cannot be compared."""
    if one.named_by != other.named_by or not len(one.names) or not len(other.names):
        return (_NO_NAMES, 0.0)
    names = _agreement(one.names, other.names)
    return (names.containment, log1p(names.replaced))


def _of_time(one: Fingerprint, other: Fingerprint, numbers: float, length: float) -> Evidence:
    days = min(one.gap(other) / DAY, _MOST_DAYS)
    gap = log1p(days)
    return (gap, float(days > _TEMPLATE_DAYS), gap * length, gap * (1.0 - numbers), float(days > _LATER_DAYS) * length)


class _Agreement(NamedTuple):
    """How far two samples agree."""

    jaccard: float
    containment: float
    replaced: int
    """What each has in place of what the other has: an extended or shortened text replaces nothing."""


def _agreement(one: Marks, other: Marks) -> _Agreement:
    """Compare two samples up to where both are complete."""
    limit = min(_limit(one), _limit(other))
    one, other = one[one <= limit], other[other <= limit]
    fewer, union = min(len(one), len(other)), len(one) + len(other)
    if not fewer:
        return _Agreement(0.0, 0.0, 0)
    shared = count_shared(one, other)
    return _Agreement(shared / (union - shared), shared / fewer, fewer - shared)


def share_of(few: Marks, many: Marks) -> float:
    """Which share of the first is among the second, up to where both samples are complete."""
    limit = min(_limit(few), _limit(many))
    known = few[few <= limit]
    return count_shared(known, many[many <= limit]) / len(known) if len(known) else 1.0


def _limit(marks: Marks) -> int:
    return int(marks[-1]) if len(marks) == MAX_MARKS else FULL


def _log_odds(share: float) -> float:
    bounded = min(max(share, _NEARLY), 1 - _NEARLY)
    return log(bounded / (1 - bounded))
