"""Every process is scraped while articles of all kinds go through, and while processes are killed."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import psutil
import pytest
from conftest import Workers, eventually
from receiver import receiving
from unit.workers.metrics.test_metrics_instruments import samples

from cli.local.ports import free_port
from schemas import Lane, Outcome, PipelineStatus, StageName, WebhookOrder
from store import Store
from workers.metrics import METRICS, Kind, Origin

pytestmark = pytest.mark.integration
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]
GROWING = {
    metric.name + suffix
    for metric in METRICS.values()
    if metric.kind is not Kind.GAUGE and metric.origin is Origin.STORE
    for suffix in (("",) if metric.kind is Kind.COUNTER else ("_bucket", "_sum", "_count"))
}


def scraped(port: int) -> Samples | None:
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=5)
    except httpx.TransportError:
        return None
    return samples(answer.raise_for_status().content)


def told(port: int) -> Samples:
    found = scraped(port)
    assert found is not None
    return found


def with_label(seen: Samples, name: str) -> dict[str, float]:
    """Value of the only label to value of the metric."""
    return {labels[0][1]: value for (metric, labels), value in seen.items() if metric == name and len(labels) == 1}


@dataclass
class Watcher:
    """Scrapes again and again, and notes whatever went back though it may only grow."""

    port: int
    last: Samples = field(default_factory=dict)
    fell: list[str] = field(default_factory=list)
    scrapes: int = 0

    def look(self) -> None:
        seen = scraped(self.port)
        if not seen or not seen.get(("dateline_store_up", ())):
            return
        self.scrapes += 1
        growing = {key: value for key, value in seen.items() if key[0] in GROWING}
        self.fell += [str(key) for key, value in self.last.items() if growing.get(key, -1) < value]
        self.last = growing

    @contextmanager
    def watching(self) -> Iterator[None]:
        stop = threading.Event()

        def run() -> None:
            while not stop.wait(0.1):
                self.look()

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


@dataclass
class Installation:
    """Processes, each with its port for metrics, on one store."""

    workers: Workers
    store: Store
    api: int = field(default_factory=free_port)
    worker: int = field(default_factory=free_port)
    keeper: int = field(default_factory=free_port)
    webhooks: int = field(default_factory=free_port)

    def start_worker(self) -> Any:
        return self.workers.start(
            "fake_worker", worker_concurrency=2, metrics_port=self.worker, max_deliveries=2, max_retries=1
        )

    def start_api(self) -> None:
        self.workers.start("api", api_port=self.api)
        eventually(lambda: scraped(self.api) is not None, 30, "the API")

    def start(self) -> None:
        self.workers.start("workers.keeper", metrics_port=self.keeper)
        self.workers.start("workers.webhooks", metrics_port=self.webhooks, webhook_allow="127.0.0.0/8")
        self.start_api()
        for port in (self.keeper, self.webhooks):
            eventually(lambda port=port: scraped(port) is not None, 30, f"metrics on {port}")  # type: ignore[misc]

    def submit(self, *texts: str, first: int = 0) -> None:
        for number, text in enumerate(texts, first):
            body = {"url": f"https://news.example/{number}", "text": f"{text} {number}"}
            httpx.post(f"http://127.0.0.1:{self.api}/v1/articles", json=body, timeout=10).raise_for_status()

    def settled(self) -> bool:
        backlog = self.store.ledger.backlog()
        return backlog.accepted > 0 and backlog.pending == 0


@pytest.fixture
def installation(workers: Workers, real_store: Store) -> Installation:
    return Installation(workers, real_store)


def test_what_is_scraped_is_what_the_ledger_says_whoever_is_killed(installation: Installation) -> None:
    installation.start()
    store, api = installation.store, installation.api
    watcher = Watcher(api)
    with receiving() as receiver, watcher.watching():
        store.webhooks.create(WebhookOrder(url=receiver.url))
        worker = installation.start_worker()
        installation.submit(*["good"] * 20, "entities:kill", "geotag:quarantine", "clean:retry", "entities:skip")
        installation.submit("good", first=0)  # the same once more
        installation.submit("changed", first=1)  # another revision
        eventually(installation.settled, 60, "an outcome for every article")
        before = told(installation.worker)
        child = psutil.Process(worker.pid).children()[0]
        child.send_signal(signal.SIGKILL)
        installation.submit(*["good"] * 5, first=100)
        eventually(installation.settled, 60, "an outcome for every article")
        after = told(installation.worker)
        own = {key for key, _ in before.items() if key[0].endswith("_total")}
        assert [key for key in own if after[key] < before[key]] == [], "the main process lives on"
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(timeout=20)
        installation.submit("good", first=200)
        installation.start_worker()
        eventually(installation.settled, 60, "an outcome for every article")
        eventually(lambda: len(receiver.calls) >= store.ledger.backlog().feed, 20, "calls for all outcomes")
    assert watcher.scrapes > 10
    assert watcher.fell == []
    # A look of the API at the store is up to a second old.
    eventually(lambda: told(api)["dateline_articles", (("state", "done"),)] == 28, 5, "the last result")
    _compare(installation, told(api), len(receiver.calls))


def _compare(installation: Installation, seen: Samples, calls: int) -> None:
    backlog = installation.store.ledger.backlog()
    outcomes = {outcome.value: backlog.outcome(outcome) for outcome in Outcome}
    assert outcomes == {"done": 28, "partial": 0, "quarantined": 3, "withdrawn": 0}
    assert seen["dateline_articles_accepted_total", ()] == backlog.accepted == 31
    assert with_label(seen, "dateline_submissions_total") == {"accepted": 30, "revised": 1, "existing": 1}
    assert with_label(seen, "dateline_outcomes_total") == outcomes
    assert with_label(seen, "dateline_articles") == {"waiting": 0, "leased": 0, "delayed": 0} | outcomes
    assert with_label(seen, "dateline_quarantined_total") == {"clean": 1, "entities": 1, "geotag": 1, "dedupe": 0}
    assert with_label(seen, "dateline_retries_total") == {"clean": 1, "entities": 0, "geotag": 0, "dedupe": 0}
    assert with_label(seen, "dateline_covered_total") == {"language": 28, "entities": 0, "places": 0, "focus": 0}
    assert with_label(seen, "dateline_published_total")["original"] == 28
    assert seen["dateline_deliveries_lost_total", ()] >= 2, "the article that kills, delivered twice"
    assert seen["dateline_article_duration_seconds_count", (("lane", "live"),)] == 28
    passed = {stage.value: seen["dateline_stage_duration_seconds_count", (("stage", stage),)] for stage in StageName}
    assert passed == {"clean": 30, "entities": 29, "geotag": 28, "dedupe": 28}
    assert seen["dateline_stage_articles_total", (("stage", "entities"), ("status", "skipped"))] == 1
    assert seen["dateline_ledger_balanced", ()] == seen["dateline_redis_durable", ()] == 1
    requests = (("method", "POST"), ("route", "/v1/articles"), ("status", "202"))
    assert seen["dateline_http_requests_total", requests] == 31
    worker, hooks = told(installation.worker), told(installation.webhooks)
    assert worker["dateline_stage_info", (("stage", "geotag"), ("version", "1"))] == 1
    assert worker["dateline_artefact_info", (("artefact", "model"), ("stage", "dedupe"), ("version", "1"))] == 1
    assert worker["dateline_worker_processes", ()] == 2
    assert worker["dateline_worker_resident_bytes", (("part", "children"),)] > 10_000_000
    assert worker["dateline_worker_tasks_total", (("result", "passed"), ("stage", "clean"))] >= 1
    assert told(installation.keeper)["dateline_keeper_rounds_total", (("result", "ok"),)] > 5
    assert with_label(hooks, "dateline_webhook_calls_total")["delivered"] == calls
    exported = {name for source in (seen, worker, hooks, told(installation.keeper)) for name, _ in source}
    assert not {name for name in exported if name.startswith("dateline_")} - _series()


def _series() -> set[str]:
    suffixes = {Kind.HISTOGRAM: ("_bucket", "_sum", "_count")}
    return {metric.name + suffix for metric in METRICS.values() for suffix in suffixes.get(metric.kind, ("",))}


def test_what_the_api_tells_the_command_line_tells_as_well(installation: Installation) -> None:
    installation.start_api()
    installation.submit("good", "good")

    def shown() -> PipelineStatus:
        answer = httpx.get(f"http://127.0.0.1:{installation.api}/v1/pipeline", timeout=5)
        return PipelineStatus.model_validate_json(answer.content)

    eventually(lambda: shown().lanes[Lane.LIVE].waiting == 2, 5, "a look that is younger than the articles")
    seen = shown()
    own = installation.store.pipeline.status(None)
    assert (seen.accepted, seen.pending, seen.total.answers) == (own.accepted, own.pending, own.total.answers)
    messages = seen.lanes[Lane.LIVE].stages[StageName.CLEAN].messages
    assert messages is not None
    assert messages >= 1
