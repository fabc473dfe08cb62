"""What stands beside the ledger comes back with a snapshot: indexes, cursors, keys, and what was promised to clients.

One snapshot for all of it; each test has a prefix of its own in it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import ROOT, RedisServer, article, eventually
from integration.test_backup import backed_up, restored
from ledger_steps import claim, failure, finish
from receiver import Receiver, receiving
from unit.api.application import body, serving
from unit.tasks.test_reprocessed_copies import Installation

from schemas import FeedSummary, Ref, Relation, WebhookOrder
from store import Actor, Scope, Store
from tasks import pipeline

pytestmark = pytest.mark.integration
BODY = " ".join(f"word{number}" for number in range(300))
EDITED = BODY.replace("word100 ", "another ")
ONCE = {"Idempotency-Key": "once"}


@dataclass
class Before:
    """What was in the store when the snapshot was taken."""

    receiver: Receiver
    copies: list[Ref] = field(default_factory=list)
    read: list[Ref] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)
    secret: str = ""
    hook: str = ""
    token: str = ""
    revoked: str = ""
    answer: bytes = b""
    failed: Ref | None = None


def fill_copies(store: Store, before: Before) -> None:
    before.copies = Installation(store).push(BODY, BODY)


def fill_readers(store: Store, before: Before) -> None:
    before.read = [finish(store, number) for number in range(1, 5)]
    before.cursors = [entry.cursor for entry in store.feed.page().items]
    before.secret, hook = store.webhooks.create(WebhookOrder(url=before.receiver.url, after="0-0"))
    before.hook = hook.id
    turn = store.webhooks.take(hook.id, timedelta(seconds=1))
    assert turn
    assert store.webhooks.delivered(turn, before.cursors[1], "204", timedelta(seconds=1))
    store.consumers.report("archive", "files", before.cursors[2])


def fill_promises(store: Store, before: Before) -> None:
    store.ledger.accept([article(1)])
    taken = claim(store)
    before.failed = taken.refs[0]
    store.ledger.quarantine(before.failed, taken.token, failure(), FeedSummary())
    before.token, key = store.access.create("crawler", frozenset({Scope.SUBMIT}))
    before.revoked, gone = store.access.create("gone", frozenset(Scope))
    store.access.revoke(gone.id)
    store.audit.end(store.audit.begin(Actor(key.id, key.name), "keys create", "crawler", "request-1"), "200", "made")
    with serving(store) as client:
        client.headers["Authorization"] = f"Bearer {before.token}"
        answer = client.post("/v1/articles", json=body(7), headers=ONCE)
        assert answer.status_code == 202
        before.answer = answer.content


FILLED = {"copies": fill_copies, "readers": fill_readers, "promises": fill_promises}


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RedisServer, Before]]:
    """A new server that was restored from a snapshot, and what the old one held."""
    folder = tmp_path_factory.mktemp("old")
    old = RedisServer(folder)
    old.start()
    with receiving() as receiver:
        before = Before(receiver)
        for prefix, fill in FILLED.items():
            store = Store.open(old.url(), prefix)
            fill(store, before)
            store.close()
        backed_up(old, folder / "backup.rdb")
        old.stop()
        new = restored(folder / "backup.rdb", folder / "new")
        new.stop()
        new.start()  # from its own append-only file now
        yield new, before
        new.stop()


@contextmanager
def opened(server: RedisServer, prefix: str) -> Iterator[Store]:
    store = Store.open(server.url(), prefix)
    yield store
    assert store.verify().sound
    store.close()


def test_copies_of_what_was_backed_up_are_found_and_follow_an_heir(moved: tuple[RedisServer, Before]) -> None:
    server, before = moved
    first, second = before.copies
    with opened(server, "copies") as store:
        installation = Installation(store)
        exact, edited = installation.push(BODY, EDITED, first=10)
        said = [installation.said_of(ref) for ref in (exact, edited)]
        assert [one.relation for one in said] == [Relation.EXACT, Relation.NEAR]
        assert {one.canonical_id for one in said} == {first.article_id}
        assert {one.story_id for one in said} == {installation.said_of(first).story_id}
        pipeline.withdrawal(store).article(first.article_id)
        [late] = installation.push(BODY, first=20)
        assert {installation.said_of(ref).canonical_id for ref in (second, exact, edited, late)} == {second.article_id}


def test_webhooks_and_consumers_go_on_where_they_were(moved: tuple[RedisServer, Before], tmp_path: Path) -> None:
    server, before = moved
    receiver = before.receiver
    with opened(server, "readers") as store:
        kept = store.webhooks.find(before.hook)
        assert kept
        assert (kept.webhook.cursor, kept.webhook.delivered) == (before.cursors[1], 1)
        [consumer] = store.consumers.list()
        assert (consumer.name, consumer.cursor, consumer.missed) == ("archive", before.cursors[2], 0)
        new = finish(store, 5)
        following = store.feed.page(before.cursors[-1]).items
        assert [entry.article_id for entry in following] == [new.article_id], "behind every cursor that was given out"
        with calling(server, "readers", tmp_path):
            eventually(lambda: len(receiver.calls) >= 3, 40, "the calls")
    told = [call.verified(before.secret)["data"]["article_id"] for call in receiver.calls]
    assert told == [ref.article_id for ref in (*before.read[2:], new)], "from where it was, in order, each once"


@contextmanager
def calling(server: RedisServer, prefix: str, folder: Path) -> Iterator[None]:
    """The process that calls webhooks."""
    own = {
        "DATELINE_REDIS_URL": server.url(0),
        "DATELINE_PREFIX": prefix,
        "DATELINE_WEBHOOK_ALLOW": "127.0.0.0/8",
        "PYTHONPATH": str(ROOT),
    }
    with (folder / "webhooks.log").open("wb") as log:
        command = [sys.executable, "-m", "workers.webhooks"]
        process = subprocess.Popen(command, env={**os.environ, **own}, cwd=folder, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def test_keys_audit_log_quarantine_and_kept_answers_come_back(moved: tuple[RedisServer, Before]) -> None:
    server, before = moved
    with opened(server, "promises") as store:
        found = store.access.find(before.token)
        assert found
        assert (found.name, found.scopes) == ("crawler", {Scope.SUBMIT})
        assert store.access.find(before.revoked) is None
        [entry] = store.audit.newest()
        assert (entry.key_name, entry.action, entry.outcome) == ("crawler", "keys create", "200")
        [held] = store.quarantine.list()
        assert (held.ref, held.failure.error) == (before.failed, failure().error)
        with serving(store) as client:
            client.headers["Authorization"] = f"Bearer {before.token}"
            again = client.post("/v1/articles", json=body(7), headers=ONCE)
        assert (again.content, again.headers["Idempotency-Replayed"]) == (before.answer, "true")
