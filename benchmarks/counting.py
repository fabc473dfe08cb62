"""What the figures cost: the ledger's scripts as they are, and without their counting, in turn on one Redis.

The time is the CPU that Redis says it used: it runs scripts in one thread, and other work on the machine does not
count. What workers do for it, naming the figures, is added.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from typing import Any
from unittest import mock

import redis

from benchmarks.redis_alone import redis_server
from schemas import Covered, FeedSummary, Lane, Outcome, Relation, StageName, StageRecord, StageStatus, Submission
from store import STAGES, Advance, NewArticle, Store, _scripts
from store.figures import published_figure, stage_figure

_BATCH = 32
_COUNTED = re.compile(r"^\s*(tally\(|took\(fields|redis\.pcall\('HINCRBY', key\('figures'\)).*$", re.MULTILINE)
_SOURCE = _scripts.source


def _uncounted(name: str) -> str:
    """A script without what it counts."""
    return _COUNTED.sub("", _SOURCE(name))


def _record(stage: StageName, number: int) -> StageRecord:
    return StageRecord(
        stage=stage,
        status=StageStatus.DONE,
        version=1,
        attempts=1,
        milliseconds=number % 97,
        finished_at=datetime.now(UTC),
    )


def _pass(store: Store, first: int, count: int) -> None:
    """Articles through the ledger, in batches, without any stage."""
    for start in range(first, first + count, _BATCH):
        submissions = [Submission(url=f"https://bench.example/{n}", text="Text.") for n in range(start, start + _BATCH)]
        store.ledger.accept([NewArticle(each, Lane.BULK, "trace") for each in submissions])
        claim = store.ledger.claim(limit=_BATCH, max_bytes=10**6, lease_ms=60_000, bulk_share=0.1)
        for stage in STAGES:
            entry = FeedSummary(relation=Relation.ORIGINAL) if stage is STAGES[-1] else None
            covered = frozenset(Covered) if entry else frozenset[Covered]()
            commits = [
                Advance(ref, _record(stage, number), None, Outcome.DONE, entry, covered=covered)
                for number, ref in enumerate(claim.refs)
            ]
            store.ledger.advance(commits, claim.token, 60_000)


def _cpu_us(client: "redis.Redis") -> float:
    told: Any = client.info("cpu")
    return float(told["used_cpu_user"] + told["used_cpu_sys"]) * 1e6


@contextmanager
def _without_counting() -> Iterator[None]:
    with mock.patch.object(_scripts, "source", _uncounted):
        yield


def _turn(client: "redis.Redis", first: int, count: int) -> float:
    """Microseconds of Redis an article."""
    before = _cpu_us(client)
    _pass(Store(client), first, count)
    return (_cpu_us(client) - before) / count


def _naming_us() -> float:
    """Microseconds that a worker needs to name the figures of an article."""
    record, started = _record(StageName.CLEAN, 40), time.process_time()
    for _ in range(1_000):
        for _ in STAGES:
            stage_figure(record)
        published_figure(Outcome.DONE, Relation.ORIGINAL, frozenset(Covered))
    return (time.process_time() - started) * 1_000


def figures_us(count: int = 640, turns: int = 24) -> float:
    """Microseconds of CPU that the figures of one article cost, Redis and worker together."""
    more = []
    with redis_server() as client:
        _pass(Store(client), 0, _BATCH)
        for turn in range(1, turns + 1):
            with _without_counting():
                uncounted = _turn(client, (2 * turn + 1) * 100_000, count)
            more.append(_turn(client, 2 * turn * 100_000, count) - uncounted)
    return median(more) + _naming_us()


if __name__ == "__main__":
    print(f"{figures_us():.1f} us an article")
