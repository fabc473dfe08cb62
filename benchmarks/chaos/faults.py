"""The faults, and a script of them that a seed repeats."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.chaos.fleet import Fleet

_FROZEN_S = 4.0
"""Longer than the lease of the run, so that a frozen worker wakes up with a token that is no longer good."""
_REDIS_AWAY_S = 0.5


def _redis(fleet: Fleet, _: int) -> None:
    fleet.kill_redis()
    time.sleep(_REDIS_AWAY_S)
    fleet.start_redis()


def _all_mains(fleet: Fleet, _: int) -> None:
    for number in range(fleet.size):
        fleet.kill_main(number)


def _flush(fleet: Fleet, _: int) -> None:
    fleet.client(1).flushdb()


def _cut(fleet: Fleet, _: int) -> None:
    fleet.client(0).client_kill_filter(_type="normal", skipme=True)


KINDS: dict[str, tuple[int, Callable[[Fleet, int], None]]] = {
    "kill a child": (4, Fleet.kill_child),
    "kill a worker": (4, Fleet.kill_main),
    "kill all workers": (1, _all_mains),
    "kill Redis": (2, _redis),
    "freeze a worker": (3, Fleet.freeze),
    "cut all connections": (3, _cut),
    "flush the broker": (3, _flush),
}
"""Each kind with its weight in the draw."""


@dataclass(frozen=True)
class Fault:
    """One fault: when, what, to whom."""

    after_s: float
    kind: str
    target: int


def script(seed: int, count: int, workers: int) -> list[Fault]:
    """The faults of a run, always the same for a seed."""
    draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
    kinds, weights = list(KINDS), [weight for weight, _ in KINDS.values()]
    return [
        Fault(draw.uniform(0.3, 1.2), draw.choices(kinds, weights)[0], draw.randrange(workers)) for _ in range(count)
    ]


def play(fleet: Fleet, faults: list[Fault]) -> Iterator[Fault]:
    """Let the faults happen, one by one; frozen workers are woken after a while, dead ones started again."""
    thaw_at = 0.0
    for fault in faults:
        time.sleep(fault.after_s)
        KINDS[fault.kind][1](fleet, fault.target)
        if fault.kind == "freeze a worker":
            thaw_at = thaw_at or time.monotonic() + _FROZEN_S
        if thaw_at and time.monotonic() >= thaw_at:
            fleet.thaw()
            thaw_at = 0.0
        fleet.heal()
        yield fault
    fleet.thaw()
