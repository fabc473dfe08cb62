"""The faults, and a script of them that a seed repeats."""

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.chaos.fleet import Fleet

_FROZEN_S = 4.0
"""Longer than the lease of the run, so that a frozen worker wakes up with a token that is no longer good."""
_REDIS_AWAY_S = 0.5
_HOUR_S = 3_600


def _redis(fleet: Fleet, _: int) -> None:
    fleet.redis.kill()
    time.sleep(_REDIS_AWAY_S)
    fleet.redis.start()


def _all_mains(fleet: Fleet, _: int) -> None:
    for number in range(fleet.size):
        fleet.kill_main(number)


def _flush(fleet: Fleet, _: int) -> None:
    fleet.redis.client(1).flushdb()


def _cut(fleet: Fleet, _: int) -> None:
    fleet.redis.client(0).client_kill_filter(_type="normal", skipme=True)


def _step_clock(fleet: Fleet, target: int) -> None:
    """An hour ahead, an hour behind, or right again."""
    if fleet.shim:
        fleet.shim.step_clock((target % 3 - 1) * _HOUR_S)


KINDS: dict[str, tuple[int, Callable[[Fleet, int], None]]] = {
    "kill a child": (4, Fleet.kill_child),
    "kill a worker": (4, Fleet.kill_main),
    "kill all workers": (1, _all_mains),
    "stop a worker": (2, Fleet.stop_worker),
    "kill the API": (3, lambda fleet, _: fleet.kill_api()),
    "kill Redis": (2, _redis),
    "freeze a worker": (3, Fleet.freeze),
    "cut all connections": (3, _cut),
    "flush the broker": (3, _flush),
    "step the clock": (2, _step_clock),
}
"""Each kind with its weight in the draw."""


@dataclass(frozen=True)
class Fault:
    """One fault: when, what, to whom."""

    after_s: float
    kind: str
    target: int


def script(seed: int, count: int, workers: int) -> list[Fault]:
    """The faults of a run, always the same for a seed. Each kind comes once before any comes by chance."""
    draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
    kinds, weights = list(KINDS), [weight for weight, _ in KINDS.values()]
    chosen = [*kinds, *draw.choices(kinds, weights, k=max(0, count - len(kinds)))][:count]
    draw.shuffle(chosen)
    return [Fault(round(draw.uniform(0.3, 1.2), 3), kind, draw.randrange(workers)) for kind in chosen]


def save(faults: Sequence[Fault], path: Path) -> None:
    """Write a script down, to be played again with ``--replay``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(fault) for fault in faults], indent=1) + "\n")


def read(path: Path) -> list[Fault]:
    """A script that was written down."""
    return [Fault(**fault) for fault in json.loads(path.read_text())]


def play(fleet: Fleet, faults: Sequence[Fault]) -> Iterator[Fault]:
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
