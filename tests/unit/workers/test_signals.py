from types import SimpleNamespace

import pytest
import structlog
from billiard.exceptions import TimeLimitExceeded, WorkerLostError
from conftest import article

from schemas import Lane
from store import Store
from tasks.batch import Batch
from workers import signals


@pytest.fixture
def ledger(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(Store, "open", lambda *_: store)
    return store


def claimed(store: Store) -> Batch:
    store.ledger.accept([article(1), article(2)])
    return Batch.of(store.ledger.claim(limit=2, max_bytes=10**6, lease_ms=60_000, bulk_share=0))


@pytest.mark.parametrize("how", [WorkerLostError("died"), TimeLimitExceeded(150)])
def test_the_batch_of_a_dead_process_goes_back_at_once_as_suspects(ledger: Store, how: Exception) -> None:
    batch = claimed(ledger)
    signals.return_lost_batch(exception=how, args=[batch.write()])
    assert ledger.ledger.backlog().waiting[Lane.LIVE] == 2
    assert len(ledger.ledger.claim(limit=2, max_bytes=10**6, lease_ms=1, bulk_share=0).refs) == 1


@pytest.mark.parametrize("args", [(), ("live",), ({"other": 1},), None])
def test_a_dead_process_whose_batch_is_unknown_is_left_to_the_lease(ledger: Store, args: object) -> None:
    claimed(ledger)
    signals.return_lost_batch(exception=WorkerLostError("died"), args=args)
    assert ledger.ledger.backlog().leased == 2


def test_an_ordinary_failure_returns_nothing(ledger: Store) -> None:
    batch = claimed(ledger)
    signals.return_lost_batch(exception=ValueError("no"), args=[batch.write()])
    assert ledger.ledger.backlog().leased == 2


def test_the_log_context_of_a_task_ends_with_it() -> None:
    signals.bind_context(task_id="t1", task=SimpleNamespace(stage="clean"))
    assert structlog.contextvars.get_contextvars() == {"task_id": "t1", "stage": "clean"}
    signals.clear_context()
    assert structlog.contextvars.get_contextvars() == {}


def test_a_process_that_died_over_a_batch_is_counted() -> None:
    counter = signals._instruments.counter("dateline_worker_lost_processes_total")
    before = counter._value.get()
    for error in (ValueError("no"), WorkerLostError("died")):
        signals.tell_failure(exception=error)
    assert counter._value.get() - before == 1
