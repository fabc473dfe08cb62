import time

import pytest
import structlog
from conftest import article, eventually

from schemas import Ref, State
from store import Store, StoreFull, StoreUnavailable
from tasks.batch import Batch
from tasks.lease import handed_back, renewed

LEASE_MS = 400
"""Renewed every 133 ms: a thread may be late by a quarter of a second on a busy machine and the lease still lives."""


def later(store: Store) -> None:
    """Let the lease be over, without waiting for it."""
    store.scripts.clock_ms = int(time.time() * 1000) + 10 * LEASE_MS


def claimed(store: Store) -> Batch:
    store.ledger.accept([article(1)])
    return Batch.of(store.ledger.claim(limit=1, max_bytes=1, lease_ms=LEASE_MS, bulk_share=0))


def test_a_lease_lives_as_long_as_the_work(store: Store) -> None:
    batch = claimed(store)
    with renewed(store, batch, LEASE_MS):
        time.sleep(1.5 * LEASE_MS / 1000)
        assert store.ledger.reap() == (0, 0)
    later(store)
    assert store.ledger.reap() == (1, 0)


def test_work_goes_on_while_the_store_is_away(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = claimed(store)

    def gone(*_: object) -> int:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(store.ledger, "renew", gone)
    with structlog.testing.capture_logs() as logs, renewed(store, batch, LEASE_MS):
        eventually(lambda: bool(logs), 2, "a warning")
    assert logs[0]["event"] == "lease.not_renewed"


def test_the_renewal_ends_with_an_error_of_the_work(store: Store) -> None:
    batch = claimed(store)
    with pytest.raises(ValueError), renewed(store, batch, LEASE_MS):
        raise ValueError
    later(store)
    assert store.ledger.reap() == (1, 0)


def test_a_batch_is_handed_back_when_its_process_is_told_to_stop(store: Store) -> None:
    (ref,) = (acceptance.ref for acceptance in store.ledger.accept([article(1)]))
    batch = Batch.of(store.ledger.claim(limit=1, max_bytes=10**6, lease_ms=60_000, bulk_share=0))
    with pytest.raises(SystemExit), handed_back(store, batch):
        raise SystemExit
    (loaded,) = store.ledger.load([ref], [])
    assert loaded
    assert (loaded.state, loaded.lost) == (State.WAITING, 0)


def test_a_batch_that_is_the_reason_for_the_stop_is_blamed(store: Store) -> None:
    batch = claimed(store)
    with pytest.raises(SystemExit), handed_back(store, batch, overdue=lambda: True):
        raise SystemExit
    (loaded,) = store.ledger.load(batch.refs, [])
    assert loaded
    assert (loaded.state, loaded.lost) == (State.WAITING, 1)


def test_a_store_that_is_full_is_nobody_s_fault_however_long_it_took(store: Store) -> None:
    batch = claimed(store)
    with pytest.raises(StoreFull), handed_back(store, batch, overdue=lambda: True):
        raise StoreFull("full")
    (loaded,) = store.ledger.load(batch.refs, [])
    assert loaded
    assert (loaded.state, loaded.lost) == (State.WAITING, 0)


def test_a_store_that_is_away_does_not_keep_a_process_from_stopping(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(store.ledger, "give_back", away)
    with pytest.raises(SystemExit), handed_back(store, Batch("1", (Ref("a", 1),))):
        raise SystemExit


def test_a_fault_hands_nothing_back(store: Store) -> None:
    store.ledger.accept([article(1)])
    batch = Batch.of(store.ledger.claim(limit=1, max_bytes=10**6, lease_ms=60_000, bulk_share=0))
    with pytest.raises(ValueError, match="no"), handed_back(store, batch):
        raise ValueError("no")
    assert store.ledger.backlog().leased == 1
