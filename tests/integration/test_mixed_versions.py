"""Upgrading and going back: workers of two versions on one store, and nothing is lost on the way."""

import subprocess

import pytest
from conftest import Workers, article, eventually

from schemas import Lane, Outcome, Result, StageName, StageStatus, Status
from store import Claim, Store
from tasks.pipeline import queue
from workers.app import create_app
from workers.settings import Settings

pytestmark = pytest.mark.integration
OLDER, NEWER = "fake_worker", "newer_worker"
READY = "worker.ready"


def accept(store: Store, numbers: range, text: str = "A text.") -> None:
    store.ledger.accept([article(number, text=f"{text} {number}", lane=Lane.BULK) for number in numbers])


def done(store: Store) -> int:
    return store.ledger.backlog().outcome(Outcome.DONE)


def results(store: Store) -> list[Result]:
    told = [entry.article_id for entry in store.feed.page(limit=1_000).items]
    assert len(told) == len(set(told)), "nothing is told twice"
    return [result for result in map(store.results.get, told) if isinstance(result, Result)]


def in_newer_format(store: Store) -> int:
    """Articles whose clean stage was done in format 2."""
    records = [store.client.hget(key, "record:clean") for key in store.client.scan_iter("dl:article:*")]
    return sum(b'"format":2' in (record or b"") for record in records)  # type: ignore[operator]


def start(workers: Workers, module: str) -> "subprocess.Popen[bytes]":
    """A worker that leaves what it cannot read to others for a second, not for thirty."""
    return workers.start(module, retry_cap=1, claim_articles=2)


def send_from_the_future(workers: Workers, claim: Claim) -> None:
    """A message that has a form of its own, and says so."""
    batch = {"token": claim.token, "references": [str(ref) for ref in claim.refs], "format": 9}
    app = create_app(Settings(broker_url=workers.server.url(1)))  # type: ignore[arg-type]
    app.send_task("dateline.entities", args=(batch,), queue=queue(Lane.BULK, StageName.ENTITIES))


def stop(*processes: "subprocess.Popen[bytes]") -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(timeout=20)


def test_two_versions_work_side_by_side_and_each_passes_over_what_the_other_adds(
    workers: Workers, real_store: Store
) -> None:
    accept(real_store, range(100, 103))
    claim = real_store.ledger.claim(limit=3, max_bytes=10_000, lease_ms=1_000, bulk_share=0)
    send_from_the_future(workers, claim)
    running = [start(workers, OLDER), start(workers, NEWER)]
    eventually(lambda: workers.logs().count(READY) == len(running), 60, "both versions: neither may be done alone")
    accept(real_store, range(40), "clean:sleep entities:sleep geotag:sleep")
    eventually(lambda: done(real_store) == 43, 90, "all outcomes")
    assert "It is in format 9" in workers.logs(), "the message is refused, and its articles come back with their lease"
    found = results(real_store)
    assert {record.version for result in found for record in result.stages} == {1, 2}
    assert [result for result in found if len({record.version for record in result.stages}) == 2], (
        "an article that one version began went on with the other"
    )
    assert real_store.verify().sound
    stop(*running)


def test_going_back_loses_nothing_that_the_newer_version_has_begun(
    workers: Workers, real_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in a format that the older version cannot read waits for the newer one; all else is done meanwhile."""
    monkeypatch.setenv("NEWER_FORMAT", "2")
    newer = start(workers, NEWER)
    accept(real_store, range(4), "entities:nap")
    eventually(lambda: in_newer_format(real_store) >= 2, 40, "articles that are half done")
    stop(newer)
    begun = in_newer_format(real_store)
    half_done = begun - done(real_store)
    assert half_done
    older = start(workers, OLDER)
    accept(real_store, range(100, 120))
    eventually(lambda: real_store.ledger.backlog().pending == half_done, 60, "everything that it can read")
    eventually(lambda: real_store.ledger.backlog().delayed == half_done, 60, "the rest to be left alone")
    began = [real_store.results.get(article(number).id) for number in range(4)]
    left = [status for status in began if isinstance(status, Status)]
    assert [status.last_failure.error for status in left if status.last_failure] == ["NewerFormat"] * half_done
    assert real_store.ledger.backlog().outcome(Outcome.QUARANTINED) == 0
    assert real_store.verify().sound
    stop(older)
    again = start(workers, NEWER)
    eventually(lambda: done(real_store) == 24, 60, "all outcomes")
    found = results(real_store)
    assert len(found) == 24
    # This process reads format 1, like an older server: it says what it cannot read, and fails at nothing.
    unread = [result for result in found if result.clean is None]
    assert len(unread) == begun, "the others were begun by the older version"
    assert all(result.stages[0].status is StageStatus.UNAVAILABLE for result in unread)
    assert real_store.verify().sound
    stop(again)
