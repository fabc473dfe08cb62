"""Real worker processes on a real redis-server, with stages that do what the article's text tells them."""

import json
import os
import signal
import time
from pathlib import Path

import pytest
from conftest import RedisServer, Workers, article, eventually

from schemas import Lane, Outcome, Result, StageName
from store import Store
from tasks.pipeline import QUEUES

pytestmark = pytest.mark.integration
GRACE_S = 10.0


def settled(store: Store) -> bool:
    backlog = store.ledger.backlog()
    return backlog.accepted > 0 and backlog.pending == 0


def outcomes(store: Store) -> dict[str, int]:
    backlog = store.ledger.backlog()
    return {outcome.value: backlog.outcome(outcome) for outcome in Outcome if backlog.outcome(outcome)}


def test_articles_pass_a_real_worker_and_a_poison_article_harms_nobody(real_store: Store, workers: Workers) -> None:
    texts = ["good"] * 40 + ["entities:kill"] + ["geotag:quarantine"] + ["entities:retry"]
    real_store.ledger.accept(
        [article(n, text=f"{text} {n}", lane=Lane.BULK if n % 2 else Lane.LIVE) for n, text in enumerate(texts)]
    )
    workers.start("fake_worker", max_deliveries=2, max_retries=2, worker_concurrency=2)
    eventually(lambda: settled(real_store), 30, "an outcome for every article")
    assert outcomes(real_store) == {"done": 40, "quarantined": 3}
    errors = sorted(entry.failure.error for entry in real_store.quarantine.list())
    assert errors == ["DeliveryLimit", "Quarantine", "RetryLater"]
    verification = real_store.verify()
    assert verification.sound, verification.findings
    logs = workers.logs()
    assert "worker.lost" in logs
    assert "entities:kill" not in logs
    assert '"task_id"' in logs


def test_articles_that_take_for_ever_are_ended_and_their_neighbours_done(real_store: Store, workers: Workers) -> None:
    """One that a limit can interrupt, and one that only the end of its process stops."""
    texts = ["good"] * 6 + ["geotag:hang", "clean:stuck", "entities:stuck"]
    real_store.ledger.accept([article(n, text=f"{text} {n}", lane=Lane.BULK) for n, text in enumerate(texts)])
    limits = {"stage_soft_limit": 1, "stage_hard_limit": 2, "lease": 2, "max_retries": 1, "max_deliveries": 2}
    worker = workers.start("fake_worker", **limits)
    eventually(lambda: settled(real_store), 40, "an outcome for every article")
    assert outcomes(real_store) == {"done": 6, "quarantined": 3}
    failures = {entry.failure.stage: entry.failure for entry in real_store.quarantine.list()}
    assert {stage: failure.error for stage, failure in failures.items()} == {
        StageName.GEOTAG: "ArticleTimeout",
        StageName.CLEAN: "DeliveryLimit",
        StageName.ENTITIES: "DeliveryLimit",
    }
    assert worker.poll() is None
    assert real_store.verify().sound


def test_kill_9_in_the_middle_and_a_lost_broker_lose_nothing(
    real_store: Store, workers: Workers, redis_server: RedisServer
) -> None:
    real_store.ledger.accept([article(n, text=f"entities:sleep geotag:sleep {n}", lane=Lane.BULK) for n in range(8)])
    first = workers.start("fake_worker", claim_articles=4, lease=1)
    eventually(lambda: real_store.ledger.backlog().leased > 0, 20, "a claim")
    time.sleep(0.2)
    workers.kill(first, signal.SIGKILL)
    assert real_store.ledger.backlog().pending > 0
    redis_server.client(1).flushdb()
    workers.start("fake_worker", claim_articles=4, lease=5)
    eventually(lambda: settled(real_store), 40, "an outcome for every article")
    assert outcomes(real_store) == {"done": 8}
    verification = real_store.verify()
    assert verification.sound, verification.findings


def test_a_worker_is_woken_no_more_than_is_useful_and_stops_within_its_grace_period(
    real_store: Store, redis_server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    heartbeat = tmp_path / "heartbeat"
    worker = workers.start("fake_worker", heartbeat_file=heartbeat, stop_grace=GRACE_S)
    real_store.ledger.accept([article(n, lane=Lane.BULK) for n in range(500)])
    broker = redis_server.client(1)
    most = 0
    while not settled(real_store):
        most = max(most, *(broker.llen(f"dl.{name}") for name in QUEUES))  # type: ignore[type-var]
        time.sleep(0.01)
    # Eight are useful; the keeper and a claim that look in the same moment may both fill up.
    assert most <= 2 * 8
    assert isinstance(real_store.results.get(article(1).id), Result)
    assert heartbeat.exists()
    started = time.monotonic()
    os.kill(worker.pid, signal.SIGTERM)
    worker.wait(timeout=60)
    assert time.monotonic() - started < 2 * GRACE_S, "nothing was under way; half of it is what a task would get"
    # The backlog made no extra runs either: each article went through each stage once.
    lines = [json.loads(line) for line in workers.logs().splitlines() if '"stage.finished"' in line]
    assert sum(line["articles"] for line in lines) == 4 * 500
