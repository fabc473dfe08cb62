"""A Redis that has reached its memory limit: submissions are refused, nothing is lost, and room heals it."""

import time

import pytest
from conftest import Workers, article, eventually
from ledger_steps import LEASE_MS, advance, claim, finish
from unit.api.application import body, serving

from schemas import Lane, Outcome, StageName
from store import Store, StoreFull, Verdict
from tasks.batch import Batch
from tasks.lease import handed_back

pytestmark = pytest.mark.integration


def fill(store: Store) -> None:
    store.client.config_set("maxmemory", "1")


def make_room(store: Store) -> None:
    store.client.config_set("maxmemory", "0")


def test_a_full_store_refuses_and_takes_again_when_there_is_room(own_store: Store) -> None:
    own_store.ledger.accept([article(1)])
    fill(own_store)
    with pytest.raises(StoreFull, match="retention"):
        own_store.ledger.accept([article(2)])
    assert own_store.ledger.backlog().accepted == 1
    make_room(own_store)
    own_store.ledger.accept([article(2)])
    assert own_store.ledger.backlog().accepted == 2
    assert own_store.verify().sound


def test_the_api_answers_a_full_store_with_503_before_it_writes(own_store: Store) -> None:
    with serving(own_store) as client:
        assert client.post("/v1/articles", json=body(1)).status_code == 202
        fill(own_store)
        time.sleep(0.3)
        response = client.post("/v1/articles", json=body(2))
        assert (response.status_code, response.json()["type"]) == (503, "urn:dateline:problem:full")
        assert int(response.headers["Retry-After"]) > 0
        assert client.get("/v1/feed").status_code == 200, "reading goes on"
        make_room(own_store)
        time.sleep(0.3)
        assert client.post("/v1/articles", json=body(2)).status_code == 202


def test_work_that_is_under_way_keeps_its_lease_and_commits_when_there_is_room(own_store: Store) -> None:
    own_store.ledger.accept([article(1)])
    taken = claim(own_store)
    fill(own_store)
    with pytest.raises(StoreFull):
        advance(own_store, taken.refs[0], taken.token, StageName.CLEAN)
    assert own_store.ledger.renew(taken.refs, taken.token, LEASE_MS) == 1
    make_room(own_store)
    assert advance(own_store, taken.refs[0], taken.token, StageName.CLEAN) is Verdict.COMMITTED


def test_work_that_cannot_wait_any_longer_goes_back_and_counts_for_nobody(own_store: Store) -> None:
    own_store.ledger.accept([article(1)])
    taken = claim(own_store)
    fill(own_store)
    with pytest.raises(StoreFull), handed_back(own_store, Batch.of(taken)):
        advance(own_store, taken.refs[0], taken.token, StageName.CLEAN)
    assert own_store.ledger.backlog().waiting[Lane.LIVE] == 1
    make_room(own_store)
    [loaded] = own_store.ledger.load(claim(own_store).refs, [])
    assert loaded
    assert loaded.lost == 0


def test_an_expired_lease_comes_back_in_a_full_store(own_store: Store) -> None:
    own_store.ledger.accept([article(1)])
    own_store.ledger.claim(limit=1, max_bytes=1, lease_ms=1, bulk_share=0)
    time.sleep(0.01)
    fill(own_store)
    assert own_store.ledger.reap() == (1, 0)


def test_the_retention_makes_room_in_a_full_store(own_store: Store) -> None:
    finish(own_store)
    fill(own_store)
    later = int(time.time() * 1000) + 60_000
    assert own_store.ledger.forget(results_before_ms=later, bodies_before_ms=later) > 0
    assert not own_store.client.zcard(own_store.keys.every)


def test_nothing_is_lost_when_the_store_is_full_for_a_while(workers: Workers, real_store: Store) -> None:
    worker = workers.start("fake_worker", lease=2, max_deliveries=20)
    real_store.ledger.accept([article(number, text=f"clean:sleep {number}") for number in range(80)])
    eventually(lambda: real_store.ledger.backlog().outcome(Outcome.DONE) > 0, 60, "the first outcome")
    fill(real_store)
    try:
        time.sleep(2)
        pending = real_store.ledger.backlog().pending
        assert worker.poll() is None
    finally:
        make_room(real_store)
    assert pending > 0, "the test was too slow to catch articles in work"
    eventually(lambda: not real_store.ledger.backlog().pending, 60, "the last outcome")
    backlog = real_store.ledger.backlog()
    assert backlog.outcome(Outcome.DONE) == 80
    assert real_store.verify().sound
