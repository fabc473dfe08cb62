import httpx
import pytest
from conftest import article
from unit.api.application import body, serving
from unit.workers.metrics.test_metrics_instruments import samples

from store import Scope, Store, StoreUnavailable


def test_the_api_tells_of_itself_and_of_the_store(store: Store) -> None:
    with serving(store, max_waiting_live=77) as client:
        client.post("/v1/articles", json=body())
        answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    told = samples(answer.content)
    assert told["dateline_articles_accepted_total", ()] == 1
    assert told["dateline_lane_limit", (("lane", "live"),)] == 77
    request = (("method", "POST"), ("route", "/v1/articles"), ("status", "202"))
    assert told["dateline_http_requests_total", request] == 1
    assert told["dateline_http_in_flight", ()] == 1, "the scrape itself"


def test_what_clients_make_up_becomes_no_label(store: Store) -> None:
    with serving(store) as client:
        for number in range(20):
            client.get(f"/nothing/{number}")
            client.get(f"/v1/articles/{number}")
            client.request(f"ODD{number}", "/v1/articles")
        told = samples(client.get("/metrics").content)
    routes = {labels for name, labels in told if name == "dateline_http_requests_total"}
    assert len(routes) == 3
    assert {dict(labels)["method"] for labels in routes} == {"GET", "other"}


def test_a_store_that_is_away_leaves_the_rest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: object) -> None:
        raise StoreUnavailable("The store does not answer.")

    monkeypatch.setattr(store.pipeline, "look", away)
    with serving(store) as client:
        answer = client.get("/metrics")
    assert answer.status_code == httpx.codes.OK
    told = samples(answer.content)
    assert told["dateline_store_up", ()] == 0
    assert ("dateline_http_in_flight", ()) in told


def test_a_key_for_metrics_opens_nothing_else(store: Store) -> None:
    store.ledger.accept([article(1)])
    metrics, _ = store.access.create("prometheus", frozenset({Scope.METRICS}))
    read, _ = store.access.create("page", frozenset({Scope.READ, Scope.OPERATE, Scope.SUBMIT}))
    with serving(store) as client:

        def status(path: str, token: str | None) -> int:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            return client.get(path, headers=headers).status_code

        assert [status("/metrics", token) for token in (None, read, metrics)] == [401, 403, 200]
        paths = ("/v1/articles", "/v1/feed", "/v1/pipeline", "/v1/operate/quarantine", "/v1/operate/audit")
        assert {status(path, metrics) for path in paths} == {403}


def test_streams_count_as_one_request_that_began_at_once(store: Store) -> None:
    with serving(store) as client:
        client.get("/v1/feed", params={"wait": 1})
        told = samples(client.get("/metrics").content)
    assert told["dateline_http_response_seconds_count", (("route", "/v1/feed"),)] == 1
