from datetime import UTC, datetime

import pytest
from conftest import article
from ledger_steps import advance, claim

from schemas import CleanText, Duplicates, Form, Quality, Ref, Relation, Result
from store import STAGES, Store
from store.duplicates import RedisDuplicateIndex
from tasks import pipeline
from tasks.dedupe import DedupeStage
from tasks.stage import StageInput

BODY = " ".join(f"word{number}" for number in range(300))


@pytest.fixture
def published(any_store: Store) -> tuple[Store, list[Ref]]:
    """Three articles of one text, through the real dedupe stage, published."""
    any_store.ledger.accept([article(number, text=BODY) for number in range(3)])
    taken = claim(any_store)
    stage = DedupeStage(RedisDuplicateIndex(any_store.client, any_store.keys.prefix))
    for ref in taken.refs:
        for name in STAGES[:-1]:
            advance(any_store, ref, taken.token, name)
        [answer] = stage.run([_input(ref)])
        assert isinstance(answer, Duplicates)
        advance(any_store, ref, taken.token, STAGES[-1], answer.model_dump_json(exclude_none=True))
    return any_store, list(taken.refs)


def _input(ref: Ref) -> StageInput:
    clean = CleanText(title=None, text=BODY, language="en", form=Form.TEXT, quality=Quality(words=300))
    return StageInput(ref, datetime(2026, 3, 4, tzinfo=UTC), clean=clean)


def duplicates(store: Store, ref: Ref) -> Duplicates:
    found = store.results.get(ref.article_id)
    assert isinstance(found, Result)
    assert found.duplicates is not None
    return found.duplicates


def test_withdrawing_an_original_makes_its_oldest_copy_the_original(published: tuple[Store, list[Ref]]) -> None:
    store, (first, second, third) = published
    assert duplicates(store, second).canonical_id == first.article_id
    pipeline.withdrawal(store).article(first.article_id)
    heir, other = duplicates(store, second), duplicates(store, third)
    assert (heir.relation, heir.canonical_id, heir.cluster_id) == (
        Relation.ORIGINAL,
        second.article_id,
        first.article_id,
    )
    assert (other.relation, other.canonical_id) == (Relation.EXACT, second.article_id)


def test_the_feed_tells_it_once(published: tuple[Store, list[Ref]]) -> None:
    store, (first, second, third) = published
    pipeline.withdrawal(store).article(first.article_id)
    pipeline.withdrawal(store).article(first.article_id)
    told = [(entry.article_id, entry.relation, entry.canonical_id) for entry in store.feed.page().items]
    assert told == [
        (first.article_id, None, None),
        (second.article_id, Relation.ORIGINAL, second.article_id),
        (third.article_id, Relation.EXACT, second.article_id),
    ]
    assert store.verify().findings == ()


def test_a_later_copy_is_a_copy_of_the_heir(published: tuple[Store, list[Ref]]) -> None:
    store, (first, second, _) = published
    pipeline.withdrawal(store).article(first.article_id)
    stage = DedupeStage(RedisDuplicateIndex(store.client, store.keys.prefix))
    [answer] = stage.run([_input(Ref("later", 1))])
    assert isinstance(answer, Duplicates)
    assert (answer.relation, answer.canonical_id) == (Relation.EXACT, second.article_id)


def test_withdrawing_everything_leaves_nothing_to_be_a_copy_of(published: tuple[Store, list[Ref]]) -> None:
    store, refs = published
    for ref in refs:
        pipeline.withdrawal(store).article(ref.article_id)
    stage = DedupeStage(RedisDuplicateIndex(store.client, store.keys.prefix))
    [answer] = stage.run([_input(Ref("later", 1))])
    assert isinstance(answer, Duplicates)
    assert answer.relation is Relation.ORIGINAL
    assert store.verify().findings == ()
