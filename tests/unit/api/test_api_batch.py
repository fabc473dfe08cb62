import gzip
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.api.application import NDJSON, body, serving

from api.lines import Line, Lines, elements
from api.problems import Refused
from store import Store, StoreFull, StoreUnavailable

BATCH = "/v1/articles:batch"


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with serving(store) as found:
        yield found


def ndjson(*lines: Any) -> bytes:
    return b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)


def send(client: TestClient, content: Any, **headers: str) -> Any:
    return client.post(BATCH, content=content, headers={**NDJSON, **headers})


def lines_and_statuses(response: Any) -> list[tuple[int, int]]:
    return [(item["line"], item["status"]) for item in response.json()["items"]]


def test_all_accepted_is_a_202_in_the_order_of_the_lines(client: TestClient) -> None:
    response = send(client, ndjson(*(body(number) for number in range(250))))
    receipt = response.json()
    assert (response.status_code, receipt["accepted"], receipt["rejected"]) == (202, 250, 0)
    assert [item["line"] for item in receipt["items"]] == list(range(1, 251))
    addresses = [client.get(item["receipt"]["status_url"]).json()["url"] for item in receipt["items"][::50]]
    assert addresses == [body(number)["url"] for number in range(0, 250, 50)]


def test_existing_articles_count_apart(client: TestClient) -> None:
    send(client, ndjson(body(1)))
    response = send(client, ndjson(body(1), body(2)))
    assert response.status_code == 202
    assert lines_and_statuses(response) == [(1, 200), (2, 202)]
    assert (response.json()["accepted"], response.json()["existing"]) == (1, 1)


def test_one_bad_line_costs_only_itself_and_says_its_number(client: TestClient) -> None:
    response = send(client, ndjson(body(1), b"", b"{zebrafinch", {"text": ["zebrafinch"]}, body(2)))
    assert response.status_code == 207
    assert lines_and_statuses(response) == [(1, 202), (3, 400), (4, 422), (5, 202)]
    assert [item["problem"]["line"] for item in response.json()["items"] if item["problem"]] == [3, 4]
    assert "zebrafinch" not in response.text


def test_none_accepted_is_a_422_with_all_items(client: TestClient) -> None:
    response = send(client, ndjson({}, {}))
    assert response.status_code == 422
    assert lines_and_statuses(response) == [(1, 422), (2, 422)]


@pytest.mark.parametrize("content", [b"", b"\n \r\n\n"])
def test_an_empty_batch_is_a_problem(client: TestClient, content: bytes) -> None:
    response = send(client, content)
    assert response.status_code == 422
    assert response.json()["type"] == "urn:dateline:problem:invalid"


def test_a_batch_goes_to_the_bulk_lane(client: TestClient, store: Store) -> None:
    send(client, ndjson(body()))
    assert {str(name): count for name, count in store.ledger.backlog().waiting.items()} == {"live": 0, "bulk": 1}


def test_gzip_is_read_also_in_several_members(client: TestClient) -> None:
    packed = gzip.compress(ndjson(body(1)) + b"\n") + gzip.compress(ndjson(body(2)))
    assert lines_and_statuses(send(client, packed, **{"Content-Encoding": "gzip"})) == [(1, 202), (2, 202)]


def test_gzip_that_breaks_off_keeps_what_came_before(client: TestClient, store: Store) -> None:
    packed = gzip.compress(ndjson(*(body(number) for number in range(50))))[:-4]
    response = send(client, packed, **{"Content-Encoding": "gzip"})
    assert response.status_code == 207
    assert store.ledger.backlog().accepted == 49, "the last line may have been cut, so it is refused"
    assert response.json()["items"][-1]["status"] == 400


def test_a_gzip_bomb_is_a_413(client: TestClient) -> None:
    response = send(client, gzip.compress(b"a" * 70_000_000, 9), **{"Content-Encoding": "gzip"})
    assert response.status_code == 413


def test_a_bomb_behind_good_lines_is_refused_alone(store: Store) -> None:
    with serving(store, max_batch_bytes=100_000, max_body_bytes=2_000) as client:
        bomb = gzip.compress(ndjson(body(1), body(2)) + b"\n" + b"a" * 10_000_000)
        response = send(client, bomb, **{"Content-Encoding": "gzip"})
    assert response.status_code == 207
    assert lines_and_statuses(response) == [(1, 202), (2, 202), (3, 413)]


def test_a_line_that_is_too_long_is_refused_alone(store: Store) -> None:
    with serving(store, max_body_bytes=2_000) as client:
        response = send(client, ndjson(body(1), body(2, title="a" * 3_000), body(3)))
    assert lines_and_statuses(response) == [(1, 202), (2, 413), (3, 202)]


def test_articles_beyond_the_limit_are_refused_together(store: Store) -> None:
    with serving(store, max_batch_items=3) as client:
        response = send(client, ndjson(*(body(number) for number in range(6))))
    assert response.status_code == 207
    assert lines_and_statuses(response) == [(1, 202), (2, 202), (3, 202), (4, 413)]


def test_blank_lines_without_end_are_refused_before_they_cost_anything(store: Store) -> None:
    with serving(store, max_batch_items=100) as client:
        response = send(client, gzip.compress(b"\n" * 10_000_000), **{"Content-Encoding": "gzip"})
        assert response.status_code == 413
        assert "400 lines" in response.json()["detail"]
        mixed = send(client, ndjson(body(1)) + b"\n" * 1_000)
        assert lines_and_statuses(mixed) == [(1, 202), (401, 413)]


def test_an_array_without_end_is_read_to_the_limit_only(store: Store) -> None:
    with serving(store, max_batch_items=3) as client:
        response = client.post(BATCH, json=[body(number) for number in range(6)])
    assert lines_and_statuses(response) == [(1, 202), (2, 202), (3, 202), (4, 413)]
    assert len(elements(b"[" + b"1," * 2_000_000 + b"1]", 10)) == 11


@pytest.mark.parametrize("media_type", ["application/jsonl", "application/x-jsonlines", "application/ndjson"])
def test_other_names_of_ndjson_are_known(client: TestClient, media_type: str) -> None:
    assert client.post(BATCH, content=ndjson(body()), headers={"Content-Type": media_type}).status_code == 202


def test_other_formats_are_a_415(client: TestClient) -> None:
    assert client.post(BATCH, content=b"x", headers={"Content-Type": "text/csv"}).status_code == 415


def test_an_array_is_read_in_order(client: TestClient) -> None:
    response = client.post(BATCH, json=[body(1), {"text": 3}, body(2)])
    assert response.status_code == 207
    assert lines_and_statuses(response) == [(1, 202), (2, 422), (3, 202)]


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1", b"[1,]", b"[1] 2", b"[1 2]", b"[,]", b"\xff", b"[" * 100_000, b"[nope]"]
)
def test_a_malformed_array_is_refused_as_a_whole(client: TestClient, store: Store, content: bytes) -> None:
    response = client.post(BATCH, content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert response.json()["type"] == "urn:dateline:problem:malformed-json"
    assert store.ledger.backlog().accepted == 0


def test_an_empty_array_is_an_empty_batch(client: TestClient) -> None:
    assert client.post(BATCH, json=[]).status_code == 422


def fail_from(store: Store, call: int, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    accept, calls = store.ledger.accept, iter(range(1_000))

    def accept_or_fail(articles: Any) -> Any:
        if next(calls) >= call:
            raise error
        return accept(articles)

    monkeypatch.setattr(store.ledger, "accept", accept_or_fail)


def test_a_store_that_fails_midway_keeps_what_came_before(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_from(store, 1, StoreUnavailable("gone"), monkeypatch)
    response = send(client, ndjson(*(body(number) for number in range(450))))
    assert response.status_code == 207
    assert [status for _, status in lines_and_statuses(response)] == [202] * 200 + [503] * 250
    assert store.ledger.backlog().accepted == 200


@pytest.mark.parametrize("error", [StoreUnavailable("gone"), StoreFull("full")])
def test_a_store_that_fails_at_once_is_a_503(
    client: TestClient, store: Store, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_from(store, 0, error, monkeypatch)
    response = send(client, ndjson(body(1), {}, body(2)))
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0


def test_an_article_that_breaks_the_store_is_refused_alone(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept = store.ledger.accept

    def accept_all_but_one(articles: Any) -> Any:
        if any(article.submission.title == "poison" for article in articles):
            raise RuntimeError("poison")
        return accept(articles)

    monkeypatch.setattr(store.ledger, "accept", accept_all_but_one)
    response = send(client, ndjson(body(1), body(2, title="poison"), body(3)))
    assert lines_and_statuses(response) == [(1, 202), (2, 500), (3, 202)]


@given(st.binary(max_size=200).map(lambda data: data.replace(b"\n", b"")).map(lambda d: d.strip()), st.data())
def test_lines_do_not_depend_on_how_the_stream_is_cut(line: bytes, data: st.DataObject) -> None:
    stream = b"first\n\n" + line + b"\r\nlast"
    cut = data.draw(st.integers(0, len(stream)))
    lines = Lines(100, 10)
    found = [*lines.feed(stream[:cut]), *lines.feed(stream[cut:]), *lines.finish()]
    middle = [Line(3, line if len(line) < 100 else None)] if line else []
    assert found == [Line(1, b"first"), *middle, Line(4, b"last")]


@settings(max_examples=40)
@given(st.lists(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3))))
def test_elements_are_those_of_the_array(values: list[Any]) -> None:
    found = elements(json.dumps(values, indent=1).encode(), 1_000)
    assert [json.loads(line.body or b"") for line in found] == values
    assert [line.number for line in found] == list(range(1, len(values) + 1))


@given(st.binary(max_size=100))
def test_whatever_an_array_holds_it_is_cut_or_refused(content: bytes) -> None:
    with suppress(Refused):
        elements(content, 1_000)


def test_a_batch_in_another_format_says_how_each_line_was_read(client: TestClient) -> None:
    lines = [
        {"maintext": "From news-please.", "date_publish": "None", "url": "https://a.example/1", "title_rss": None},
        {"url": "https://a.example/2", "text": "Our own."},
        {"@type": "NewsArticle", "headline": "No body", "url": "https://a.example/3"},
    ]
    response = client.post(f"{BATCH}?format=auto", content=ndjson(*lines), headers=NDJSON)
    items = response.json()["items"]
    assert [item["status"] for item in items] == [202, 202, 422]
    assert [item["format"] for item in items] == ["news-please", "dateline", None]


def test_an_unknown_format_is_a_problem_of_the_parameter(client: TestClient) -> None:
    response = client.post(f"{BATCH}?format=word", content=b"{}", headers=NDJSON)
    assert response.status_code == 422
    assert response.json()["errors"][0]["parameter"] == "format"
