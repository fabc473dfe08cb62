"""Admission control: compares backlog, age and memory with their limits, and measures the time until there is room.

Memory for the results of all pending articles is set aside before more are accepted: what was accepted must also be
finished.
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import anyio
from anyio import to_thread

from api.problems import FULL_SECONDS, Kind, Refused
from schemas import Lane
from store import Capacity, Load
from workers.settings import Settings

_FRESH_SECONDS = 0.25
"""The store is asked four times a second by each process. In between about 3,500 articles too many may be accepted."""
_REOPEN_AT = 0.95
"""A closed lane opens at this share of its limit, so that it does not close again at once."""
_LONGEST_SECONDS = 3_600
_UNKNOWN_SECONDS = 60
"""The wait if nothing was finished in the last minute: no workers run, and nobody knows for how long."""


@dataclass(frozen=True, slots=True)
class AdmissionLimits:
    """The limits of backlog, age and memory."""

    waiting: Mapping[Lane, int]
    wait_seconds: Mapping[Lane, float]
    memory_share: float
    result_bytes: int

    @classmethod
    def of(cls, settings: Settings) -> "AdmissionLimits":
        """The limits in the settings."""
        return cls(
            waiting={Lane.LIVE: settings.max_waiting_live, Lane.BULK: settings.max_waiting_bulk},
            wait_seconds={
                Lane.LIVE: settings.max_wait_live.total_seconds(),
                Lane.BULK: settings.max_wait_bulk.total_seconds(),
            },
            memory_share=settings.max_memory_share,
            result_bytes=settings.result_bytes,
        )


def is_full(load: Load, limits: AdmissionLimits) -> bool:
    """Whether used memory plus the memory for the results of all pending articles reaches the limit."""
    if not load.limit_bytes:
        return False
    needed = load.used_bytes + load.backlog.pending * limits.result_bytes
    return needed >= limits.memory_share * load.limit_bytes


def surplus(load: Load, lane: Lane, limits: AdmissionLimits) -> int:
    """How many articles have to be finished before the lane opens; 0 if it is open.

    If there are too many: those above the mark at which it opens. If they are too old: those older than the limit,
    assuming that they arrived evenly. Bulk articles also wait for all live ones.
    """
    waiting, oldest = load.backlog.waiting[lane], load.backlog.oldest[lane]
    age = (load.backlog.at - oldest).total_seconds() if oldest else 0.0
    most, longest = limits.waiting[lane], limits.wait_seconds[lane]
    too_many = waiting - math.floor(most * _REOPEN_AT) if waiting >= most else 0
    too_old = math.ceil(waiting * (1 - longest / age)) if age > longest else 0
    worst = max(too_many, too_old)
    ahead = load.backlog.waiting[Lane.LIVE] if lane is Lane.BULK else 0
    return worst + ahead if worst else 0


def wait_seconds(articles: int, per_second: float) -> int:
    """How long a number of articles takes at the measured rate, in whole seconds."""
    if per_second <= 0:
        return _UNKNOWN_SECONDS
    return min(_LONGEST_SECONDS, max(1, math.ceil(articles / per_second)))


class Admission:
    """Refuses submissions while the store is overloaded."""

    def __init__(
        self, capacity: Capacity, limits: AdmissionLimits, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._capacity = capacity
        self._limits = limits
        self._clock = clock
        self._look = anyio.Lock()
        self._load: Load | None = None
        self._looked = float("-inf")
        self._rate: tuple[float, float] = (float("-inf"), 0.0)

    async def check(self, lane: Lane) -> None:
        """Let a submission pass.

        Raises:
            Refused: Too much waits in this lane, or the store is nearly full.
            StoreUnavailable: The store does not answer.
        """
        load = await self._fresh()
        if is_full(load, self._limits):
            detail = "The result store has no room for more; send this again after the time in Retry-After."
            raise Refused(Kind.FULL, detail, headers={"Retry-After": str(FULL_SECONDS)})
        if too_many := surplus(load, lane, self._limits):
            seconds = wait_seconds(too_many, await self._drain_rate())
            detail = f"Too much waits in the {lane} lane; send this again after the time in Retry-After."
            raise Refused(Kind.OVERLOADED, detail, headers={"Retry-After": str(seconds)})

    async def _fresh(self) -> Load:
        async with self._look:
            if self._load is None or self._clock() - self._looked >= _FRESH_SECONDS:
                self._load = await to_thread.run_sync(self._capacity.load)
                self._looked = self._clock()
            return self._load

    async def _drain_rate(self) -> float:
        measured, rate = self._rate
        if self._clock() - measured >= 1:
            rate = await to_thread.run_sync(self._capacity.drain_rate)
            self._rate = (self._clock(), rate)
        return rate
