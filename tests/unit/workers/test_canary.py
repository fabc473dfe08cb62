from datetime import timedelta

import pytest
from unit.api.application import finish

from schemas import Lane
from store import Store
from workers.canary import Canary, Sighting

WITHIN_S, EVERY_S = 30, 15


class Clocked:
    """A canary whose clock is moved by hand; its first look does not wait."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("workers.canary._FIRST_WAIT_S", 0.0)
        self.store = store
        self.woken = 0
        self.failing = False
        self.canary = Canary(store, self._wake, timedelta(seconds=WITHIN_S), timedelta(seconds=EVERY_S))
        store.scripts.clock_ms = 1_000_000_000

    def _wake(self) -> None:
        self.woken += 1
        if self.failing:
            raise ConnectionError

    def look(self, after_s: float = 0) -> Sighting:
        assert self.store.scripts.clock_ms
        self.store.scripts.clock_ms += int(after_s * 1000)
        return self.canary.look()


@pytest.fixture
def clocked(store: Store, monkeypatch: pytest.MonkeyPatch) -> Clocked:
    return Clocked(store, monkeypatch)


def test_before_the_first_has_arrived_it_is_not_ready(clocked: Clocked) -> None:
    assert not clocked.look().ready
    assert clocked.woken == 1


def test_it_is_ready_when_one_got_through_in_time(clocked: Clocked) -> None:
    clocked.look()
    clocked.store.scripts.clock_ms += 2_000  # type: ignore[operator]
    finish(clocked.store)
    seen = clocked.look(after_s=3)
    assert seen.ready
    assert (seen.seconds, seen.age_s) == (2.0, 3.0)


def test_no_other_is_sent_while_the_last_one_is_young(clocked: Clocked) -> None:
    clocked.look()
    finish(clocked.store)
    for _ in range(5):
        clocked.look(after_s=2)
    assert clocked.store.ledger.backlog().accepted == 1
    clocked.look(after_s=10)
    assert clocked.store.ledger.backlog().accepted == 2


def test_it_stays_ready_while_the_next_one_is_on_its_way_and_not_for_longer(clocked: Clocked) -> None:
    clocked.look()
    finish(clocked.store)
    clocked.look(after_s=EVERY_S)
    assert clocked.look(after_s=WITHIN_S).ready
    late = clocked.look(after_s=1)
    assert not late.ready
    assert "check that workers run" in late.detail


def test_one_whose_worker_died_is_taken_back_and_woken_again(clocked: Clocked, monkeypatch: pytest.MonkeyPatch) -> None:
    clocked.look()
    clocked.store.ledger.claim(limit=1, max_bytes=10**9, lease_ms=1_000, bulk_share=0)
    clocked.look(after_s=2)
    assert (clocked.store.ledger.backlog().waiting[Lane.LIVE], clocked.woken) == (0, 1), "it was woken just now"
    monkeypatch.setattr("workers.canary._AGAIN_S", 0.0)
    clocked.look()
    assert (clocked.store.ledger.backlog().waiting[Lane.LIVE], clocked.woken) == (1, 2)


def test_one_that_took_too_long_is_told(clocked: Clocked) -> None:
    clocked.look()
    clocked.store.scripts.clock_ms += 40_000  # type: ignore[operator]
    finish(clocked.store)
    seen = clocked.look()
    assert (seen.ready, seen.seconds) == (False, 40.0)
    assert "more workers" in seen.detail


def test_one_that_did_not_pass_every_stage_is_told(clocked: Clocked) -> None:
    clocked.look()
    finish(clocked.store, quarantine=True)
    seen = clocked.look()
    assert not seen.ready
    assert "quarantined" in seen.detail


def test_old_ones_are_forgotten_whatever_became_of_them(clocked: Clocked) -> None:
    for number in range(20):
        clocked.look(after_s=EVERY_S)
        finish(clocked.store, quarantine=number % 2 == 0)
    assert clocked.store.verify().articles < 12
    assert clocked.store.verify().sound


def test_a_broker_that_is_away_only_makes_it_late(clocked: Clocked) -> None:
    clocked.failing = True
    assert not clocked.look().ready


def test_its_store_shares_nothing_with_that_of_the_articles(store: Store) -> None:
    beside = store.beside("canary")
    Canary(beside, lambda: None, timedelta(seconds=0.01), timedelta(seconds=1)).look()
    finish(beside)
    assert store.ledger.backlog().accepted == 0
    assert store.feed.page().items == ()
    assert store.verify().articles == 0
