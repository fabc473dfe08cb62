"""What is remembered of texts between articles, and forgetting it after a large one.

The extractor's library and the rules keep their answers for the last thousand lines or so. Of pages as they usually
are that is little; of pages with lines of a million characters it was gigabytes.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, TypeVar
from weakref import WeakSet

from trafilatura.utils import line_processing, trim

_LARGE_CHARS: Final = 100_000
"""What such an article takes to clean is a thousand times what it takes to remember again."""
_Answer = TypeVar("_Answer")
_remembered: WeakSet[Any] = WeakSet()


def remembering(test: Callable[[str], _Answer], answers: int) -> Callable[[str], _Answer]:
    """The same function, which keeps its last answers until `forget_after` a large article."""
    kept = lru_cache(maxsize=answers)(test)
    _remembered.add(kept)
    return kept


def forget_after(chars: int) -> None:
    """Forget the texts that are remembered, if the article that they come from had so many characters."""
    if chars <= _LARGE_CHARS:
        return
    for kept in (*_remembered, line_processing, trim):
        kept.cache_clear()
