"""Shingles: the runs of words by which two texts are compared, as 64-bit hashes."""

from typing import Final

import numpy as np

from tasks.dedupe._tokens import Hashes, Tokens, distinct, mix

SHINGLE_WORDS: Final = 5
"""Measurements D2: with runs of five words the candidates' recall was 1.000 on both sets of real pairs."""
_HEAD_SHINGLE_WORDS: Final = 4
_HEAD_WORDS: Final = 60
"""Measurements D2: shingles of the first 60 words find teasers: their few shingles are rarely a long text's lowest."""
_PLACE_FACTORS: Final = mix(np.arange(1, SHINGLE_WORDS + 1, dtype=np.uint64)) | np.uint64(1)
"""Odd, one for each place in a shingle, so that the order of its words counts."""


def shingles_of(tokens: Tokens) -> Hashes:
    """The distinct shingles of a text, in ascending order."""
    return distinct(_runs(tokens.hashes, SHINGLE_WORDS))


def head_shingles_of(tokens: Tokens) -> Hashes:
    """The distinct shorter shingles of the text's beginning, in ascending order."""
    return distinct(_runs(tokens.hashes[:_HEAD_WORDS], _HEAD_SHINGLE_WORDS))


def _runs(words: Hashes, length: int) -> Hashes:
    if len(words) < length:
        return words[:0]
    # A correlation is the sum of each run's words times the factors of their places, in one call.
    return mix(np.correlate(words, _PLACE_FACTORS[:length]) + np.uint64(length))
