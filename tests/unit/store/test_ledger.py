import pytest
from conftest import article
from ledger_steps import LEASE_MS, advance, claim, failure, finish
from redis.client import Pipeline

from schemas import Answer, FeedSummary, Lane, Outcome, Ref, StageName, StageStatus, State
from store import STAGES, Store, StoreUnavailable, Verdict
from store.codec import unpack


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


def test_skipping_a_stage_is_a_defect_that_says_so(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    with pytest.raises(Exception, match="OUTOFORDER"):
        advance(any_store, taken.refs[0], taken.token, StageName.GEOTAG)


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
        with pytest.raises(StoreUnavailable, match="started anew"):
            store.ledger.accept([article()])
    assert store.ledger.accept([article()])[0].answer is Answer.ACCEPTED
