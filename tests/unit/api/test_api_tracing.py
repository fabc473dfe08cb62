"""Traces of submissions: the sender's goes on, every article has one, and spans are told ids and counts only."""

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from spans import Recording
from structlog.testing import capture_logs
from unit.api.application import NDJSON, body, serving

from schemas import Ref, Trace
from store import Store
from tasks.tracing import Kind

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
CALLER = {"traceparent": f"00-{TRACE}-{SPAN}-01"}


@pytest.fixture
def tracer() -> Recording:
    return Recording()


@pytest.fixture
def traced(store: Store, tracer: Recording) -> Iterator[TestClient]:
    with serving(store, tracer=tracer) as client:
        yield client


@pytest.fixture
def untraced(store: Store) -> Iterator[TestClient]:
    with serving(store) as client:
        yield client


def ledgers(store: Store, article_id: str) -> Trace:
    return store.ledger.trace(Ref(article_id, 1))


def batch(client: TestClient, *numbers: int, **headers: str) -> list[str]:
    lines = "\n".join(json.dumps(body(number)) for number in numbers)
    answer = client.post("/v1/articles:batch", content=lines, headers={**NDJSON, **headers})
    return [item["receipt"]["id"] for item in answer.json()["items"]]


def test_an_article_is_taken_in_under_the_request_and_that_under_the_sender(
    traced: TestClient, tracer: Recording, store: Store
) -> None:
    receipt = traced.post("/v1/articles", json=body(), headers=CALLER).json()
    request, accept = tracer.spans
    assert (request.name, request.kind, request.under) == (
        "POST /v1/articles",
        Kind.SERVER,
        Trace(TRACE, SPAN, sampled=True),
    )
    assert (accept.name, accept.kind, accept.under) == ("accept", Kind.PRODUCER, request.trace)
    assert accept.attributes["dateline.article_id"] == receipt["id"]
    assert request.attributes["http.response.status_code"] == 202
    assert ledgers(store, receipt["id"]) == accept.trace, "what workers do belongs under its acceptance"


def test_a_page_has_a_trace_like_an_article(traced: TestClient, tracer: Recording) -> None:
    headers = {**CALLER, "Content-Type": "text/html"}
    assert traced.post("/v1/pages?url=https://news.example/1", content="<p>Text.</p>", headers=headers).is_success
    assert tracer.names == ["POST /v1/pages", "accept"]


def test_without_tracing_workers_go_on_under_the_senders_span(untraced: TestClient, store: Store) -> None:
    receipt = untraced.post("/v1/articles", json=body(), headers=CALLER).json()
    assert ledgers(store, receipt["id"]) == Trace(TRACE, SPAN, sampled=True)


def test_what_the_sender_does_not_sample_is_not_sampled(untraced: TestClient, store: Store) -> None:
    headers = {"traceparent": CALLER["traceparent"][:-1] + "0"}
    receipt = untraced.post("/v1/articles", json=body(), headers=headers).json()
    assert ledgers(store, receipt["id"]) == Trace(TRACE)


def test_a_header_that_came_twice_says_nothing(untraced: TestClient, store: Store) -> None:
    twice = [("traceparent", CALLER["traceparent"])] * 2
    receipt = untraced.post("/v1/articles", json=body(), headers=twice).json()  # type: ignore[arg-type]
    assert ledgers(store, receipt["id"]).trace_id != TRACE


def test_each_article_of_a_batch_begins_a_trace_that_is_linked_to_the_request(
    traced: TestClient, tracer: Recording, store: Store
) -> None:
    ids = batch(traced, 1, 2, 3, **CALLER)
    request, *accepts = tracer.spans
    assert request.trace.trace_id == TRACE
    assert [accept.link for accept in accepts] == [request.trace] * 3
    assert [accept.under.span_id for accept in accepts] == [""] * 3
    assert [ledgers(store, one) for one in ids] == [accept.trace for accept in accepts]
    assert len({accept.trace.trace_id for accept in accepts}) == 3


def test_articles_of_a_batch_have_traces_of_their_own_without_tracing_as_well(
    untraced: TestClient, store: Store
) -> None:
    found = [ledgers(store, one) for one in batch(untraced, 1, 2, 3, **CALLER)]
    assert len({trace.trace_id for trace in found}) == 3
    assert {trace.trace_id[:16] for trace in found} == {TRACE[:16]}
    assert not any(trace.sampled for trace in found)


def test_a_repeated_article_keeps_the_trace_of_its_first_submission(traced: TestClient, tracer: Recording) -> None:
    first, second = (traced.post("/v1/articles", json=body()).json()["id"] for _ in range(2))
    assert first == second
    accepts = [span for span in tracer.spans if span.name == "accept"]
    assert [span.attributes["dateline.answer"] for span in accepts] == ["accepted", "existing"]
    found = traced.get(f"/v1/articles/{first}").json()
    assert found["trace_id"] == accepts[0].trace.trace_id


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/feed", "/v1/health/live", "/v1/articles/nothing"])
def test_reading_begins_no_spans(traced: TestClient, tracer: Recording, path: str) -> None:
    traced.get(path)
    assert tracer.spans == []


def test_a_refusal_ends_the_requests_span_with_its_status(traced: TestClient, tracer: Recording) -> None:
    traced.post("/v1/articles", json={"url": "https://news.example/1"})
    [request] = tracer.spans
    assert (request.attributes["http.response.status_code"], request.error) == (422, "")


def test_a_failure_of_the_store_ends_both_spans_with_an_error(
    traced: TestClient, tracer: Recording, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(store.ledger, "accept", down)
    with capture_logs():
        traced.post("/v1/articles", json=body())
        batch_answer = traced.post("/v1/articles:batch", content=json.dumps(body()), headers=NDJSON)
    assert batch_answer.status_code >= 422
    assert [span.error for span in tracer.spans if span.name == "accept"] == [
        "ConnectionError",
        "urn:dateline:problem:internal",
    ]
    assert all(span.over for span in tracer.spans)


def test_spans_are_told_no_address_and_no_text(traced: TestClient, tracer: Recording) -> None:
    traced.post("/v1/articles", json=body(title="A secret title"))
    batch(traced, 4, 5)
    assert "secret" not in repr(tracer.spans)
    assert "news.example" not in repr(tracer.spans)


def test_the_web_frameworks_own_telemetry_is_off(untraced: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would send what requests contain to whatever the environment names."""
    telemetry = untraced.app._telemetry  # type: ignore[attr-defined]
    assert not any(telemetry[name] for name in ("auto_configure", "tracing", "metrics", "logs"))


def test_a_server_that_stops_sends_the_spans_that_it_still_has(store: Store, tracer: Recording) -> None:
    with serving(store, tracer=tracer):
        assert tracer.closed == 0
    assert tracer.closed == 1
