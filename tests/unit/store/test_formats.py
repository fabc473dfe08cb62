"""What a newer Dateline has written."""

import json
from datetime import UTC, datetime

import pytest
from conftest import article
from ledger_steps import finish

from schemas import Failure, Lane, Result, StageName, StageStatus, Submission
from store import Claim, Loaded, NewerFormat, Store, formats
from store.codec import pack
from tasks.batch import Batch

NEWER = 2
MEANWHILE = Failure(
    stage=StageName.CLEAN, error="NewerFormat", message="Later.", attempts=1, worker="w", version="0",
    at=datetime(2026, 11, 12, tzinfo=UTC),
)  # fmt: skip


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """From here on this process writes a format that it could not read before; undo it to be the older one again."""
    monkeypatch.setattr(formats, "FORMAT", NEWER)
    return monkeypatch


def claimed(store: Store) -> tuple[Claim, Loaded]:
    claim = store.ledger.claim(limit=1, max_bytes=1, lease_ms=60_000, bulk_share=0)
    [loaded] = store.ledger.load(claim.refs, ("submission",))
    assert loaded
    return claim, loaded


def test_the_first_format_is_written_without_saying_so() -> None:
    assert formats.stamped('{"a":1}') == '{"a":1}'
    assert formats.format_of(b'{"a":1}') == formats.format_of(None) == 1


def test_a_later_format_says_so(newer: pytest.MonkeyPatch) -> None:
    stamped = formats.stamped('{"a":1}')
    assert json.loads(stamped) == {"format": NEWER, "a": 1}
    assert formats.format_of(stamped.encode()) == NEWER
    newer.undo()
    assert formats.is_newer(NEWER)


def test_a_word_in_an_article_is_no_format() -> None:
    meta = json.dumps({"url": 'https://news.example/"format":9', "title": '"format":9'}).encode()
    assert formats.format_of(meta) == 1


def test_an_article_of_a_newer_version_is_known_as_such(store: Store, newer: pytest.MonkeyPatch) -> None:
    store.ledger.accept([article(1)])
    newer.undo()
    _, loaded = claimed(store)
    assert loaded.format == NEWER
    assert loaded.records == {}


def test_what_is_set_aside_comes_back_and_nothing_counts_against_it(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    claim, loaded = claimed(any_store)
    any_store.ledger.set_aside(loaded.ref, claim.token, 1_000, MEANWHILE)
    assert any_store.ledger.backlog().delayed == 1
    any_store.scripts.clock_ms = 1_002_000
    any_store.ledger.reap()
    assert any_store.ledger.backlog().waiting[Lane.LIVE] == 1
    _, again = claimed(any_store)
    assert (again.retries, again.lost) == (0, 0)
    assert any_store.verify().sound


def test_a_result_that_cannot_be_read_is_unavailable_and_not_empty(store: Store, newer: pytest.MonkeyPatch) -> None:
    ref = finish(store)
    newer.undo()
    result = store.results.get(ref.article_id)
    assert isinstance(result, Result)
    assert result.clean is result.entities is None
    assert {record.status for record in result.stages} == {StageStatus.UNAVAILABLE}
    assert "newer Dateline, in format 2" in (result.stages[0].reason or "")


def test_fields_that_a_newer_version_added_are_passed_over(store: Store) -> None:
    ref = finish(store)
    body = pack(json.dumps({"url": "https://news.example/1", "text": "The text.", "mood": "calm"}))
    store.client.hset(store.keys.record(ref), "body", body)  # type: ignore[arg-type]
    submission = store.results.submission(ref)
    assert isinstance(submission, Submission)
    assert submission.text == "The text."
    [(cursor, fields)] = store.client.xrange(store.keys.feed)  # type: ignore[misc]
    entry = json.loads(fields[b"entry"]) | {"mood": "calm"}
    store.client.xadd(store.keys.feed, {**fields, b"entry": json.dumps(entry)})
    first, second = store.feed.page().items
    assert (first.cursor, first.article_id) == (cursor.decode(), second.article_id)


def test_a_batch_of_a_newer_version_is_refused_before_it_is_looked_at(newer: pytest.MonkeyPatch) -> None:
    wire = Batch("1", ()).write()
    assert wire.get("format") == NEWER
    newer.undo()
    with pytest.raises(NewerFormat, match="format 2, written by a newer Dateline"):
        Batch.read(wire)
