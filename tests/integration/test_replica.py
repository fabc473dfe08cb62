"""A replica in the place of the primary takes no changes; once it is promoted, its last writes may be missing."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import RedisServer, Workers, article, eventually
from integration.test_api_server import answers, server
from ledger_steps import claim
from unit.api.application import body

from schemas import Answer, FeedEntry, Outcome
from store import Store, StoreReadOnly

pytestmark = pytest.mark.integration
ARTICLES = 120


@pytest.fixture
def replica(tmp_path: Path, own_redis_server: RedisServer) -> Iterator[RedisServer]:
    """A replica of the test's own server, which has what that has."""
    folder = tmp_path / "replica"
    folder.mkdir()
    copy = RedisServer(folder)
    copy.start()
    copy.client().replicaof("127.0.0.1", own_redis_server.port)
    eventually(lambda: copy.client().info("replication")["master_link_status"] == "up", 20, "replication")
    yield copy
    copy.stop()


def caught_up(primary: RedisServer, copy: RedisServer) -> bool:
    behind = primary.client().info("replication")["master_repl_offset"]
    return bool(copy.client().info("replication")["slave_repl_offset"] >= behind)


def feed(store: Store) -> list[FeedEntry]:
    found: list[FeedEntry] = []
    while (page := store.feed.page(found[-1].cursor if found else "0-0", 500)).items:
        found += page.items
    return found


def test_api_and_workers_say_that_a_replica_answers_lose_nothing_and_go_on_when_it_is_promoted(
    own_redis_server: RedisServer, replica: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    with Store.open(own_redis_server.url()).client as client:
        Store(client).ledger.accept([article(number) for number in range(20)])
    eventually(lambda: caught_up(own_redis_server, replica), 20, "the replica")
    workers.server = replica
    worker = workers.start("fake_worker", lease=2)
    store = Store.open(replica.url())
    with server(replica, tmp_path) as (url, api):
        eventually(lambda: is_up(url), 40, "the API")
        told = httpx.post(f"{url}/v1/articles", json=body(500))
        assert (told.status_code, told.json()["type"]) == (503, "urn:dateline:problem:unavailable")
        assert "read-only replica" in told.json()["detail"]
        assert int(told.headers["Retry-After"]) > 0
        assert httpx.get(f"{url}/v1/health/accepting").status_code == 503
        assert httpx.get(f"{url}/v1/feed").status_code == 200, "reading goes on"
        eventually(lambda: "read only replica" in workers.logs(), 40, "the worker's word on it")
        assert "promote this one" in (tmp_path / "api.log").read_text()
        assert (worker.poll(), api.poll()) == (None, None)
        replica.client().replicaof("NO", "ONE")
        eventually(lambda: answers(url), 20, "the API")
        assert httpx.post(f"{url}/v1/articles", json=body(500)).status_code == 202
        eventually(lambda: not store.ledger.backlog().pending, 40, "every outcome")
        assert worker.poll() is None
    assert store.ledger.backlog().outcome(Outcome.DONE) == 21
    verification = store.verify()
    assert verification.sound, verification.findings
    assert "task.failed" not in workers.logs()
    assert "Frequent restarts" not in workers.logs(), "it waits between its tries"
    assert workers.logs().count("broker.refuses") in range(1, 8)
    store.close()


def is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/v1/health/live").status_code == 200
    except httpx.TransportError:
        return False


def test_work_that_was_begun_on_a_primary_that_became_a_replica_waits_for_the_next_one(
    own_store: Store, own_redis_server: RedisServer, workers: Workers
) -> None:
    workers.server = own_redis_server
    workers.start("fake_worker", lease=2, claim_articles=4)
    own_store.ledger.accept([article(number, text=f"entities:nap {number}") for number in range(8)])
    eventually(lambda: own_store.ledger.backlog().leased > 0, 20, "a claim")
    demoted = own_redis_server.client()
    demoted.replicaof("127.0.0.1", 1)  # nobody is there: it keeps its data, and takes no changes
    with pytest.raises(StoreReadOnly):
        claim(own_store)
    eventually(lambda: "StoreReadOnly" in workers.logs(), 40, "the worker's word on it")
    time.sleep(1)
    demoted.replicaof("NO", "ONE")
    eventually(lambda: not own_store.ledger.backlog().pending, 60, "every outcome")
    assert own_store.ledger.backlog().outcome(Outcome.DONE) == 8
    assert own_store.verify().sound


def test_what_a_promoted_replica_never_got_is_accepted_anew_and_told_once(
    own_store: Store, own_redis_server: RedisServer, replica: RedisServer, workers: Workers
) -> None:
    """Half of the articles are lost with the primary, and so is half of what the workers did meanwhile."""
    workers.server = own_redis_server
    worker = workers.start("fake_worker", lease=3, claim_articles=8, worker_concurrency=2)
    everything = [article(number, text=f"entities:sleep {number}") for number in range(ARTICLES)]
    own_store.ledger.accept(everything[: ARTICLES // 2])
    eventually(lambda: own_store.ledger.backlog().outcome(Outcome.DONE) > 0, 40, "the first outcome")
    replica.client().replicaof("NO", "ONE")  # from here on it gets nothing any more
    own_store.ledger.accept(everything[ARTICLES // 2 :])
    done = own_store.ledger.backlog().outcome(Outcome.DONE)
    eventually(lambda: own_store.ledger.backlog().outcome(Outcome.DONE) > done + 4, 40, "outcomes that will be lost")
    seen = feed(own_store)
    own_redis_server.stop(signal.SIGKILL)
    replica.stop()
    promoted = RedisServer(replica.folder, port=own_redis_server.port)  # the name that everybody knows
    promoted.start()
    try:
        eventually(lambda: own_store.ledger.backlog().accepted >= 0, 20, "the promoted one")
        answered = Counter(found.answer for found in own_store.ledger.accept(everything))  # as the scrapers repeat them
        assert answered[Answer.ACCEPTED] == ARTICLES // 2, "those that were lost"
        eventually(lambda: not own_store.ledger.backlog().pending, 60, "every outcome")
        backlog, told = own_store.ledger.backlog(), feed(own_store)
        assert (backlog.accepted, backlog.outcome(Outcome.DONE)) == (ARTICLES, ARTICLES)
        assert max(Counter(entry.article_id for entry in told).values()) == 1
        assert len(told) == ARTICLES
        after = {entry.article_id for entry in own_store.feed.page(seen[-1].cursor, 1_000).items}
        assert {entry.article_id for entry in seen} | after == {entry.article_id for entry in told}, "none was missed"
        verification = own_store.verify()
        assert verification.sound, verification.findings
        assert worker.poll() is None
    finally:
        promoted.stop()
