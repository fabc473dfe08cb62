from datetime import UTC, datetime

import pytest
from conftest import article
from ledger_steps import advance, claim, failure, finish

from schemas import FeedSummary, Outcome, Ref, Result, StageName, StageRecord, StageStatus
from store import STAGES, Advance, Query, Store, Verdict, Withdrawn
from store.reprocessing import Reprocessing


def pending(store: Store) -> Ref:
    return store.ledger.accept([article(1)])[0].ref


def leased(store: Store) -> Ref:
    pending(store)
    return claim(store).refs[0]


def delayed(store: Store) -> Ref:
    pending(store)
    taken = claim(store)
    store.ledger.delay(taken.refs[0], taken.token, 5_000, failure())
    return taken.refs[0]


def quarantined(store: Store) -> Ref:
    pending(store)
    taken = claim(store)
    store.ledger.quarantine(taken.refs[0], taken.token, failure(), FeedSummary())
    return taken.refs[0]


@pytest.mark.parametrize("state", [pending, leased, delayed, quarantined, finish])
def test_an_article_is_withdrawn_wherever_it_stands_and_stays_counted(any_store: Store, state: object) -> None:
    ref = state(any_store)  # type: ignore[operator]
    assert any_store.withdrawals.withdraw(ref) is Withdrawn.WITHDRAWN
    backlog = any_store.ledger.backlog()
    assert (backlog.accepted, backlog.outcome(Outcome.WITHDRAWN), backlog.pending) == (1, 1, 0)
    assert backlog.balanced
    assert any_store.verify().sound, any_store.verify().findings


def test_a_withdrawn_result_is_hidden_and_the_feed_tells_of_it_once(any_store: Store) -> None:
    any_store.ledger.accept([article(1, title="A secret title")])
    taken = claim(any_store)
    for stage in STAGES:
        advance(any_store, taken.refs[0], taken.token, stage, "{}" if stage is not StageName.DEDUPE else None)
    ref = taken.refs[0]
    any_store.withdrawals.withdraw(ref)
    found = any_store.results.get(ref.article_id)
    assert isinstance(found, Result)
    assert found.outcome is Outcome.WITHDRAWN
    assert (found.clean, found.entities, found.geotags, found.duplicates) == (None, None, None, None)
    assert any_store.results.submission(ref) is None
    [entry] = any_store.feed.page().items
    assert (entry.outcome, entry.title, entry.url) == (Outcome.WITHDRAWN, None, "https://news.example/1")
    everything = b"".join(b"".join(f) for f in any_store.client.hgetall(any_store.keys.record(ref)).items())
    assert b"secret" not in everything


def test_a_run_that_held_the_article_commits_nothing_any_more(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    any_store.withdrawals.withdraw(taken.refs[0])
    assert advance(any_store, taken.refs[0], taken.token, StageName.CLEAN) is Verdict.STALE


def test_withdrawing_again_changes_nothing(any_store: Store) -> None:
    ref = finish(any_store)
    any_store.withdrawals.withdraw(ref)
    assert any_store.withdrawals.withdraw(ref) is Withdrawn.ALREADY
    assert any_store.withdrawals.withdraw(Ref("nobody", 1)) is Withdrawn.MISSING
    assert len(any_store.feed.page().items) == 1


def test_the_same_content_again_stays_withdrawn_and_new_content_is_a_new_revision(any_store: Store) -> None:
    ref = finish(any_store)
    any_store.withdrawals.withdraw(ref)
    same, new = any_store.ledger.accept([article(1), article(1, text="Other.")])
    assert same.state.value == "withdrawn"
    assert new.ref == Ref(ref.article_id, 2)
    assert any_store.withdrawals.revisions(ref.article_id) == [ref, new.ref]


def test_what_may_still_stand_outside_the_ledger_is_remembered_until_it_is_gone(any_store: Store) -> None:
    done = finish(any_store, 1)
    any_store.ledger.accept([article(2)])
    held = claim(any_store).refs[0]
    any_store.withdrawals.withdraw(done)
    any_store.withdrawals.withdraw(held)
    assert any_store.withdrawals.open() == [done, held]
    assert any_store.withdrawals.due(1_000_000) == [done], "a run may still write of the other one"
    assert any_store.withdrawals.due(1_300_000) == [done, held]
    any_store.withdrawals.close(done)
    assert any_store.withdrawals.open() == [held]


def test_a_withdrawal_that_nobody_finished_is_found(any_store: Store) -> None:
    any_store.withdrawals.withdraw(finish(any_store))
    any_store.scripts.clock_ms = 1_000_000 + 700_000
    assert {finding.kind for finding in any_store.verify().findings} == {"withdrawal_unfinished"}


def test_the_retention_forgets_withdrawn_articles_too(any_store: Store) -> None:
    any_store.withdrawals.withdraw(finish(any_store))
    any_store.ledger.forget(results_before_ms=2_000_000, bodies_before_ms=0)
    assert any_store.verify().articles == 0
    assert any_store.ledger.backlog().outcome(Outcome.WITHDRAWN) == 1


def test_an_article_that_is_dropped_from_the_quarantine_is_withdrawn_and_its_failure_stays_known(
    any_store: Store,
) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    advance(any_store, taken.refs[0], taken.token, StageName.CLEAN, "{}")
    any_store.ledger.quarantine(taken.refs[0], taken.token, failure(), FeedSummary())
    assert any_store.quarantine.drop(taken.refs[0])
    assert any_store.withdrawals.open() == [taken.refs[0]], "a stage may have told an index of it"
    found = any_store.results.get(taken.refs[0].article_id)
    assert isinstance(found, Result)
    assert found.failure
    assert found.clean is None
    assert any_store.results.submission(taken.refs[0]) is None
    assert any_store.verify().sound, any_store.verify().findings


AT = datetime(2026, 11, 12, 8, tzinfo=UTC)


def told_merger(store: Store, number: int, merged: tuple[str, ...] = ("o" * 26,)) -> Ref:
    """An article with which stories merged, as its feed entry tells."""
    store.ledger.accept([article(number)])
    claim = store.ledger.claim(limit=1, max_bytes=10**9, lease_ms=60_000, bulk_share=0.1)
    told = FeedSummary(title="T", story_id="s" * 26, merged_stories=merged)
    for stage in STAGES:
        record = StageRecord(
            stage=stage, status=StageStatus.DONE, version=1, attempts=1, milliseconds=1, finished_at=AT
        )
        entry = told if stage is STAGES[-1] else None
        store.ledger.advance([Advance(claim.refs[0], record, "{}", Outcome.DONE, entry)], claim.token, 60_000)
    return claim.refs[0]


def test_that_stories_merged_outlives_the_article_that_showed_it(any_store: Store) -> None:
    ref = told_merger(any_store, 1)
    any_store.withdrawals.withdraw(ref)
    [entry] = any_store.feed.page().items
    assert entry.outcome is Outcome.WITHDRAWN
    assert (entry.story_id, entry.merged_stories) == ("s" * 26, ("o" * 26,))
    assert entry.title is None


def test_it_outlives_it_also_while_the_article_is_processed_again(any_store: Store) -> None:
    ref = told_merger(any_store, 1)
    sent = any_store.reprocessor.step(Reprocessing(StageName.DEDUPE, Query()), None, 10, dry_run=False)
    assert sent.verdicts["sent"] == 1
    any_store.withdrawals.withdraw(ref)
    [entry] = any_store.feed.page().items
    assert (entry.story_id, entry.merged_stories) == ("s" * 26, ("o" * 26,))


def test_it_outlives_it_in_quarantine_as_well(any_store: Store) -> None:
    ref = told_merger(any_store, 1)
    any_store.reprocessor.step(Reprocessing(StageName.DEDUPE, Query()), None, 10, dry_run=False)
    any_store.ledger.quarantine(ref, claim(any_store).token, failure(), FeedSummary())
    [entry] = any_store.feed.page().items
    assert (entry.outcome, entry.merged_stories) == (Outcome.QUARANTINED, ("o" * 26,))
    any_store.withdrawals.withdraw(ref)
    [entry] = any_store.feed.page().items
    assert (entry.outcome, entry.merged_stories) == (Outcome.WITHDRAWN, ("o" * 26,))


def test_a_tombstone_says_nothing_of_stories_where_none_merged(any_store: Store) -> None:
    ref = told_merger(any_store, 1, merged=())
    any_store.withdrawals.withdraw(ref)
    [entry] = any_store.feed.page().items
    assert (entry.story_id, entry.merged_stories) == (None, ())
