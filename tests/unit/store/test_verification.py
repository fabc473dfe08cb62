from conftest import article
from unit.store.test_ledger import claim, finish

from schemas import Lane, Outcome
from store import Store


def kinds(store: Store) -> set[str]:
    return {finding.kind for finding in store.verify().findings}


def test_a_sound_ledger_has_no_findings(any_store: Store) -> None:
    finish(any_store)
    any_store.ledger.accept([article(2), article(3)])
    claim(any_store, limit=1)
    verification = any_store.verify()
    assert verification.sound
    assert verification.articles == 3


def test_a_lost_place_in_the_lane_is_found(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    any_store.client.delete(any_store.keys.waiting(Lane.LIVE))
    assert kinds(any_store) == {"accounting", "not_where_its_state_says"}


def test_an_article_in_two_places_is_found(any_store: Store) -> None:
    ref = finish(any_store)
    any_store.client.zadd(any_store.keys.leased, {str(ref): 1})
    assert "done_but_listed_as_leased" in kinds(any_store)


def test_a_result_missing_from_the_feed_is_found(any_store: Store) -> None:
    finish(any_store)
    any_store.client.delete(any_store.keys.feed)
    assert kinds(any_store) == {"outcome_not_in_feed"}


def test_a_result_published_twice_is_found(any_store: Store) -> None:
    ref = finish(any_store)
    entry = {"ref": str(ref), "outcome": "done", "at": 1, "entry": "{}"}
    any_store.client.xadd(any_store.keys.feed, entry)  # type: ignore[arg-type]
    assert kinds(any_store) == {"published_twice"}


def test_a_vanished_record_is_found(any_store: Store) -> None:
    ref = finish(any_store)
    any_store.client.delete(any_store.keys.record(ref))
    assert {"index_without_record", "outcome_count"} <= kinds(any_store)


def test_a_wrong_counter_is_found(any_store: Store) -> None:
    finish(any_store)
    any_store.client.hincrby(any_store.keys.counts, Outcome.DONE.value, 1)
    assert kinds(any_store) == {"accounting", "outcome_count"}
