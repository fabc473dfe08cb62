from datetime import UTC, datetime, timedelta

import pytest
from conftest import article
from ledger_steps import advance, claim, failure, finish

from schemas import FeedSummary, Lane, Outcome, Ref, Result, StageName, State, Status
from store import STAGES, Query, Reprocessing, Store
from store.reprocessing import Step


def send(store: Store, stage: StageName = StageName.CLEAN, *, dry_run: bool = False, **fields: object) -> Step:
    before = fields.pop("before_version", None)
    wanted = Reprocessing(stage, Query(**fields), before)  # type: ignore[arg-type]
    return store.reprocessor.step(wanted, None, 100, dry_run=dry_run)


def test_a_dry_run_changes_nothing(any_store: Store) -> None:
    ref = finish(any_store)
    step = send(any_store, dry_run=True)
    assert (step.examined, step.matching, step.verdicts) == (1, (ref,), {"would": 1})
    assert any_store.ledger.backlog().pending == 0


def test_a_result_goes_through_the_bulk_lane_from_the_stage_on(any_store: Store) -> None:
    ref = finish(any_store)
    assert send(any_store, StageName.GEOTAG).verdicts == {"sent": 1}
    backlog = any_store.ledger.backlog()
    assert (backlog.waiting[Lane.BULK], backlog.outcome(Outcome.DONE), backlog.balanced) == (1, 0, True)
    status = any_store.results.get(ref.article_id)
    assert isinstance(status, Status)
    assert [record.stage for record in status.stages] == [StageName.CLEAN, StageName.ENTITIES]
    taken = claim(any_store)
    assert taken.refs == (ref,)
    for stage in STAGES[2:]:
        advance(any_store, ref, taken.token, stage)
    assert isinstance(any_store.results.get(ref.article_id), Result)
    assert any_store.verify().sound


def test_the_feed_tells_the_new_outcome_in_the_place_of_the_old_one(any_store: Store) -> None:
    ref = finish(any_store)
    old = any_store.feed.newest()
    send(any_store, StageName.DEDUPE)
    assert any_store.feed.page().items == ()
    taken = claim(any_store)
    advance(any_store, ref, taken.token, StageName.DEDUPE)
    [entry] = any_store.feed.page().items
    assert entry.cursor > old


def test_only_what_an_older_version_made_is_sent(any_store: Store) -> None:
    finish(any_store)
    assert send(any_store, StageName.GEOTAG, before_version=1).matching == ()
    assert send(any_store, StageName.GEOTAG, before_version=2).verdicts == {"sent": 1}


@pytest.mark.parametrize(("field", "value"), [("source", "other.example"), ("outcome", Outcome.PARTIAL)])
def test_only_what_was_asked_for_is_sent(any_store: Store, field: str, value: object) -> None:
    finish(any_store)
    assert send(any_store, **{field: value}).matching == ()  # type: ignore[arg-type]


def test_what_was_accepted_outside_the_span_is_left_alone(store: Store) -> None:
    finish(store)
    now = datetime.now(UTC)
    assert send(store, since=now + timedelta(hours=1), dry_run=True).matching == ()
    assert len(send(store, since=now - timedelta(hours=1), dry_run=True).matching) == 1


def test_what_is_pending_or_in_quarantine_is_left_alone(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    any_store.ledger.quarantine(taken.refs[0], taken.token, failure(), FeedSummary())
    any_store.ledger.accept([article(2)])
    assert send(any_store).matching == ()


def test_an_older_revision_stays_as_it_is(any_store: Store) -> None:
    old = finish(any_store)
    any_store.ledger.accept([article(1, text="Other words.")])
    assert send(any_store).verdicts == {"outdated": 1}
    assert any_store.results.get(old.article_id, 1).outcome is Outcome.DONE  # type: ignore[union-attr]


def test_without_its_body_an_article_can_only_begin_later(any_store: Store) -> None:
    ref = finish(any_store)
    any_store.client.hdel(any_store.keys.record(ref), "body")
    assert send(any_store, StageName.CLEAN).verdicts == {"no_body": 1}
    assert send(any_store, StageName.ENTITIES).verdicts == {"sent": 1}


def test_what_changed_since_it_was_looked_at_is_left_alone(any_store: Store) -> None:
    ref = finish(any_store)
    assert any_store.scripts.run("reprocess", str(ref), 0, "partial", "clean") == b"changed"


def test_an_old_article_does_not_close_the_lane(any_store: Store) -> None:
    finish(any_store)
    any_store.scripts.clock_ms = 900_000_000
    send(any_store)
    backlog = any_store.ledger.backlog()
    assert backlog.oldest[Lane.BULK] == backlog.at


def test_every_article_is_looked_at_once_while_they_leave_the_list(any_store: Store) -> None:
    refs = {finish(any_store, number) for number in range(7)}
    wanted = Reprocessing(StageName.CLEAN, Query(outcome=Outcome.DONE))
    seen: list[Ref] = []
    cursor = None
    while True:
        step = any_store.reprocessor.step(wanted, cursor, 2, dry_run=False)
        seen += step.matching
        cursor = step.next_cursor
        if cursor is None:
            break
    assert (len(seen), set(seen)) == (7, refs)
    assert any_store.ledger.backlog().waiting[Lane.BULK] == 7
    states = {any_store.results.get(ref.article_id).state for ref in refs}  # type: ignore[union-attr]
    assert states == {State.WAITING}
