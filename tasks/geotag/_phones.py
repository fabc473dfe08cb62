"""The states and provinces of the telephone numbers in a text: whoever is to be called is mostly near."""

import re
from collections import Counter
from functools import lru_cache
from typing import Final

from tasks.geotag._coded import coded

_NUMBER: Final = re.compile(r"([2-9]\d\d)(?:\) ?|[-./ ])[2-9]\d\d[-. ][\dA-Z]{4}\b")
"""`(908) 782-6983`, `903-549-2807`, `317.262.TIPS`: three, three and four. It starts with what it needs, so that a text
without numbers costs ten microseconds."""
_NOT_BEFORE: Final = frozenset("0123456789$£€,")
"""Signs before what is an amount or the end of a longer number."""


def called(text: str) -> dict[str, float]:
    """GeoNames codes of the divisions with the share of the text's different numbers that each has."""
    codes = _divisions()
    matches = (match for match in _NUMBER.finditer(text) if text[match.start() - 1 : match.start()] not in _NOT_BEFORE)
    numbers = {match[0]: match[1] for match in matches}
    found = Counter(codes[area] for area in numbers.values() if area in codes)
    total = sum(found.values())
    return {division: count / total for division, count in sorted(found.items())}


@lru_cache(maxsize=1)
def _divisions() -> dict[str, str]:
    return {area: division for division, areas in coded("area_codes.txt") for area in areas.split()}
