import anyio
import httpx
import pytest
from conftest import article
from unit.api.application import CountingWakeups, finish, serving

from api.overview import Overview
from schemas import PipelineStatus
from store import Scope, Store, StoreUnavailable


def test_the_pipeline_is_told_as_it_is(store: Store) -> None:
    store.ledger.accept([article(1)])
    finish(store)
    store.ledger.accept([article(2), article(2)])
    with serving(store) as client:
        answer = client.get("/v1/pipeline")
    assert answer.status_code == httpx.codes.OK
    seen = PipelineStatus.model_validate_json(answer.content)
    assert (seen.accepted, seen.pending, seen.feed) == (2, 1, 1)
    assert seen.total.answers == {"accepted": 2, "revised": 0, "existing": 1}
    assert seen.lanes["live"].stages["clean"].messages == 0
    assert seen.broker


def test_it_needs_a_key_that_may_read(store: Store) -> None:
    submit, _ = store.access.create("scraper", frozenset({Scope.SUBMIT}))
    read, _ = store.access.create("page", frozenset({Scope.READ}))
    with serving(store) as client:

        def status(token: str | None) -> int:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            return client.get("/v1/pipeline", headers=headers).status_code

        assert (status(None), status(submit), status(read)) == (401, 403, 200)


def test_a_broker_that_is_away_is_no_error(store: Store) -> None:
    with serving(store, CountingWakeups(error=ConnectionError("no broker"))) as client:
        document = client.get("/v1/pipeline").json()
    assert document["broker"] is False
    assert document["lanes"]["live"]["stages"]["clean"]["messages"] is None


def test_a_store_that_is_away_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: object) -> None:
        raise StoreUnavailable("The store does not answer.")

    monkeypatch.setattr(store.pipeline, "look", away)
    with serving(store) as client:
        answer = client.get("/v1/pipeline")
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert "Retry-After" in answer.headers


def test_however_many_ask_it_is_looked_at_once_a_second(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, now = [], [0.0]
    look = store.pipeline.look
    monkeypatch.setattr(store.pipeline, "look", lambda messages: looks.append(1) or look(messages))

    async def ask() -> None:
        overview = Overview(store.pipeline, CountingWakeups(), lambda: now[0])
        async with anyio.create_task_group() as tasks:
            for _ in range(10):
                tasks.start_soon(overview.look)
        assert len(looks) == 1
        now[0] = 1.5
        await overview.look()
        assert len(looks) == 2

    anyio.run(ask)
