"""Traces by real processes: API, workers and webhooks on a real Redis, a collector that takes OTLP, and a receiver."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from collector import Span, collecting
from conftest import Workers, article, eventually
from receiver import receiving

from benchmarks.tracing import silent
from cli.local.ports import free_port
from schemas import Lane, Outcome, Ref, WebhookOrder
from store import Store

pytestmark = pytest.mark.integration
CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TRACE, PARENT = CALLER.split("-")[1:3]
WAY = ["wait", "clean", "entities", "geotag", "dedupe", "publish"]
StartApi = Callable[[], "tuple[str, subprocess.Popen[bytes]]"]
SPAN_KINDS = {"POST /v1/articles": 2, "accept": 4, "wait": 5, "publish": 4, "webhook": 3}


@pytest.fixture
def trace_to(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Switches tracing on in all processes that start from now on."""

    def switch_on(endpoint: str, **more: str) -> None:
        settings = {
            "DATELINE_TRACING": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            **more,
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)

    return switch_on


@pytest.fixture
def beside(workers: Workers, tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Starts processes that are no workers; all of them end with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(module: str, **settings: object) -> "subprocess.Popen[bytes]":
        with (tmp_path / f"{module}.log").open("ab") as log:
            command = [sys.executable, "-m", module]
            environment = workers.environment(**settings)
            started.append(subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=log, stderr=log))
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def start_api(beside: Callable[..., "subprocess.Popen[bytes]"]) -> StartApi:
    """Starts an API and waits for it; gives its address and its process."""

    def start() -> "tuple[str, subprocess.Popen[bytes]]":
        port = free_port()
        url, process = f"http://127.0.0.1:{port}", beside("api", api_port=port)

        def answers() -> bool:
            try:
                return httpx.get(f"{url}/v1/health/live", trust_env=False).is_success
            except httpx.TransportError:
                return False

        eventually(answers, 30, "the API")
        return url, process

    return start


def post(url: str, number: int, **headers: str) -> str:
    content = {"url": f"https://news.example/{number}", "text": f"Article number {number}."}
    answer = httpx.post(f"{url}/v1/articles", json=content, headers=headers, trust_env=False)
    assert answer.status_code == 202
    return str(answer.json()["id"])


def under(spans: list[Span], name: str) -> str:
    """The name of the span that this one belongs under."""
    [child] = [span for span in spans if span.name == name]
    return next((span.name for span in spans if span.span_id == child.parent), child.parent)


def test_one_trace_from_the_post_to_the_webhook(
    workers: Workers,
    real_store: Store,
    beside: Callable[..., "subprocess.Popen[bytes]"],
    trace_to: Callable[..., None],
    start_api: StartApi,
) -> None:
    with collecting() as collector, receiving() as receiver:
        trace_to(collector.url)
        receiver.answers = [(503, {})]
        real_store.webhooks.create(WebhookOrder(url=receiver.url))
        worker = workers.start("fake_worker")
        beside("workers.webhooks", webhook_allow="127.0.0.0/8", webhook_retries="0.05,0.05")
        url, _ = start_api()

        given = post(url, 1, traceparent=CALLER)
        eventually(lambda: len(receiver.calls) == 2, 30, "the second call of the webhook")
        eventually(lambda: len(collector.of(TRACE)) >= 10, 20, "the spans of one article")
        spans = collector.of(TRACE)

        assert sorted(s.name for s in spans) == sorted(["POST /v1/articles", "accept", *WAY, "webhook", "webhook"])
        assert under(spans, "POST /v1/articles") == PARENT, "the caller's span"
        assert under(spans, "accept") == "POST /v1/articles"
        assert {under(spans, name) for name in WAY if name != "publish"} == {"accept"}
        assert under(spans, "publish") == "dedupe"
        first, second = (span for span in spans if span.name == "webhook")
        accept = next(span for span in spans if span.name == "accept")
        assert first.parent == second.parent == accept.span_id
        assert (first.failed, second.failed) == (True, False)
        assert [span.attributes["http.response.status_code"] for span in (first, second)] == [503, 204]
        sent = [call.headers["traceparent"] for call in receiver.calls]
        assert sent == [f"00-{TRACE}-{span.span_id}-01" for span in (first, second)], "the receiver goes on with it"
        assert {span.name: span.kind for span in spans if span.name in SPAN_KINDS} == SPAN_KINDS
        services = {"POST /v1/articles": "dateline-api", "geotag": "dateline-worker", "webhook": "dateline-webhooks"}
        assert services.items() <= {span.name: span.service for span in spans}.items()
        assert {s.attributes["dateline.article_id"] for s in spans if "dateline.article_id" in s.attributes} == {given}
        starts = [next(span.began for span in spans if span.name == name) for name in WAY]
        assert starts == sorted(starts)
        assert all(span.began <= span.ended for span in spans)
        assert "Article number" not in repr(spans)

        found = real_store.results.get(given)
        assert found
        assert found.trace_id == TRACE
        assert TRACE in workers.logs()
        workers.kill(worker)


def test_a_batch_gives_each_article_a_trace_of_its_own_linked_to_the_request(
    workers: Workers,
    real_store: Store,
    start_api: StartApi,
    trace_to: Callable[..., None],
) -> None:
    with collecting() as collector:
        trace_to(collector.url)
        workers.start("fake_worker")
        url, _ = start_api()
        lines = "\n".join(f'{{"url": "https://news.example/{n}", "text": "Article {n}."}}' for n in range(40))
        headers = {"Content-Type": "application/x-ndjson", "traceparent": CALLER}
        answer = httpx.post(f"{url}/v1/articles:batch", content=lines, headers=headers, trust_env=False)
        assert answer.status_code == 202
        eventually(lambda: real_store.ledger.backlog().pending == 0, 30, "the articles")
        eventually(lambda: len(collector.spans) >= 1 + 40 * 7, 20, "the spans")
        [request] = collector.of(TRACE)
        articles = real_store.results.many(
            [Ref(entry.article_id, entry.revision) for entry in real_store.feed.page(limit=100).items]
        )
        assert len({found.trace_id for found in articles}) == 40
        for found in articles:
            assert found.trace_id[:16] == TRACE[:16], "they can be told from their ids to come from one request"
            assert collector.names(found.trace_id) == sorted(["accept", *WAY])
            [accept] = [span for span in collector.of(found.trace_id) if span.name == "accept"]
            assert (accept.parent, accept.links) == ("", ((TRACE, request.span_id),))


def test_what_another_worker_does_again_stands_in_the_same_trace(
    workers: Workers, real_store: Store, trace_to: Callable[..., None]
) -> None:
    with collecting() as collector:
        trace_to(collector.url)
        new = replace(article(1, text="entities:nap"), trace_id=TRACE, span_id=PARENT)
        real_store.ledger.accept([new])
        first = workers.start("fake_worker")
        eventually(lambda: "clean" in collector.names(TRACE), 30, "the first stage")
        workers.kill(first)
        workers.start("fake_worker")
        eventually(lambda: "publish" in collector.names(TRACE), 30, "the outcome")
        spans = collector.of(TRACE)
        assert sorted(span.name for span in spans) == sorted([*WAY, "wait"])
        waits = [span for span in spans if span.name == "wait"]
        assert [span.attributes["dateline.attempt"] for span in waits] == [1, 2]
        assert [span.attributes["dateline.lost"] for span in waits] == [0, 1]
        assert waits[1].began > waits[0].ended, "it waits from its return on, not from its acceptance"


def test_who_stops_sends_the_spans_that_it_still_has(
    workers: Workers,
    real_store: Store,
    start_api: StartApi,
    trace_to: Callable[..., None],
) -> None:
    with collecting() as collector:
        trace_to(collector.url, OTEL_BSP_SCHEDULE_DELAY="600000")
        worker = workers.start("fake_worker")
        url, api = start_api()
        post(url, 1, traceparent=CALLER)
        eventually(lambda: len(real_store.feed.page().items) == 1, 30, "the outcome")
        assert collector.spans == []
        for process in (worker, api):
            process.terminate()
            process.wait(timeout=20)
        eventually(lambda: collector.names(TRACE) == sorted(["POST /v1/articles", "accept", *WAY]), 5, "what was left")


def test_a_collector_that_is_away_holds_up_neither_articles_nor_the_end(
    workers: Workers,
    real_store: Store,
    trace_to: Callable[..., None],
) -> None:
    with silent() as address:
        # A queue that is full after a third of the spans.
        trace_to(address, OTEL_BSP_MAX_QUEUE_SIZE="512")
        worker = workers.start("fake_worker")
        news = [replace(article(n, lane=Lane.BULK), trace_id=f"{n + 1:032x}", span_id=PARENT) for n in range(256)]
        real_store.ledger.accept([replace(article(1_000), trace_id=TRACE, span_id=PARENT)])
        eventually(lambda: real_store.ledger.backlog().pending == 0, 30, "the worker")
        started = time.monotonic()
        real_store.ledger.accept(news)
        eventually(lambda: real_store.ledger.backlog().pending == 0, 20, "the articles")
        assert time.monotonic() - started < 10, "the collector is given ten seconds for one answer"
        assert real_store.ledger.backlog().outcome(Outcome.DONE) == 257
        started = time.monotonic()
        worker.terminate()
        worker.wait(timeout=20)
        assert time.monotonic() - started < 9, "two seconds of it are the collector's"


def test_without_tracing_nothing_of_it_is_imported(workers: Workers, tmp_path: Path) -> None:
    # The Redis client imports the SDK's metrics wherever it is installed.
    code = "import sys, api.serve, workers.signals, workers.webhooks.__main__; from workers.settings import settings"
    code += "; from workers.tracing import open_tracer; open_tracer(settings(), 'x')"
    code += (
        "; print([name for name in sys.modules if name.startswith(('opentelemetry.sdk.trace', 'opentelemetry.exp'))])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=workers.environment(), cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("module", ["api", "workers", "workers.webhooks"])
def test_nothing_starts_with_tracing_that_is_not_installed(workers: Workers, tmp_path: Path, module: str) -> None:
    code = "import sys, runpy; sys.modules['opentelemetry.sdk.trace'] = None"
    code += f"; sys.argv = ['{module}']; runpy.run_module('{module}', run_name='__main__', alter_sys=True)"
    command, environment = [sys.executable, "-c", code], workers.environment(tracing="true")
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert "pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http" in done.stderr
