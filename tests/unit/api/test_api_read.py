from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import eventually
from fastapi.testclient import TestClient
from unit.api.application import body, finish, serving

from schemas import ArticlePage, Result, Status
from store import Ledger, Store, StoreUnavailable


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with serving(store) as found:
        yield found


def submit(client: TestClient, number: int = 1, **fields: Any) -> str:
    return str(client.post("/v1/articles", json=body(number, **fields)).json()["id"])


def test_a_pending_article_is_answered_with_its_status(client: TestClient) -> None:
    response = client.get(f"/v1/articles/{submit(client)}")
    assert response.status_code == 200
    assert Status.model_validate_json(response.content).state == "waiting"


def test_a_finished_article_is_answered_with_its_result(client: TestClient, store: Store) -> None:
    article_id = submit(client)
    finish(store)
    result = Result.model_validate_json(client.get(f"/v1/articles/{article_id}").content)
    assert result.outcome == "done"
    assert len(result.stages) == 4


def test_an_older_revision_stays_readable(client: TestClient, store: Store) -> None:
    article_id = submit(client)
    finish(store)
    submit(client, text="Other words.")
    latest = client.get(f"/v1/articles/{article_id}").json()
    older = client.get(f"/v1/articles/{article_id}?revision=1").json()
    assert (latest["revision"], latest["state"]) == (2, "waiting")
    assert (older["revision"], older["outcome"], older["latest_revision"]) == (1, "done", 2)


@pytest.mark.parametrize("path", ["a" * 26, "a" * 26 + "?revision=2", "x", "..%2f..%2fetc", "a%00b"])
def test_what_is_not_there_is_a_404(client: TestClient, path: str) -> None:
    response = client.get(f"/v1/articles/{path}")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("revision", ["0", "-1", "x", "99999999999999999999"])
def test_an_impossible_revision_is_a_422_of_the_parameter(client: TestClient, revision: str) -> None:
    response = client.get(f"/v1/articles/{'a' * 26}?revision={revision}")
    assert response.status_code == 422
    assert [error["parameter"] for error in response.json()["errors"]] == ["revision"]


def test_what_has_not_changed_is_not_sent_again(client: TestClient, store: Store) -> None:
    path = f"/v1/articles/{submit(client)}"
    etag = client.get(path).headers["ETag"]
    known = {"If-None-Match": f'"other", W/{etag}'}
    unchanged = client.get(path, headers=known)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    finish(store)
    assert client.get(path, headers=known).status_code == 200


def test_pages_hold_every_article_once_newest_first(client: TestClient) -> None:
    submitted = [submit(client, number) for number in range(7)]
    found: list[str] = []
    cursor = ""
    while True:
        page = ArticlePage.model_validate_json(client.get(f"/v1/articles?limit=3{cursor}").content)
        found += [article.id for article in page.items]
        if page.next_cursor is None:
            break
        cursor = f"&cursor={page.next_cursor}"
    assert sorted(found) == sorted(submitted)


def test_articles_are_listed_by_outcome(client: TestClient, store: Store) -> None:
    done = submit(client, 1)
    finish(store)
    broken = submit(client, 2)
    finish(store, quarantine=True)
    pending = submit(client, 3)
    for outcome, expected in {"done": done, "quarantined": broken, "pending": pending}.items():
        page = client.get(f"/v1/articles?outcome={outcome}").json()
        assert [article["id"] for article in page["items"]] == [expected]


def test_articles_are_listed_by_source(client: TestClient) -> None:
    submit(client, 1)
    other = submit(client, 2, source_domain="www.Other.example")
    page = client.get("/v1/articles?source=WWW.other.example").json()
    assert [article["id"] for article in page["items"]] == [other]


def test_articles_are_listed_by_time(client: TestClient) -> None:
    submit(client)
    now = datetime.now(UTC)
    before, after = ((now + timedelta(hours=hours)).isoformat() for hours in (-1, 1))

    def count(**times: str) -> int:
        return len(client.get("/v1/articles", params=times).json()["items"])

    assert [count(since=before), count(since=after), count(until=before), count(until=after)] == [1, 0, 0, 1]
    assert count(since="2026-01-01", until=after) == 1, "a time without a zone is UTC"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("outcome=zebrafinch", "outcome"),
        ("since=zebrafinch", "since"),
        ("cursor=zebrafinch", "cursor"),
    ],
)
def test_a_bad_parameter_is_named_and_not_repeated(client: TestClient, query: str, parameter: str) -> None:
    response = client.get(f"/v1/articles?{query}")
    assert response.status_code == 422
    assert {error["parameter"] for error in response.json()["errors"]} == {parameter}
    assert "zebrafinch" not in response.text


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/feed", f"/v1/articles/{'a' * 26}", "/v1/health/live"])
def test_an_unknown_parameter_is_refused_and_named_only_if_it_is_a_name(client: TestClient, path: str) -> None:
    response = client.get(path, params={"outcom": "done", "the zebrafinch said": "1"})
    assert response.status_code == 422
    assert [error.get("parameter") for error in response.json()["errors"]] == ["outcom", None]
    assert "zebrafinch" not in response.text


def test_an_answer_that_nobody_accepts_is_a_406(client: TestClient) -> None:
    response = client.get("/v1/articles", headers={"Accept": "text/csv, image/*, application/json;q=0"})
    assert response.status_code == 406
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("accept", ["", "*/*", "application/*", "text/csv;q=0.9, application/json;q=0.1", "a;q=x, */*"])
def test_json_is_sent_to_whoever_accepts_it(client: TestClient, accept: str) -> None:
    assert client.get("/v1/articles", headers={"Accept": accept}).status_code == 200


def test_another_method_is_a_405_that_names_the_right_ones(client: TestClient) -> None:
    response = client.delete("/v1/articles")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, POST"
    assert response.json()["type"] == "urn:dateline:problem:method-not-allowed"
    assert set(client.post("/docs").headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_an_unknown_address_is_a_404(client: TestClient) -> None:
    response = client.get("/v2/zebrafinch")
    assert response.json()["type"] == "urn:dateline:problem:not-found"
    assert "zebrafinch" not in response.text


def test_liveness_asks_nobody(client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "ledger", None)
    assert client.get("/v1/health/live").json() == {"status": "live"}


def test_who_may_submit_is_told_the_backlog(client: TestClient, store: Store) -> None:
    submit(client, 1)
    finish(store)
    submit(client, 2)
    ready = client.get("/v1/health/accepting").json()
    assert ready["waiting"] == {"live": 1, "bulk": 0}
    assert ready["oldest_waiting_seconds"]["live"] >= 0
    assert ready["oldest_waiting_seconds"]["bulk"] is None
    assert (ready["pending"], ready["accepted"]) == (1, 2)


@pytest.mark.parametrize("question", ["accepting", "ready"])
def test_without_the_store_the_server_is_not_ready(
    question: str, client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Ledger) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(Ledger, "backlog", fail)
    response = client.get(f"/v1/health/{question}")
    assert response.status_code == 503
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Retry-After"]


def test_it_is_ready_when_an_article_of_its_own_got_through(client: TestClient, store: Store) -> None:
    canary = store.beside("canary")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.get, "/v1/health/ready")
        eventually(lambda: bool(finish(canary)), 10, "a canary")
        response = asked.result()
    assert response.status_code == 200
    assert response.json()["status"] == "ready"
    assert store.ledger.backlog().accepted == 0
    assert client.get("/v1/articles").json()["items"] == []
    assert client.get("/v1/feed").json()["items"] == []


def test_it_is_not_ready_while_no_article_gets_through(store: Store) -> None:
    with serving(store, ready_within=0.2) as client:
        response = client.get("/v1/health/ready")
    assert response.status_code == 503
    assert "workers" in response.json()["detail"]


def test_without_the_store_reading_is_a_503(client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(store.listing, "page", fail)
    assert client.get("/v1/articles").status_code == 503
