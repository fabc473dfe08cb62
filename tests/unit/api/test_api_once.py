import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from unit.api.application import NDJSON, body, serving

from store import Scope, Store, StoreUnavailable

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with serving(store) as found:
        yield found


def batch(*numbers: int) -> bytes:
    return b"\n".join(json.dumps(body(number)).encode() for number in numbers)


def test_a_repeated_submission_gets_the_first_answer(client: TestClient, store: Store) -> None:
    first = client.post("/v1/articles", json=body(), headers=KEY)
    again = client.post("/v1/articles", json=body(), headers=KEY)
    assert first.status_code == again.status_code == 202
    assert first.content == again.content
    assert first.headers["Location"] == again.headers["Location"]
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    assert store.ledger.backlog().accepted == 1


def test_a_repeated_batch_gets_the_first_answer(client: TestClient) -> None:
    first = client.post("/v1/articles:batch", content=batch(1, 2), headers=NDJSON | KEY)
    again = client.post("/v1/articles:batch", content=batch(1, 2), headers=NDJSON | KEY)
    assert first.content == again.content
    assert again.json()["accepted"] == 2
    assert again.headers["Idempotency-Replayed"] == "true"


def test_the_same_body_compressed_anew_is_the_same_request(client: TestClient) -> None:
    headers = NDJSON | KEY | {"Content-Encoding": "gzip"}
    first = client.post("/v1/articles:batch", content=gzip.compress(batch(1), 1, mtime=1), headers=headers)
    again = client.post("/v1/articles:batch", content=gzip.compress(batch(1), 9, mtime=2), headers=headers)
    assert first.content == again.content


@pytest.mark.parametrize(
    ("path", "content"),
    [("/v1/articles", body(2)), ("/v1/articles?lane=bulk", body(1)), ("/v1/articles:batch", [body(1)])],
    ids=["other body", "other lane", "other address"],
)
def test_another_request_under_the_same_key_is_a_422(client: TestClient, path: str, content: Any) -> None:
    client.post("/v1/articles", json=body(1), headers=KEY)
    response = client.post(path, json=content, headers=KEY)
    assert (response.status_code, response.json()["type"]) == (422, "urn:dateline:problem:key-reused")


def test_while_the_first_is_being_answered_a_repeat_is_a_409(client: TestClient, store: Store) -> None:
    store.idempotency.begin("", KEY["Idempotency-Key"])
    response = client.post("/v1/articles", json=body(), headers=KEY)
    assert (response.status_code, response.json()["type"]) == (409, "urn:dateline:problem:in-progress")
    assert response.headers["Retry-After"] == "1"


def test_each_access_key_has_idempotency_keys_of_its_own(store: Store) -> None:
    one, two = (
        {"Authorization": f"Bearer {store.access.create(name, frozenset(Scope))[0]}"} | KEY for name in ("one", "two")
    )
    with serving(store) as client:
        assert client.post("/v1/articles", json=body(1), headers=one).status_code == 202
        assert client.post("/v1/articles", json=body(2), headers=two).status_code == 202


def test_the_quotes_of_the_draft_make_no_difference(client: TestClient) -> None:
    client.post("/v1/articles", json=body(), headers={"Idempotency-Key": '"abc"'})
    again = client.post("/v1/articles", json=body(), headers={"Idempotency-Key": "abc"})
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("name", ["", "a b", "é", "x" * 256, '"open', 'a"b'])
def test_a_key_that_cannot_be_read_is_a_problem_of_the_header(client: TestClient, name: str) -> None:
    response = client.post("/v1/articles", json=body(), headers={"Idempotency-Key": name.encode("latin-1")})
    assert response.status_code == 422
    assert response.json()["errors"][0]["parameter"] == "Idempotency-Key"


def test_a_refused_submission_frees_its_key_for_the_corrected_one(client: TestClient) -> None:
    assert client.post("/v1/articles", json={"url": "https://a.example"}, headers=KEY).status_code == 422
    assert client.post("/v1/articles", json=body(), headers=KEY).status_code == 202


def test_an_answer_that_a_passing_fault_spoiled_is_not_kept(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: object) -> None:
        raise StoreUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(store.ledger, "accept", away)
        assert client.post("/v1/articles", json=body(), headers=KEY).status_code == 503
    assert client.post("/v1/articles", json=body(), headers=KEY).status_code == 202


def test_a_batch_that_the_quota_cut_is_done_when_it_is_sent_again(store: Store) -> None:
    token, _ = store.access.create("crawler", frozenset(Scope))
    headers = {"Authorization": f"Bearer {token}"} | KEY | NDJSON
    with serving(store, quota_articles_per_minute=2) as client:
        assert client.post("/v1/articles:batch", content=batch(1, 2, 3), headers=headers).status_code == 207
        store.client.delete(*store.client.keys("dl:quota:*"))
        again = client.post("/v1/articles:batch", content=batch(1, 2, 3), headers=headers)
    assert "Idempotency-Replayed" not in again.headers
    assert again.status_code == 207, "two are there already, and the quota of two lets nobody else pass"


def test_an_answer_that_could_not_be_kept_is_given_all_the_same(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(store.idempotency, "_settle", away)
    assert client.post("/v1/articles", json=body(), headers=KEY).status_code == 202


def test_a_repeat_is_answered_although_too_much_waits(store: Store) -> None:
    with serving(store, max_waiting_live=1) as client:
        first = client.post("/v1/articles", json=body(), headers=KEY)
        client.app.state.resources.gate._admission._looked = 0.0  # type: ignore[attr-defined]
        assert client.post("/v1/articles", json=body(2)).status_code == 503
        assert client.post("/v1/articles", json=body(), headers=KEY).content == first.content
