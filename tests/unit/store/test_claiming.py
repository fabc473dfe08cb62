import pytest
from conftest import article
from ledger_steps import LEASE_MS, claim

from schemas import Lane
from store import Store


@pytest.mark.parametrize(("lane", "other"), [(Lane.LIVE, Lane.BULK), (Lane.BULK, Lane.LIVE)])
def test_a_worker_for_one_lane_leaves_the_other_alone(any_store: Store, lane: Lane, other: Lane) -> None:
    any_store.ledger.accept([article(1, lane=other)])
    only = {"limit": 32, "max_bytes": 10**6, "lease_ms": LEASE_MS, "bulk_share": 0.5, "lane": lane}
    assert any_store.ledger.claim(**only).refs == ()
    [mine, *_] = any_store.ledger.accept([article(n, lane=lane) for n in range(2, 5)])
    taken = any_store.ledger.claim(**only).refs
    assert (taken[0], len(taken)) == (mine.ref, 3)
    assert any_store.ledger.backlog().waiting[other] == 1


def test_a_claim_takes_the_oldest_first_and_leases_them(any_store: Store) -> None:
    for number in range(3):
        any_store.scripts.clock_ms = 1_000_000 + number
        any_store.ledger.accept([article(number)])
    taken = claim(any_store, limit=2)
    assert [ref.article_id for ref in taken.refs] == [article(0).id, article(1).id]
    backlog = any_store.ledger.backlog()
    assert (backlog.leased, backlog.waiting[Lane.LIVE]) == (2, 1)


def test_articles_of_one_millisecond_are_claimed_in_the_order_of_arrival_also_after_a_return(any_store: Store) -> None:
    articles = [article(number) for number in range(12)]
    any_store.ledger.accept(articles)
    first = claim(any_store)
    assert [ref.article_id for ref in first.refs] == [new.id for new in articles]
    any_store.ledger.give_back(first.refs, first.token)
    assert claim(any_store).refs == first.refs


def test_a_claim_of_nothing_is_empty(any_store: Store) -> None:
    assert claim(any_store).refs == ()


def test_live_articles_come_before_bulk_ones(any_store: Store) -> None:
    any_store.ledger.accept([article(n, lane=Lane.BULK) for n in range(40)])
    any_store.ledger.accept([article(99)])
    assert claim(any_store).refs[0].article_id == article(99).id


def test_a_flood_of_live_articles_leaves_bulk_its_share(any_store: Store) -> None:
    any_store.ledger.accept([article(n, lane=Lane.BULK) for n in range(40)])
    any_store.ledger.accept([article(n) for n in range(100, 200)])
    claim(any_store)
    waiting = any_store.ledger.backlog().waiting
    assert waiting == {Lane.LIVE: 100 - 28, Lane.BULK: 40 - 4}


def test_one_live_article_is_not_held_up_by_a_batch_of_bulk(any_store: Store) -> None:
    any_store.ledger.accept([article(n, lane=Lane.BULK) for n in range(40)])
    any_store.ledger.accept([article(99)])
    assert len(claim(any_store).refs) == 2


def test_without_a_share_bulk_waits_until_no_live_article_does(any_store: Store) -> None:
    any_store.ledger.accept([article(n, lane=Lane.BULK) for n in range(3)] + [article(9)])
    assert len(claim(any_store, bulk_share=0).refs) == 1
    assert len(claim(any_store, bulk_share=0).refs) == 3


def test_claims_of_one_article_take_bulk_in_turns(any_store: Store) -> None:
    any_store.ledger.accept([article(n, lane=Lane.BULK if n < 8 else Lane.LIVE) for n in range(16)])
    taken = [claim(any_store, limit=1, bulk_share=0.25).refs for _ in range(8)]
    assert [len(refs) for refs in taken] == [1] * 8
    assert any_store.ledger.backlog().waiting == {Lane.LIVE: 2, Lane.BULK: 6}


def test_a_claim_stops_at_the_byte_limit_but_takes_at_least_one(any_store: Store) -> None:
    any_store.ledger.accept([article(n, text="x" * 1_000) for n in range(3)])
    assert len(claim(any_store, max_bytes=10).refs) == 1
    assert len(claim(any_store, max_bytes=2_500).refs) == 2


def test_each_claim_has_its_own_token(any_store: Store) -> None:
    any_store.ledger.accept([article(1), article(2)])
    assert claim(any_store, limit=1).token != claim(any_store, limit=1).token


def test_an_article_whose_worker_died_right_after_the_claim_is_a_suspect(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    claim(any_store)
    any_store.scripts.clock_ms = 1_000_000 + LEASE_MS
    any_store.ledger.reap()
    [loaded] = any_store.ledger.load(claim(any_store).refs, ())
    assert loaded is not None
    assert loaded.lost == 1


def test_an_article_whose_worker_died_is_claimed_alone(any_store: Store) -> None:
    any_store.ledger.accept([article(n) for n in range(4)])
    suspects = claim(any_store, limit=1)
    any_store.ledger.give_back(suspects.refs, suspects.token, lost=True)
    sizes = [len(claim(any_store).refs) for _ in range(4)]
    assert sorted(sizes) == [0, 0, 1, 3]


def test_an_article_that_was_handed_back_unharmed_is_no_suspect(any_store: Store) -> None:
    any_store.ledger.accept([article(n) for n in range(4)])
    taken = claim(any_store, limit=1)
    any_store.ledger.give_back(taken.refs, taken.token)
    assert len(claim(any_store).refs) == 4
