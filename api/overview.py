"""The status of the pipeline, read at most once a second, however many ask."""

import time
from collections.abc import Callable

import anyio
from anyio import to_thread

from api.waker import Wakeups
from store import Look, Pipeline

_FRESH_SECONDS = 1.0
"""A look takes some milliseconds of Redis and of this process; a page that shows the pipeline asks again and again."""


class Overview:
    """Keeps the last status for a second."""

    def __init__(self, pipeline: Pipeline, wakeups: Wakeups, clock: Callable[[], float] = time.monotonic) -> None:
        self._pipeline = pipeline
        self._wakeups = wakeups
        self._clock = clock
        self._lock = anyio.Lock()
        self._last: tuple[float, Look] | None = None

    async def look(self) -> Look:
        """The status, at most a second old.

        Raises:
            RetryLater: The store does not answer.
        """
        async with self._lock:
            if self._last and self._clock() - self._last[0] < _FRESH_SECONDS:
                return self._last[1]
            seen = await to_thread.run_sync(self._look)
            self._last = self._clock(), seen
            return seen

    def _look(self) -> Look:
        return self._pipeline.look(self._wakeups.messages())
