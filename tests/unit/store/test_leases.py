import pytest
from conftest import article
from ledger_steps import LEASE_MS, advance, claim, failure

from schemas import Result, StageName
from store import STAGES, Store, Verdict


def test_a_lease_that_has_not_expired_is_left_alone(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    claim(any_store)
    any_store.scripts.clock_ms = 1_000_000 + LEASE_MS - 1
    assert any_store.ledger.reap() == (0, 0)


def test_a_lease_from_before_the_clock_was_set_back_does_not_outlast_a_new_one(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    claim(any_store)
    hour_ago = 1_000_000 - 3_600_000
    any_store.scripts.clock_ms = hour_ago
    assert any_store.ledger.reap(longest_lease_ms=LEASE_MS) == (0, 0)
    any_store.scripts.clock_ms = hour_ago + LEASE_MS
    assert any_store.ledger.reap(longest_lease_ms=LEASE_MS) == (1, 0)


def test_a_delay_from_before_the_clock_was_set_back_ends_in_time(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    any_store.ledger.delay(taken.refs[0], taken.token, 5_000, failure())
    any_store.scripts.clock_ms = 500_000
    any_store.ledger.reap(longest_delay_ms=60_000)
    any_store.scripts.clock_ms = 560_000
    assert any_store.ledger.reap(longest_delay_ms=60_000) == (0, 1)


def test_a_commit_renews_the_lease(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    any_store.scripts.clock_ms = 1_000_000 + LEASE_MS - 1
    advance(any_store, taken.refs[0], taken.token, StageName.CLEAN)
    any_store.scripts.clock_ms = 1_000_000 + LEASE_MS + 1
    assert any_store.ledger.reap() == (0, 0)


def test_renewing_keeps_what_is_still_held_only(any_store: Store) -> None:
    any_store.ledger.accept([article(1), article(2)])
    taken = claim(any_store)
    any_store.ledger.give_back(taken.refs[:1], taken.token)
    any_store.scripts.clock_ms = 1_000_000 + LEASE_MS - 1
    assert any_store.ledger.renew(taken.refs, taken.token, LEASE_MS) == 1
    any_store.scripts.clock_ms = 1_000_000 + LEASE_MS + 1
    assert any_store.ledger.reap() == (0, 0)


@pytest.mark.parametrize(("working", "lost"), [(True, 1), (False, 0)])
def test_a_lease_that_expires_counts_as_lost_only_while_a_worker_works(
    any_store: Store, *, working: bool, lost: int
) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    advance(any_store, taken.refs[0], taken.token, StageName.CLEAN)
    if working:
        any_store.ledger.renew(taken.refs, taken.token, LEASE_MS)
    any_store.scripts.clock_ms = 1_000_000 + LEASE_MS
    any_store.ledger.reap()
    [loaded] = any_store.ledger.load(claim(any_store).refs, ())
    assert loaded is not None
    assert loaded.lost == lost


def test_a_delayed_article_comes_back_when_its_time_has_come(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    assert any_store.ledger.delay(taken.refs[0], taken.token, 5_000, failure()) is Verdict.COMMITTED
    assert claim(any_store).refs == ()
    assert any_store.ledger.backlog().delayed == 1
    any_store.scripts.clock_ms = 1_005_000
    assert any_store.ledger.reap() == (0, 1)
    [loaded] = any_store.ledger.load(claim(any_store).refs, ())
    assert loaded is not None
    assert loaded.retries == 1


def test_what_an_article_went_through_is_no_part_of_its_result(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    any_store.ledger.delay(taken.refs[0], taken.token, 5_000, failure())
    any_store.scripts.clock_ms = 1_005_000
    any_store.ledger.reap()
    taken = claim(any_store)
    for stage in STAGES:
        advance(any_store, taken.refs[0], taken.token, stage)
    found = any_store.results.get(taken.refs[0].article_id)
    assert isinstance(found, Result)
    assert found.failure is None


def test_one_keeper_at_a_time_is_elected(any_store: Store) -> None:
    assert any_store.ledger.elect_keeper("a", 10_000)
    assert not any_store.ledger.elect_keeper("b", 10_000)


def test_a_keeper_elected_before_the_clock_was_set_back_does_not_block_the_next(any_store: Store) -> None:
    any_store.ledger.elect_keeper("a", 3_600_000)
    assert any_store.ledger.elect_keeper("b", 900)
