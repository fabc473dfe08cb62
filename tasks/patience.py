"""Waits for a store that does not answer. The work is done and every call is fenced, so repeating is safe."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

import structlog

from store import StoreFull, StoreUnavailable

_log = structlog.get_logger(__name__)
_Answer = TypeVar("_Answer")
_RETRY_S: Final = 0.5


def patiently(call: Callable[[], _Answer], patience_s: float) -> _Answer:
    """Call the store again while it does not answer or is full.

    Args:
        call: What to call.
        patience_s: Seconds after which it is not tried again.

    Raises:
        StoreUnavailable: It stayed away for longer.
        StoreFull: It stayed full for longer.
    """
    give_up = time.monotonic() + patience_s
    while True:
        try:
            return call()
        except (StoreUnavailable, StoreFull) as error:
            if time.monotonic() >= give_up:
                raise
            _log.warning("store.waiting", error=type(error).__name__)
            time.sleep(_RETRY_S)
