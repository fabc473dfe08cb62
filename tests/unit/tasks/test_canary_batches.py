from collections.abc import Iterator

import pytest
from conftest import article
from stages import fake_stages

from schemas import Lane, Outcome
from store import Store
from tasks import pipeline, runtime
from tasks.batch import Batch
from tasks.runtime import NotReady, Runtime


@pytest.fixture
def both(store: Store) -> Iterator[tuple[Store, Store]]:
    """The stores of the articles and of the canary, with a runtime over each."""
    beside = store.beside("canary")
    runtime.install(Runtime(store, fake_stages(), canary=Runtime(beside, fake_stages())))
    yield store, beside
    runtime.install(None)


def test_a_batch_of_the_canary_says_so_in_its_message_and_others_say_nothing() -> None:
    assert Batch.read(Batch("1", (), canary=True).write()).canary
    assert "canary" not in Batch("1", ()).write()


def test_a_wake_up_for_the_canary_claims_nothing_of_the_articles(both: tuple[Store, Store]) -> None:
    articles, beside = both
    articles.ledger.accept([article(1, lane=Lane.LIVE)])
    beside.ledger.accept([article(2)])
    batch = pipeline.clean(pipeline.CANARY)
    assert batch["canary"]
    for task in (pipeline.entities, pipeline.geotag, pipeline.dedupe):
        batch = task(batch)
    assert beside.ledger.backlog().outcome(Outcome.DONE) == 1
    assert articles.ledger.backlog().waiting[Lane.LIVE] == 1


def test_a_process_without_a_canary_says_so(store: Store) -> None:
    runtime.install(Runtime(store, fake_stages()))
    with pytest.raises(NotReady, match="canary"):
        runtime.current(canary=True)
    runtime.install(None)
