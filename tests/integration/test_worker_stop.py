"""A worker that is told to stop ends within its grace period and hands back what it works on."""

import os
import signal
import subprocess
import time

import pytest
from conftest import RedisServer, Workers, article, eventually

from schemas import Lane, StageName, State
from store import Store

pytestmark = pytest.mark.integration
GRACE_S = 3.0
HAND_BACK_S = 12.0
"""What `workers.stopping` adds at most (3 s), and a busy machine. Without it the first test would wait for ever."""


def told_to_stop(worker: subprocess.Popen[bytes]) -> float:
    """Seconds until the worker is gone."""
    started = time.monotonic()
    os.kill(worker.pid, signal.SIGTERM)
    worker.wait(timeout=GRACE_S + HAND_BACK_S)
    return time.monotonic() - started


def test_a_worker_whose_redis_goes_away_for_good_while_it_stops_ends_all_the_same(
    own_redis_server: RedisServer, workers: Workers
) -> None:
    workers.server = own_redis_server
    store = Store.open(own_redis_server.url())
    worker = workers.start("fake_worker", stop_grace=GRACE_S)
    store.ledger.accept([article(1)])
    eventually(lambda: store.ledger.backlog().pending == 0, 30, "a worker at work")
    store.close()
    os.kill(worker.pid, signal.SIGTERM)
    time.sleep(0.05)
    own_redis_server.stop()
    # Without the watch of `workers.stopping` Celery waits for a connection here, for ever.
    worker.wait(timeout=GRACE_S + HAND_BACK_S)


@pytest.mark.parametrize("stage", ["clean", "geotag"])
def test_a_batch_that_does_not_finish_in_time_is_handed_back_and_nobody_is_blamed(
    real_store: Store, workers: Workers, stage: str
) -> None:
    worker = workers.start("fake_worker", stop_grace=GRACE_S, lease=60)
    ref = real_store.ledger.accept([article(1, text=f"{stage}:hang")])[0].ref
    eventually(lambda: _is_at(real_store, stage), 30, "the stage that hangs")
    told_to_stop(worker)
    (loaded,) = real_store.ledger.load([ref], [])
    assert loaded
    assert (loaded.state, loaded.lost) == (State.WAITING, 0)
    assert real_store.ledger.backlog().waiting[Lane.LIVE] == 1
    assert real_store.verify().sound


def test_a_task_that_finishes_in_time_is_finished_and_the_next_worker_goes_on_from_there(
    real_store: Store, workers: Workers
) -> None:
    worker = workers.start("fake_worker", stop_grace=10, lease=60)
    ref = real_store.ledger.accept([article(1, text="entities:nap")])[0].ref
    eventually(lambda: _is_at(real_store, "entities"), 30, "the stage that takes a while")
    assert told_to_stop(worker) < GRACE_S + HAND_BACK_S
    (loaded,) = real_store.ledger.load([ref], [])
    assert loaded
    assert (loaded.stage, loaded.lost, loaded.attempts) == (2, 0, 1), "it was finished, not repeated"
    workers.start("fake_worker", lease=60)
    eventually(lambda: real_store.ledger.backlog().pending == 0, 30, "the other stages, before the lease ends")
    (loaded,) = real_store.ledger.load([ref], [])
    assert loaded
    assert {record.attempts for record in loaded.records.values()} <= {1, 2}
    assert loaded.records[StageName.ENTITIES].attempts == 1
    assert real_store.verify().sound


def _is_at(store: Store, stage: str) -> bool:
    """Whether the only article is being worked on in a stage."""
    refs = store.client.zrange(store.keys.leased, 0, -1)
    if not refs:
        return False
    key = f"{store.keys.prefix}:article:{refs[0].decode()}"
    at, working = store.client.hmget(key, ["stage", "working"])
    return (int(at), working) == (["clean", "entities", "geotag", "dedupe"].index(stage), b"1")
