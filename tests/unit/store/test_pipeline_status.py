from datetime import UTC, datetime

import pytest
from conftest import article
from ledger_steps import advance, claim, finish

from schemas import Lane, Outcome, StageName, WebhookOrder, WebhookState
from store import Store
from store import pipeline as module


def test_an_empty_store_has_a_status(any_store: Store) -> None:
    seen = any_store.pipeline.status(None)
    assert (seen.accepted, seen.pending, seen.balanced, seen.broker) == (0, 0, True, False)
    assert seen.lanes[Lane.LIVE].stages[StageName.CLEAN].messages is None
    assert seen.lanes.keys() == set(Lane)


def test_lanes_stages_and_outcomes_are_counted(any_store: Store) -> None:
    finish(any_store, 1)
    any_store.ledger.accept([article(2), article(3, lane=Lane.BULK)])
    taken = claim(any_store)
    advance(any_store, taken.refs[0], taken.token, StageName.CLEAN)
    any_store.ledger.accept([article(4, lane=Lane.BULK)])
    any_store.scripts.clock_ms = 1_000_000 + 7_000
    seen = any_store.pipeline.status({(Lane.LIVE, StageName.ENTITIES): 3})
    assert (seen.accepted, seen.pending, seen.leased, seen.outcomes[Outcome.DONE]) == (4, 3, 2, 1)
    live, bulk = seen.lanes[Lane.LIVE], seen.lanes[Lane.BULK]
    assert (live.waiting, live.oldest_seconds, bulk.waiting, bulk.oldest_seconds) == (0, None, 1, 7)
    assert live.stages[StageName.ENTITIES].model_dump() == {"in_work": 1, "oldest_seconds": 7, "messages": 3}
    assert bulk.stages[StageName.CLEAN].model_dump() == {"in_work": 1, "oldest_seconds": 7, "messages": 0}
    assert live.stages[StageName.CLEAN].in_work == 0


def test_many_leased_articles_are_estimated_from_a_sample(any_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SAMPLE", 4)
    any_store.ledger.accept([article(n) for n in range(12)])
    claim(any_store)
    assert any_store.pipeline.status(None).lanes[Lane.LIVE].stages[StageName.CLEAN].in_work == 12


def test_numbers_that_do_not_add_up_are_told(any_store: Store) -> None:
    any_store.client.hset(any_store.keys.counts, "accepted", 7)
    assert not any_store.pipeline.status(None).balanced


def test_webhooks_are_counted_by_state(any_store: Store) -> None:
    any_store.webhooks.create(WebhookOrder(url="https://a.example/"))
    seen = any_store.pipeline.status(None)
    assert seen.webhooks == {state: int(state is WebhookState.ACTIVE) for state in WebhookState}
    assert len(seen.followers) == 1


def test_the_time_is_that_of_the_store(any_store: Store) -> None:
    assert any_store.pipeline.status(None).at == datetime.fromtimestamp(1_000, UTC)


@pytest.mark.integration
def test_memory_and_durability_of_a_real_server_are_told(real_store: Store) -> None:
    memory = real_store.pipeline.status(None).memory
    assert memory.used_bytes > 0
    assert (memory.limit_bytes, memory.durable) == (0, True)
    real_store.client.config_set("appendonly", "no")
    try:
        assert real_store.pipeline.status(None).memory.durable is False
    finally:
        real_store.client.config_set("appendonly", "yes")


def test_a_server_that_tells_nothing_of_itself_is_not_called_unsafe(store: Store) -> None:
    assert store.pipeline.status(None).memory.model_dump() == {"used_bytes": 0, "limit_bytes": 0, "durable": None}
