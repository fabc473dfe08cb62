from conftest import article
from ledger_steps import advance, claim, failure, finish

from schemas import Answer, FeedSummary, Outcome
from store import STAGES, Store


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
