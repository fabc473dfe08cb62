import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from unit.api.application import NDJSON, body, finish, serving

from api.admission import Admission, AdmissionLimits, is_full, surplus, wait_seconds
from api.problems import Refused
from schemas import Lane
from store import Backlog, Load, Scope, Store

NOW = datetime(2026, 11, 26, tzinfo=UTC)
LIMITS = AdmissionLimits(
    waiting={Lane.LIVE: 100, Lane.BULK: 1_000},
    wait_seconds={Lane.LIVE: 60, Lane.BULK: 600},
    memory_share=0.9,
    result_bytes=10,
)


def load(*, live: int = 0, bulk: int = 0, age: float = 0, used: int = 0, limit: int = 0) -> Load:
    oldest = NOW - timedelta(seconds=age)
    waiting = {Lane.LIVE: live, Lane.BULK: bulk}
    backlog = Backlog(NOW, {}, waiting, {lane: oldest if count else None for lane, count in waiting.items()}, 0, 0, 0)
    return Load(backlog, used, limit)


@pytest.mark.parametrize(("waiting", "expected"), [(0, 0), (99, 0), (100, 5), (150, 55)])
def test_a_lane_is_closed_at_its_limit_until_it_is_well_below(waiting: int, expected: int) -> None:
    assert surplus(load(live=waiting), Lane.LIVE, LIMITS) == expected


def test_the_limit_of_one_lane_does_not_close_the_other() -> None:
    assert surplus(load(live=5, bulk=5_000), Lane.LIVE, LIMITS) == 0


def test_bulk_articles_also_wait_for_the_live_ones() -> None:
    assert surplus(load(live=40, bulk=1_000), Lane.BULK, LIMITS) == 50 + 40


def test_articles_that_have_waited_too_long_have_to_go_first() -> None:
    assert surplus(load(live=50, age=60), Lane.LIVE, LIMITS) == 0
    assert surplus(load(live=50, age=120), Lane.LIVE, LIMITS) == 25


@pytest.mark.parametrize(("articles", "rate", "seconds"), [(55, 10, 6), (1, 1_000, 1), (10**9, 1, 3_600), (5, 0, 60)])
def test_the_time_to_wait_is_the_measured_one_within_reason(articles: int, rate: float, seconds: int) -> None:
    assert wait_seconds(articles, rate) == seconds


def test_memory_is_kept_for_the_results_of_what_is_pending() -> None:
    assert not is_full(load(live=10, used=700, limit=1_000), LIMITS)
    assert is_full(load(live=20, used=700, limit=1_000), LIMITS)
    assert not is_full(load(live=10**6, used=10**9), LIMITS), "without a limit there is always room"


class Measured:
    """Counts how often the store is asked."""

    def __init__(self, *loads: Load, rate: float = 10) -> None:
        self.loads = list(loads)
        self.rate = rate
        self.asked = 0

    def load(self) -> Load:
        self.asked += 1
        return self.loads[0] if len(self.loads) == 1 else self.loads.pop(0)

    def drain_rate(self) -> float:
        return self.rate


def test_the_store_is_asked_some_times_a_second_and_not_for_each_article() -> None:
    now = [0.0]
    measured = Measured(load())
    admission = Admission(measured, LIMITS, clock=lambda: now[0])  # type: ignore[arg-type]

    async def many() -> None:
        for _ in range(100):
            now[0] += 0.01
            await admission.check(Lane.LIVE)

    asyncio.run(many())
    assert 3 <= measured.asked <= 5


def test_a_lane_opens_again_by_itself() -> None:
    now = [0.0]
    admission = Admission(Measured(load(live=200), load(live=90)), LIMITS, clock=lambda: now[0])  # type: ignore[arg-type]

    async def twice() -> None:
        with pytest.raises(Refused) as refused:
            await admission.check(Lane.LIVE)
        assert refused.value.headers == {"Retry-After": "11"}
        now[0] += 11
        await admission.check(Lane.LIVE)

    asyncio.run(twice())


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with serving(store, max_waiting_live=2, max_waiting_bulk=3) as found:
        yield found


def test_too_long_a_backlog_is_a_503_with_a_time_to_wait(client: TestClient, store: Store) -> None:
    for number in range(2):
        assert client.post("/v1/articles", json=body(number)).status_code == 202
    client.app.state.resources.gate._admission._looked = 0.0  # type: ignore[attr-defined]
    response = client.post("/v1/articles", json=body(3))
    assert (response.status_code, response.json()["type"]) == (503, "urn:dateline:problem:overloaded")
    assert response.headers["Retry-After"] == "60", "nothing was finished in the last minute"
    assert store.ledger.backlog().accepted == 2
    finish(store)
    client.app.state.resources.gate._admission._looked = 0.0  # type: ignore[attr-defined]
    assert client.post("/v1/articles", json=body(3)).status_code == 202


def test_a_batch_is_refused_as_a_whole_when_nothing_of_it_fits(client: TestClient, store: Store) -> None:
    lines = "\n".join(json.dumps(body(number)) for number in range(3))
    assert client.post("/v1/articles:batch", content=lines, headers=NDJSON).status_code == 202
    client.app.state.resources.gate._admission._looked = 0.0  # type: ignore[attr-defined]
    again = client.post("/v1/articles:batch", content=lines, headers=NDJSON)
    assert again.status_code == 503
    assert int(again.headers["Retry-After"]) > 0


def bearer(store: Store, **fields: Any) -> dict[str, str]:
    token, _ = store.access.create("crawler", frozenset(Scope), **fields)
    return {"Authorization": f"Bearer {token}"}


def test_the_quota_is_told_with_every_answer(store: Store) -> None:
    headers = bearer(store)
    with serving(store, quota_articles_per_minute=60) as client:
        response = client.post("/v1/articles", json=body(), headers=headers)
        refused = client.post("/v1/articles", content=b"{", headers=headers | {"Content-Type": "application/json"})
    assert response.headers["RateLimit-Policy"] == '"articles";q=60;w=60'
    assert response.headers["RateLimit"] == '"articles";r=59;t=1'
    assert refused.status_code == 400
    assert refused.headers["RateLimit"] == '"articles";r=58;t=2'


def test_beyond_its_quota_a_key_gets_429_and_others_do_not(store: Store) -> None:
    one, other = bearer(store), bearer(store)
    with serving(store, quota_articles_per_minute=2) as client:
        codes = [client.post("/v1/articles", json=body(n), headers=one).status_code for n in range(3)]
        response = client.post("/v1/articles", json=body(9), headers=one)
        assert codes == [202, 202, 429]
        assert response.json()["type"] == "urn:dateline:problem:too-many-requests"
        assert 28 <= int(response.headers["Retry-After"]) <= 30
        assert client.post("/v1/articles", json=body(9), headers=other).status_code == 202


def test_of_a_batch_the_lines_within_the_quota_pass(store: Store) -> None:
    headers = bearer(store) | NDJSON
    lines = "\n".join(json.dumps(body(number)) for number in range(5))
    with serving(store, quota_articles_per_minute=3) as client:
        response = client.post("/v1/articles:batch", content=lines, headers=headers)
    assert response.status_code == 207
    assert [item["status"] for item in response.json()["items"]] == [202, 202, 202, 429, 429]
    assert int(response.headers["Retry-After"]) >= 38


def test_a_key_may_have_a_quota_of_its_own(store: Store) -> None:
    headers = bearer(store, articles_per_minute=7)
    with serving(store, quota_articles_per_minute=2) as client:
        response = client.post("/v1/articles", json=body(), headers=headers)
    assert response.headers["RateLimit-Policy"] == '"articles";q=7;w=60'


def test_without_a_quota_nothing_is_said_of_one(store: Store) -> None:
    with serving(store) as client:
        assert "RateLimit" not in client.post("/v1/articles", json=body(), headers=bearer(store)).headers
