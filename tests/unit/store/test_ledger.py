import pytest
from conftest import article
from redis.client import Pipeline

from schemas import Answer, Failure, FeedSummary, Lane, Outcome, Ref, StageName, StageRecord, StageStatus, State
from store import STAGES, Advance, Claim, Store, StoreUnavailable, Verdict
from store.codec import unpack

LEASE_MS = 10_000


def claim(store: Store, limit: int = 32, max_bytes: int = 10**6, bulk_share: float = 0.125) -> Claim:
    return store.ledger.claim(limit=limit, max_bytes=max_bytes, lease_ms=LEASE_MS, bulk_share=bulk_share)


def record(stage: StageName) -> StageRecord:
    return StageRecord(
        stage=stage,
        status=StageStatus.DONE,
        version=1,
        attempts=1,
        milliseconds=1.0,
        finished_at="2026-01-01T00:00:00Z",
    )


def failure(error: str = "Boom") -> Failure:
    return Failure(
        stage=StageName.CLEAN,
        error=error,
        message="m",
        attempts=1,
        worker="w",
        version="v",
        at="2026-01-01T00:00:00Z",
    )


def advance(store: Store, ref: Ref, token: str, stage: StageName, output: str | None = None) -> Verdict:
    entry = FeedSummary(title="A title") if stage is STAGES[-1] else None
    return store.ledger.advance([Advance(ref, record(stage), output, Outcome.DONE, entry)], token, LEASE_MS)[0]


def finish(store: Store, number: int = 1) -> Ref:
    store.ledger.accept([article(number)])
    taken = claim(store)
    for stage in STAGES:
        advance(store, taken.refs[0], taken.token, stage)
    return taken.refs[0]


@pytest.mark.parametrize(("lane", "other"), [(Lane.LIVE, Lane.BULK), (Lane.BULK, Lane.LIVE)])
def test_a_worker_for_one_lane_leaves_the_other_alone(any_store: Store, lane: Lane, other: Lane) -> None:
    any_store.ledger.accept([article(1, lane=other)])
    only = {"limit": 32, "max_bytes": 10**6, "lease_ms": LEASE_MS, "bulk_share": 0.5, "lane": lane}
    assert any_store.ledger.claim(**only).refs == ()
    [mine, *_] = any_store.ledger.accept([article(n, lane=lane) for n in range(2, 5)])
    taken = any_store.ledger.claim(**only).refs
    assert (taken[0], len(taken)) == (mine.ref, 3)
    assert any_store.ledger.backlog().waiting[other] == 1


def test_an_accepted_article_waits_in_its_lane(any_store: Store) -> None:
    [accepted] = any_store.ledger.accept([article(1, lane=Lane.BULK)])
    assert accepted.answer is Answer.ACCEPTED
    assert accepted.ref.revision == 1
    backlog = any_store.ledger.backlog()
    assert backlog.waiting == {Lane.LIVE: 0, Lane.BULK: 1}
    assert backlog.oldest[Lane.BULK] == backlog.at


def test_the_same_content_again_is_no_new_work(any_store: Store) -> None:
    first, again = any_store.ledger.accept([article(1), article(1)])
    assert again.answer is Answer.EXISTING
    assert again.ref == first.ref
    assert any_store.ledger.backlog().accepted == 1


def test_new_content_under_the_same_identity_is_a_new_revision(any_store: Store) -> None:
    _, revised = any_store.ledger.accept([article(1), article(1, text="Corrected text.")])
    assert revised.answer is Answer.REVISED
    assert revised.ref.revision == 2


def test_the_same_submission_is_answered_with_its_state(any_store: Store) -> None:
    ref = finish(any_store)
    [again] = any_store.ledger.accept([article(1)])
    assert (again.ref, again.state) == (ref, State.DONE)


def test_answers_keep_the_order_of_the_submissions(any_store: Store) -> None:
    articles = [article(number) for number in range(20)]
    accepted = any_store.ledger.accept(articles)
    assert [a.ref.article_id for a in accepted] == [a.id for a in articles]


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


def test_loading_gives_the_submission_and_the_earlier_outputs(any_store: Store) -> None:
    any_store.ledger.accept([article(1, text="The body.")])
    taken = claim(any_store)
    advance(any_store, taken.refs[0], taken.token, StageName.CLEAN, '{"n": 1}')
    [loaded] = any_store.ledger.load(taken.refs, ("submission", "clean", "entities"))
    assert loaded is not None
    assert b"The body." in unpack(loaded.parts["submission"] or b"")
    assert unpack(loaded.parts["clean"] or b"") == b'{"n": 1}'
    assert loaded.parts["entities"] is None
    assert loaded.records[StageName.CLEAN].status is StageStatus.DONE
    assert (loaded.stage, loaded.attempts, loaded.source) == (1, 1, "news.example")


def test_loading_what_is_gone_gives_nothing(any_store: Store) -> None:
    assert any_store.ledger.load([Ref("nobody", 1)], ("clean",)) == [None]


def test_the_last_commit_publishes_result_outcome_and_feed_entry(any_store: Store) -> None:
    ref = finish(any_store)
    backlog = any_store.ledger.backlog()
    assert (backlog.outcome(Outcome.DONE), backlog.leased, backlog.pending) == (1, 0, 0)
    [entry] = any_store.feed.page().items
    assert (entry.article_id, entry.revision, entry.outcome, entry.title) == (*ref, Outcome.DONE, "A title")


def test_committing_a_stage_twice_changes_nothing(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    assert advance(any_store, taken.refs[0], taken.token, StageName.CLEAN, '{"first": 1}') is Verdict.COMMITTED
    assert advance(any_store, taken.refs[0], taken.token, StageName.CLEAN, '{"second": 1}') is Verdict.ALREADY
    [loaded] = any_store.ledger.load(taken.refs, ("clean",))
    assert loaded is not None
    assert unpack(loaded.parts["clean"] or b"") == b'{"first": 1}'


def test_publishing_twice_leaves_one_feed_entry(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    for stage in STAGES:
        advance(any_store, taken.refs[0], taken.token, stage)
    assert advance(any_store, taken.refs[0], taken.token, STAGES[-1]) is Verdict.STALE
    assert len(any_store.feed.page().items) == 1


def test_a_commit_with_an_old_token_is_refused(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    old = claim(any_store)
    any_store.scripts.clock_ms = 1_000_000 + LEASE_MS
    assert any_store.ledger.reap() == (1, 0)
    new = claim(any_store)
    assert new.refs == old.refs
    assert advance(any_store, old.refs[0], old.token, StageName.CLEAN) is Verdict.STALE
    assert advance(any_store, new.refs[0], new.token, StageName.CLEAN) is Verdict.COMMITTED


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


def test_an_article_goes_on_from_the_stage_after_its_last_commit(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    advance(any_store, taken.refs[0], taken.token, StageName.CLEAN)
    any_store.scripts.clock_ms = 1_000_000 + LEASE_MS
    any_store.ledger.reap()
    again = claim(any_store)
    [loaded] = any_store.ledger.load(again.refs, ())
    assert loaded is not None
    assert (loaded.stage, loaded.attempts) == (1, 2)


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


def test_skipping_a_stage_is_a_defect_that_says_so(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    with pytest.raises(Exception, match="OUTOFORDER"):
        advance(any_store, taken.refs[0], taken.token, StageName.GEOTAG)


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


def test_quarantine_is_an_outcome_with_a_feed_entry(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    any_store.ledger.quarantine(taken.refs[0], taken.token, failure(), FeedSummary())
    assert any_store.ledger.backlog().outcome(Outcome.QUARANTINED) == 1
    assert [entry.outcome for entry in any_store.feed.page().items] == [Outcome.QUARANTINED]
    assert any_store.verify().sound


@pytest.mark.parametrize("script", ["delay", "quarantine", "give_back"])
def test_settling_with_an_old_token_is_refused(any_store: Store, script: str) -> None:
    any_store.ledger.accept([article(1)])
    ref, token = claim(any_store).refs[0], "0"
    verdict = {
        "delay": lambda: any_store.ledger.delay(ref, token, 1, failure()),
        "quarantine": lambda: any_store.ledger.quarantine(ref, token, failure(), FeedSummary()),
        "give_back": lambda: any_store.ledger.give_back([ref], token)[0],
    }[script]()
    assert verdict is Verdict.STALE
    assert any_store.ledger.backlog().leased == 1


def test_the_accounting_balances_at_every_step(any_store: Store) -> None:
    any_store.ledger.accept([article(n) for n in range(5)])
    assert any_store.ledger.backlog().balanced
    taken = claim(any_store)
    any_store.ledger.quarantine(taken.refs[0], taken.token, failure(), FeedSummary())
    any_store.ledger.delay(taken.refs[1], taken.token, 1_000, failure())
    any_store.ledger.give_back(taken.refs[2:3], taken.token)
    for stage in STAGES:
        advance(any_store, taken.refs[3], taken.token, stage)
    backlog = any_store.ledger.backlog()
    assert backlog.balanced
    assert backlog.pending == 3
    assert any_store.verify().sound


def test_the_retention_forgets_results_and_keeps_the_accounting(any_store: Store) -> None:
    ref = finish(any_store)
    any_store.ledger.forget(results_before_ms=2_000_000, bodies_before_ms=0)
    assert any_store.results.get(ref.article_id) is None
    assert any_store.feed.page().items == ()
    verification = any_store.verify()
    assert verification.sound
    assert verification.backlog.outcome(Outcome.DONE) == 1


def test_the_retention_forgets_bodies_before_results(any_store: Store) -> None:
    ref = finish(any_store)
    assert any_store.results.submission(ref) is not None
    any_store.ledger.forget(results_before_ms=0, bodies_before_ms=2_000_000)
    assert any_store.results.submission(ref) is None
    assert any_store.results.get(ref.article_id) is not None


def test_the_retention_never_forgets_pending_or_quarantined_articles(any_store: Store) -> None:
    any_store.ledger.accept([article(1), article(2)])
    taken = claim(any_store, limit=1)
    any_store.ledger.quarantine(taken.refs[0], taken.token, failure(), FeedSummary())
    assert any_store.ledger.forget(results_before_ms=2_000_000, bodies_before_ms=2_000_000) == 0
    assert any_store.verify().articles == 2


def test_a_revision_that_the_retention_keeps_is_neither_overwritten_nor_hidden(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    first = claim(any_store)
    any_store.ledger.quarantine(first.refs[0], first.token, failure(), FeedSummary())
    any_store.ledger.accept([article(1, text="Corrected text.")])
    second = claim(any_store)
    for stage in STAGES:
        advance(any_store, second.refs[0], second.token, stage)
    any_store.ledger.forget(results_before_ms=2_000_000, bodies_before_ms=0)
    assert any_store.verify().sound
    assert any_store.results.get(first.refs[0].article_id, 1) is not None
    [third] = any_store.ledger.accept([article(1, text="Corrected text.")])
    assert (third.answer, third.ref.revision) == (Answer.REVISED, 3)
    assert any_store.verify().sound


def test_an_article_is_new_again_when_no_revision_of_it_is_left(any_store: Store) -> None:
    ref = finish(any_store)
    any_store.ledger.forget(results_before_ms=2_000_000, bodies_before_ms=0)
    assert not any_store.client.exists(any_store.keys.head(ref.article_id))
    assert any_store.ledger.accept([article(1)])[0].answer is Answer.ACCEPTED


def test_one_keeper_at_a_time_is_elected(any_store: Store) -> None:
    assert any_store.ledger.elect_keeper("a", 10_000)
    assert not any_store.ledger.elect_keeper("b", 10_000)


def test_a_keeper_elected_before_the_clock_was_set_back_does_not_block_the_next(any_store: Store) -> None:
    any_store.ledger.elect_keeper("a", 3_600_000)
    assert any_store.ledger.elect_keeper("b", 900)


def test_a_store_that_does_not_answer_says_so() -> None:
    unreachable = Store.open("redis://127.0.0.1:1/0")
    with pytest.raises(StoreUnavailable, match="DATELINE_REDIS_URL"):
        unreachable.ping()
    unreachable.close()


def test_a_server_that_restarts_between_learning_a_script_and_running_it_is_asked_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn = Pipeline.load_scripts

    def learn_and_restart(pipeline: Pipeline) -> None:
        learn(pipeline)
        store.client.script_flush()

    with monkeypatch.context() as restarting:
        restarting.setattr(Pipeline, "load_scripts", learn_and_restart)
        with pytest.raises(StoreUnavailable, match="NoScriptError"):
            store.ledger.accept([article()])
    assert store.ledger.accept([article()])[0].answer is Answer.ACCEPTED
