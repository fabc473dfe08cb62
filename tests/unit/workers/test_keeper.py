import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from conftest import Workers, article, eventually
from ledger_steps import finish
from unit.workers.metrics.test_metrics_instruments import samples

from schemas import Lane
from store import Store, StoreUnavailable
from workers.keeper import Keeper
from workers.settings import Settings


class Counter:
    """Wake-ups that only count."""

    def __init__(self) -> None:
        self.calls = 0

    def top_up(self) -> int:
        self.calls += 1
        return 1


@pytest.fixture
def wakeups() -> Counter:
    return Counter()


def keeper(store: Store, wakeups: Counter, **settings: float) -> Keeper:
    config = Settings(_env_file=None, **settings)  # type: ignore[arg-type]
    return Keeper(config, store, wakeups, "test")  # type: ignore[arg-type]


def test_a_round_returns_expired_leases(store: Store, wakeups: Counter) -> None:
    store.ledger.accept([article(1)])
    store.ledger.claim(limit=1, max_bytes=1, lease_ms=1, bulk_share=0)
    time.sleep(0.01)
    keeper(store, wakeups).round()
    assert store.ledger.backlog().waiting[Lane.LIVE] == 1


def test_of_several_keepers_one_tops_up_at_a_time(store: Store, wakeups: Counter) -> None:
    for _ in range(5):
        keeper(store, wakeups, keeper_interval=60).round()
    assert wakeups.calls == 1


def test_the_retention_goes_by_the_clock_of_the_store(store: Store, wakeups: Counter) -> None:
    store.scripts.clock_ms = 1_000_000
    finish(store)
    keeper(store, wakeups).round()
    assert store.verify().articles == 1
    store.scripts.clock_ms = 1_000_000 + 36 * 24 * 3_600_000
    keeper(store, wakeups).round()
    assert store.verify().articles == 0


def test_the_retention_is_applied_once_a_minute_and_not_in_every_round(store: Store, wakeups: Counter) -> None:
    store.scripts.clock_ms = 1_000_000
    finish(store)
    running = keeper(store, wakeups)
    running.round()
    store.scripts.clock_ms = 1_000_000 + 36 * 24 * 3_600_000
    running.round()
    assert store.verify().articles == 1


@pytest.mark.parametrize("ahead", ["server", "worker"])
def test_a_clock_that_is_years_ahead_deletes_nothing(store: Store, wakeups: Counter, ahead: str) -> None:
    now, years = datetime.now(UTC), timedelta(days=5 * 365)
    store.scripts.clock_ms = int(now.timestamp() * 1000)
    finish(store)
    kept = keeper(store, wakeups)
    if ahead == "server":
        store.scripts.clock_ms = int((now + years).timestamp() * 1000)
    else:
        kept._clock = lambda: now + years
    kept._sweep()
    assert store.verify().articles == 1


def test_the_keeper_goes_on_after_a_fault(store: Store, wakeups: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    original, faults = store.ledger.reap, [StoreUnavailable("gone")]

    def flaky(**_: int) -> tuple[int, int]:
        if faults:
            raise faults.pop()
        return original(**_)

    monkeypatch.setattr(store.ledger, "reap", flaky)
    running = keeper(store, wakeups, keeper_interval=0.01)
    with structlog.testing.capture_logs() as logs:
        running.start()
        end = time.monotonic() + 5
        while not wakeups.calls and time.monotonic() < end:
            time.sleep(0.01)
        running.stop()
    assert wakeups.calls
    assert "keeper.round_failed" in {log["event"] for log in logs}


@pytest.mark.integration
def test_a_keeper_without_a_worker_returns_leases_and_stops_when_told(workers: Workers, tmp_path: Path) -> None:
    store = Store.open(workers.server.url())
    store.ledger.accept([article(1)])
    store.ledger.claim(limit=1, max_bytes=1, lease_ms=1, bulk_share=0)
    beat = tmp_path / "heartbeat"
    own = {**os.environ, **workers.environment(heartbeat_file=beat)}
    running = subprocess.Popen([sys.executable, "-m", "workers.keeper"], env=own, stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: store.ledger.backlog().waiting[Lane.LIVE] == 1, 20, "the lease to come back")
        broker = workers.server.client(1)
        eventually(lambda: broker.llen("dl.dateline.live.clean") == 1, 20, "a wake-up for the first worker that starts")
        assert beat.exists()
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=10) == 0
    finally:
        running.kill()
        running.wait()
        store.close()


def test_an_elected_keeper_keeps_copies_of_the_figures(store: Store, wakeups: Counter) -> None:
    keeper(store, wakeups).round()
    assert store.client.zcard(f"{store.keys.figures}:past") == 1


def test_what_a_keeper_does_is_counted(store: Store, wakeups: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = keeper(store, wakeups)
    store.ledger.accept([article(1)])
    store.ledger.claim(limit=1, max_bytes=1, lease_ms=1, bulk_share=0)
    time.sleep(0.01)
    kept.round()
    told = samples(kept._instruments.text())
    assert told["dateline_keeper_rounds_total", (("result", "ok"),)] == 1
    assert told["dateline_keeper_rounds_total", (("result", "failed"),)] == 0
    assert told["dateline_keeper_returned_total", (("why", "expired"),)] == 1
    assert told["dateline_keeper_wakeups_total", ()] == 1
    assert time.time() - told["dateline_keeper_last_round_timestamp_seconds", ()] < 60
