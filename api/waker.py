"""Wakes the workers after an acceptance; no request waits for the broker."""

import asyncio
from typing import Protocol

import anyio
import structlog
from anyio import CapacityLimiter, to_thread

from store import Messages

_log = structlog.get_logger(__name__)
_PAUSE_SECONDS = 0.02
"""At most 50 top-ups a second, however many submissions come: each costs about a millisecond of CPU."""


class Wakeups(Protocol):
    """The broker's side: brings the queued wake-ups up to what waits in the ledger."""

    def top_up(self) -> int:
        """Publish the wake-ups that are missing; returns how many."""
        ...

    def wake_for_canary(self) -> None:
        """Publish a wake-up for the canary."""
        ...

    def messages(self) -> Messages | None:
        """Messages in the broker's queues; ``None`` if it does not answer."""
        ...


class Waker:
    """Tops up wake-ups in the background; requests that come meanwhile share the next top-up.

    A failing broker is logged and left to the keeper: the articles are safe in the ledger.
    """

    def __init__(self, wakeups: Wakeups) -> None:
        self._wakeups = wakeups
        self._asked = asyncio.Event()
        self._thread = CapacityLimiter(1)

    def wake(self) -> None:
        """Ask for a top-up soon."""
        self._asked.set()

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            await self.top_up()
            await anyio.sleep(_PAUSE_SECONDS)

    async def top_up(self) -> None:
        """Top up once."""
        try:
            await to_thread.run_sync(self._wakeups.top_up, limiter=self._thread, abandon_on_cancel=True)
        except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the keeper comes a second later
            _log.warning("wakeups.left_to_keeper", error=type(error).__name__)
