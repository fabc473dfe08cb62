import gzip
import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from unit.api.application import CountingWakeups, body, serving

from schemas import MAX_TEXT_CHARS, Receipt, Submission
from store import Store, StoreFull, StoreUnavailable

MARKER = "zebrafinch"


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with serving(store) as found:
        yield found


def post(client: TestClient, content: bytes | str | dict[str, Any], **headers: str) -> Any:
    raw = json.dumps(content) if isinstance(content, dict) else content
    return client.post("/v1/articles", content=raw, headers={"Content-Type": "application/json", **headers})


def assert_problem(response: Any, status: int, kind: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == f"urn:dateline:problem:{kind}"
    assert problem["status"] == status
    assert problem["detail"]
    return dict(problem)


def test_a_new_article_is_accepted_with_its_place(client: TestClient, store: Store) -> None:
    response = post(client, body())
    receipt = Receipt.model_validate_json(response.content)
    assert response.status_code == 202
    assert receipt.answer == "accepted"
    assert response.headers["Location"] == receipt.status_url
    assert store.ledger.backlog().pending == 1
    assert client.get(receipt.status_url).json()["state"] == "waiting"


def test_the_same_submission_again_is_answered_with_the_existing_one(client: TestClient, store: Store) -> None:
    first = post(client, body())
    again = post(client, body())
    assert again.status_code == 200
    assert again.json() == {**first.json(), "answer": "existing"}
    assert store.ledger.backlog().pending == 1


def test_new_content_under_the_same_address_is_a_new_revision(client: TestClient) -> None:
    post(client, body())
    revised = post(client, body(text="Other words."))
    assert (revised.status_code, revised.json()["answer"], revised.json()["revision"]) == (202, "revised", 2)


@pytest.mark.parametrize("lane", ["live", "bulk"])
def test_the_lane_can_be_chosen(client: TestClient, store: Store, lane: str) -> None:
    client.post(f"/v1/articles?lane={lane}", json=body())
    assert {str(name): count for name, count in store.ledger.backlog().waiting.items() if count} == {lane: 1}


def test_an_unknown_lane_is_a_problem_of_the_parameter(client: TestClient) -> None:
    problem = assert_problem(client.post(f"/v1/articles?lane={MARKER}", json=body()), 422, "invalid")
    assert problem["errors"] == [
        {"parameter": "lane", "code": "enum", "message": "must be one of 'live' or 'bulk'"},
    ]


def test_unreadable_metadata_is_a_warning(client: TestClient) -> None:
    response = post(client, body(published_at="yesterday-ish", authors=7))
    assert response.status_code == 202
    assert {warning["field"] for warning in response.json()["warnings"]} == {"published_at", "authors"}


@pytest.mark.parametrize("date", [10**400, -(10**400), "2020-01-01 00:00 +9959", "9999-99-99", "", [1], {"a": 1}])
def test_no_date_can_cost_the_article(client: TestClient, date: Any) -> None:
    receipt = post(client, body(published_at=date))
    assert receipt.status_code == 202
    assert [warning["code"] for warning in receipt.json()["warnings"]] in ([], ["unreadable"])


def test_a_zone_that_nobody_knows_is_taken_as_utc(client: TestClient) -> None:
    receipt = post(client, body(published_at="2020-01-01 00:00 XYZ")).json()
    assert [warning["code"] for warning in receipt["warnings"]] == ["no_time_zone"]


def test_workers_are_woken_for_new_articles_only(store: Store) -> None:
    wakeups = CountingWakeups()
    with serving(store, wakeups) as client:
        post(client, body())
        before = wakeups.calls
        post(client, body())
    assert before <= wakeups.calls <= 1


def test_a_failing_broker_does_not_harm_the_answer(store: Store) -> None:
    with serving(store, CountingWakeups(error=ConnectionError("no broker"))) as client:
        assert [post(client, body(number)).status_code for number in range(3)] == [202, 202, 202]


def test_the_senders_trace_is_kept(client: TestClient) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    receipt = post(client, body(), traceparent=f"00-{trace}-00f067aa0ba902b7-01").json()
    assert client.get(receipt["status_url"]).json()["trace_id"] == trace


@pytest.mark.parametrize("parent", ["", "00-" + "0" * 32 + "-00f067aa0ba902b7-01", "ff-" + "1" * 32, "x"])
def test_an_invalid_trace_is_replaced(client: TestClient, parent: str) -> None:
    receipt = post(client, body(), traceparent=parent).json()
    trace = client.get(receipt["status_url"]).json()["trace_id"]
    assert len(trace) == 32
    assert trace not in parent


def test_every_response_has_a_request_id(client: TestClient) -> None:
    assert len(post(client, body()).headers["X-Request-Id"]) == 32
    refused = client.get("/nowhere", headers={"X-Request-Id": "crawler-42.1"})
    assert refused.headers["X-Request-Id"] == "crawler-42.1"
    assert refused.json()["instance"] == "urn:dateline:request:crawler-42.1"


def test_an_odd_request_id_is_replaced(client: TestClient) -> None:
    assert client.get("/nowhere", headers={"X-Request-Id": "a b<c>"}).headers["X-Request-Id"] != "a b<c>"


def test_gzip_is_read(client: TestClient) -> None:
    packed = gzip.compress(json.dumps(body()).encode())
    assert post(client, packed, **{"Content-Encoding": "gzip"}).status_code == 202


def test_a_byte_order_mark_is_ignored(client: TestClient) -> None:
    assert post(client, b"\xef\xbb\xbf" + json.dumps(body()).encode()).status_code == 202


MALFORMED = {
    "nothing": b"",
    "half": b'{"text": "zebrafinch',
    "no_json": b"zebrafinch",
    "trailing": b'{"text": "a"} zebrafinch',
    "raw_nul": b'{"text": "zebra\x00finch"}',
    "not_utf_8": b'{"text": "zebrafinch \xff"}',
    "lone_surrogate": rb'{"text": "zebrafinch \ud800"}',
    "deep": b'{"text": "zebrafinch", "extra": {"a": ' + b"[" * 50_000 + b"]" * 50_000 + b"}}",
    "huge_integer": b'{"text": "zebrafinch", "extra": {"a": ' + b"9" * 5_000 + b"}}",
    "same_name_twice": b'{"text": "zebrafinch", "text": "b"}',
    "same_name_twice_inside": b'{"text": "zebrafinch", "extra": {"a": {"zebrafinch": 1, "zebrafinch": 2}}}',
    "not_a_number": b'{"text": "zebrafinch", "extra": {"a": NaN}}',
    "infinity": b'{"text": "zebrafinch", "extra": {"a": -Infinity}}',
    "utf_16": '{"text": "zebrafinch"}'.encode("utf-16"),
}


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED)
def test_malformed_json_is_a_400(client: TestClient, store: Store, content: bytes) -> None:
    response = post(client, content)
    assert_problem(response, 400, "malformed-json")
    assert MARKER not in response.text
    assert store.ledger.backlog().accepted == 0


def test_malformed_json_says_where(client: TestClient) -> None:
    problem = assert_problem(post(client, b'{"text": "a",\n "url": nope}'), 400, "malformed-json")
    assert "line 2, column 10" in problem["detail"]


def test_malformed_json_of_one_line_names_no_line_that_could_be_taken_for_the_batchs(client: TestClient) -> None:
    problem = assert_problem(post(client, b'{"text": "a", "url": nope}'), 400, "malformed-json")
    assert problem["detail"] == "This is not valid JSON at column 23: its syntax is wrong."


INVALID: dict[str, tuple[Any, str, str]] = {
    "list": ([MARKER], "", "model_type"),
    "string": (MARKER, "", "model_type"),
    "null": (None, "", "model_type"),
    "no_body": ({"title": MARKER}, "", "body_missing"),
    "empty_text": ({"text": "", "title": MARKER}, "", "body_missing"),
    "blank_text": ({"text": " \n\t\u00a0 ", "title": MARKER}, "", "body_missing"),
    "number_as_text": ({"text": 5}, "/text", "string_type"),
    "list_as_html": ({"html": [MARKER]}, "/html", "string_type"),
    "nul": ({"text": f"{MARKER}\x00"}, "/text", "nul_character"),
    "nul_in_id": ({"text": "a", "external_id": f"{MARKER}\x00"}, "/external_id", "nul_character"),
    "unknown_field": ({"text": "a", "author": MARKER}, "/author", "extra_forbidden"),
    "unknown_field_of_text": ({"text": "a", f"{MARKER} said so": 1}, "", "extra_forbidden"),
    "no_address": ({"text": "a", "url": MARKER}, "/url", "url"),
    "other_scheme": ({"text": "a", "url": f"ftp://{MARKER}.example"}, "/url", "url"),
    "broken_address": ({"text": "a", "url": f"http://[{MARKER}"}, "/url", "url"),
    "blank_in_address": ({"text": "a", "url": f"http://{MARKER} .example"}, "/url", "url"),
    "long_text": ({"text": MARKER * (MAX_TEXT_CHARS // 10 + 1)}, "/text", "too_long"),
    "long_id": ({"text": "a", "external_id": MARKER * 100}, "/external_id", "string_too_long"),
    "extra_as_list": ({"text": "a", "extra": [MARKER]}, "/extra", "dict_type"),
    "extra_too_large": ({"text": "a", "extra": {"a": MARKER * 7_000}}, "/extra", "extra_too_large"),
}


@pytest.mark.parametrize(("content", "pointer", "code"), INVALID.values(), ids=INVALID)
def test_an_invalid_submission_is_a_422_that_points_at_the_field(
    client: TestClient, store: Store, content: Any, pointer: str, code: str
) -> None:
    response = post(client, json.dumps(content))
    problem = assert_problem(response, 422, "invalid")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(pointer, code)]
    assert MARKER not in response.text
    assert store.ledger.backlog().accepted == 0


def test_all_faults_are_told_at_once(client: TestClient) -> None:
    problem = assert_problem(post(client, {"text": 1, "url": "x", "what": 1}), 422, "invalid")
    assert {error["pointer"] for error in problem["errors"]} == {"/text", "/url", "/what"}


def test_a_body_of_10_mb_is_a_413(client: TestClient) -> None:
    assert_problem(post(client, b'{"text": "' + b"a" * 10_000_000 + b'"}'), 413, "too-large")


def test_a_body_without_a_length_is_cut_off(store: Store) -> None:
    with serving(store, max_body_bytes=1_024) as client:
        pieces = iter([b'{"text": "', b"a" * 2_000, b'"}'])
        response = client.post("/v1/articles", content=pieces, headers={"Content-Type": "application/json"})
    assert_problem(response, 413, "too-large")


def test_a_gzip_bomb_is_a_413(client: TestClient) -> None:
    bomb = gzip.compress(b" " * 50_000_000, 9)
    assert len(bomb) < 250_000
    assert_problem(post(client, bomb, **{"Content-Encoding": "gzip"}), 413, "too-large")


@pytest.mark.parametrize(
    "content",
    [b"zebrafinch", gzip.compress(b"{}")[:-4], zlib.compress(b"{}")],
    ids=["no_gzip", "cut_off", "zlib"],  # gzip bytes hold the time: as ids they differ from process to process
)
def test_broken_gzip_is_a_400(client: TestClient, content: bytes) -> None:
    assert_problem(post(client, content, **{"Content-Encoding": "gzip"}), 400, "malformed-encoding")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/html"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json", "Content-Encoding": "br"},
    ],
)
def test_another_format_is_a_415_that_names_the_right_one(client: TestClient, headers: dict[str, str]) -> None:
    response = client.post("/v1/articles", content=b"{}", headers=headers)
    assert_problem(response, 415, "unsupported-media-type")
    assert "application/json" in response.headers.get("Accept", "application/json")


def test_a_charset_of_utf_8_may_be_said(client: TestClient) -> None:
    content = json.dumps(body())
    response = client.post(
        "/v1/articles", content=content, headers={"Content-Type": 'application/json; charset="UTF-8"'}
    )
    assert response.status_code == 202


@pytest.mark.parametrize("error", [StoreUnavailable("down"), StoreFull("full")])
def test_a_store_that_cannot_take_it_is_a_503_with_a_time_to_wait(
    client: TestClient, store: Store, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr(store.ledger, "accept", fail)
    response = post(client, body())
    assert_problem(response, 503, "full" if isinstance(error, StoreFull) else "unavailable")
    assert int(response.headers["Retry-After"]) > 0


def test_a_defect_is_a_500_and_neither_answer_nor_log_says_anything_of_the_article(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(articles: object) -> None:
        raise RuntimeError(f"cannot {articles}")

    monkeypatch.setattr(store.ledger, "accept", fail)
    with capture_logs() as logs:
        response = post(client, body(text=MARKER))
    assert_problem(response, 500, "internal")
    assert [log["error"] for log in logs if log["event"] == "request.failed"] == ["RuntimeError"]
    assert MARKER not in response.text + repr(logs)


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.just(10**400),
    st.sampled_from([MARKER, f"{MARKER} 2020-01-01 +9959", f"12:00 {MARKER.upper()[:4]}", f"http://{MARKER}:x/"]),
    st.lists(st.just(MARKER), max_size=2),
    st.dictionaries(st.sampled_from(["name", f"{MARKER} key"]), st.just(MARKER), max_size=2),
)


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.dictionaries(st.sampled_from([*Submission.model_fields, f"{MARKER} field"]), ODD, max_size=5))
def test_whatever_stands_in_a_field_no_problem_repeats_it_and_nothing_breaks(
    client: TestClient, fields: dict[str, Any]
) -> None:
    response = post(client, json.dumps(fields))
    assert response.status_code in {200, 202, 400, 422}
    assert MARKER not in response.text


@pytest.mark.parametrize(("sent", "meant"), [("headline", "title"), ("content", "text"), ("link", "url")])
def test_a_field_by_another_name_is_answered_with_ours(client: TestClient, sent: str, meant: str) -> None:
    problem = assert_problem(post(client, {"text": "Words.", sent: "x"}), 422, "invalid")
    assert problem["errors"][0]["pointer"] == f"/{sent}"
    assert problem["errors"][0]["message"].endswith(f"do you mean {meant}?")
