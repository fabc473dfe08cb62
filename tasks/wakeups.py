"""Tops up wake-ups: as many as the waiting articles need, never more."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import redis

from schemas import Lane, StageName
from store import Messages, Store
from tasks.pipeline import queue


def messages(broker: "redis.Redis", broker_prefix: str) -> Messages | None:
    """Wake-ups and batches in each queue of the broker; ``None`` when it does not answer."""
    places = [(lane, stage) for lane in Lane for stage in StageName]
    pipe: Any = broker.pipeline(transaction=False)
    for lane, stage in places:
        pipe.llen(broker_prefix + queue(lane, stage))
    try:
        return dict(zip(places, map(int, pipe.execute()), strict=True))
    except redis.RedisError:
        return None


@dataclass(frozen=True, slots=True)
class WakeupBounds:
    """How many wake-ups are useful, and where the broker keeps them."""

    claim_articles: int
    max_wakeups: int
    broker_prefix: str = ""
    """The prefix of the broker's queue names."""


class Wakeups:
    """Compares what waits in the lanes with the wake-ups in the broker, and publishes the difference.

    Losing or doubling wake-ups is harmless: one that finds nothing to claim ends at once. The number is bounded by
    what is waiting, because an unbounded or age-based refill made throughput fall to a third (measurements E4).
    """

    def __init__(
        self,
        store: Store,
        broker: "redis.Redis",
        publish: Callable[[Lane], None],
        bounds: WakeupBounds,
        publish_for_canary: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._broker = broker
        self._publish = publish
        self._bounds = bounds
        self.wake_for_canary = publish_for_canary
        """Publish a wake-up for the canary, whatever waits."""

    def top_up(self) -> int:
        """Publish the wake-ups that are missing; returns how many.

        Raises:
            RetryLater: The store does not answer.
            redis.RedisError, kombu.exceptions.KombuError: The broker does not.
        """
        waiting = self._store.ledger.backlog().waiting
        missing = {lane: self._missing(lane, count) for lane, count in waiting.items() if count}
        for lane, count in missing.items():
            for _ in range(count):
                self._publish(lane)
        return sum(missing.values())

    def messages(self) -> Messages | None:
        """What waits in the broker; ``None`` when it does not answer."""
        return messages(self._broker, self._bounds.broker_prefix)

    def _missing(self, lane: Lane, waiting: int) -> int:
        queued: Any = self._broker.llen(self._bounds.broker_prefix + queue(lane, StageName.CLEAN))
        missing: int = max(0, min(self._bounds.max_wakeups, math.ceil(waiting / self._bounds.claim_articles)) - queued)
        return missing
