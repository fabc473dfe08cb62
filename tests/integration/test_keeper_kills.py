"""A keeper that dies before any of its calls to Redis, and two that look around at once, leave the same state."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT, RedisServer, Workers, article
from ledger_steps import claim, failure, finish
from unit.tasks.test_reprocessed_copies import Installation

from schemas import Lane, Ref, Relation, Result, StageName
from store import Store, Withdrawn
from tasks.pipeline import queue

pytestmark = pytest.mark.integration
BODY = " ".join(f"word{number}" for number in range(300))
DAY_MS = 86_400_000
BULK = 40
ELECTED_S = 0.05


@dataclass(frozen=True)
class Work:
    """Everything that a round of the keeper finds to do, and how Redis was before it."""

    store: Store
    broker_keys: RedisServer
    before: dict[bytes, bytes]
    expired: Ref
    due: Ref
    forgotten: Ref
    bodiless: Ref
    withdrawn: Ref
    heir: Ref

    def restore(self) -> None:
        """Let Redis be as it was, without the scripts that it has learned since."""
        client = self.store.client
        client.flushall()
        client.script_flush()
        for key, value in self.before.items():
            client.restore(key, 0, value)

    def check(self) -> None:
        """What one whole round does is done, once."""
        store = self.store
        backlog = store.ledger.backlog()
        assert (backlog.leased, backlog.delayed, backlog.waiting) == (0, 0, {Lane.LIVE: 2, Lane.BULK: BULK})
        [expired, due, gone, old] = store.ledger.load(
            [self.expired, self.due, self.forgotten, self.bodiless], ["submission"]
        )
        assert expired
        assert due
        assert old
        assert (expired.lost, due.lost, gone, old.parts["submission"]) == (1, 0, None, None)
        assert store.withdrawals.open() == []
        heir = store.results.get(self.heir.article_id)
        assert isinstance(heir, Result)
        assert heir.duplicates
        assert heir.duplicates.relation is Relation.ORIGINAL
        broker = self.broker_keys.client(1)
        queued = {lane: broker.llen(f"dl.{queue(lane, StageName.CLEAN)}") for lane in Lane}
        broker.close()
        assert queued == {Lane.LIVE: 1, Lane.BULK: 2}
        verification = store.verify()
        assert verification.sound, verification.findings


@pytest.fixture
def work(redis_server: RedisServer) -> Iterator[Work]:
    store = Store.open(redis_server.url())
    now = int(time.time() * 1000)
    store.scripts.clock_ms = now - 40 * DAY_MS
    forgotten = finish(store, 1)
    store.scripts.clock_ms = now - 10 * DAY_MS
    bodiless = finish(store, 2)
    store.scripts.clock_ms = None
    withdrawn, heir = Installation(store).push(BODY, BODY, first=50)
    assert store.withdrawals.withdraw(withdrawn) is Withdrawn.WITHDRAWN
    store.ledger.accept([article(3)])
    taken = claim(store)
    store.ledger.delay(taken.refs[0], taken.token, 1, failure())
    [expired] = store.ledger.accept([article(4)])
    store.ledger.claim(limit=1, max_bytes=1, lease_ms=1, bulk_share=0)
    store.ledger.accept([article(100 + number, lane=Lane.BULK) for number in range(BULK)])
    keys = store.client.keys("*")
    before = {key: dumped for key in keys if (dumped := store.client.dump(key))}
    time.sleep(0.01)
    yield Work(store, redis_server, before, expired.ref, taken.refs[0], forgotten, bodiless, withdrawn, heir)
    store.close()


class Mortal:
    """A process whose children make rounds of the keeper."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def begin(self, fatal: int) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{fatal}\n")
        self.process.stdin.flush()

    def end(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def round(self, fatal: int = 0) -> str:
        self.begin(fatal)
        return self.end()


@contextmanager
def mortal(workers: Workers, folder: Path, **settings: object) -> Iterator[Mortal]:
    own = workers.environment(**settings)
    with (folder / "keeper.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "mortal_keeper"],
            env=own,
            cwd=ROOT / "tests",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        yield Mortal(process)
    finally:
        process.kill()
        process.communicate()


def test_a_keeper_that_dies_before_any_of_its_calls_leaves_what_the_next_one_finishes(
    work: Work, workers: Workers, tmp_path: Path
) -> None:
    with mortal(workers, tmp_path, keeper_interval=ELECTED_S) as keeper:
        work.restore()
        ended = keeper.round()
        work.check()
        calls = int(ended.removeprefix("done "))
        assert calls > 20, "it found nothing to do"
        for fatal in range(1, calls + 1):
            work.restore()
            assert keeper.round(fatal) == "killed"
            verification = work.store.verify()
            kinds = {finding.kind for finding in verification.findings}
            assert kinds <= {"withdrawal_unfinished", "withdrawn_but_indexed", "withdrawn_but_in_a_story"}, (
                fatal,
                kinds,
            )
            time.sleep(ELECTED_S)  # until the place of the dead one is free
            assert keeper.round().startswith("done"), fatal
            work.check()
        work.restore()
        assert keeper.round(calls + 1) == ended, "all of its calls were tried"


def test_two_keepers_that_look_around_at_once_do_everything_once(work: Work, workers: Workers, tmp_path: Path) -> None:
    with mortal(workers, tmp_path, keeper_interval=5) as one, mortal(workers, tmp_path, keeper_interval=5) as other:
        for _ in range(10):
            work.restore()
            for keeper in (one, other):
                keeper.begin(0)
            assert all(keeper.end().startswith("done") for keeper in (one, other))
            work.check()
