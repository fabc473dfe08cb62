"""What the queue costs: the same articles through API, queue and workers, and through the four stages in one process.

``make bench-pipeline``. CPU time is summed over API, worker and Redis processes; wall-clock rates on a busy machine say
little. The worker runs one process, so that both ways use one core for stages. Live latency is measured on the idle
system, one article at a time, from the POST to the outcome.
"""

import argparse
import json
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from statistics import median, quantiles
from typing import Any

import httpx
import redis

from benchmarks.articles import ndjson, submissions
from benchmarks.counting import figures_us
from benchmarks.report import Gates, Report
from benchmarks.system import ROOT, System, running
from schemas import Ref, StageName, Submission
from store import Store
from tasks import pipeline
from tasks.dedupe import DedupeStage, MemoryIndex, MemoryStories
from tasks.stage import StageInput

GATES: Gates = {
    "queue_efficiency": {"min": 0.85},
    "published_bytes_per_article": {"max": 1_500},
    "figures_share_of_framework": {"max": 0.01},
}
BATCH = 32
WAIT_S = 300.0


def in_process(count: int, seed: int) -> float:
    """CPU milliseconds per article of the four stages, in batches, after a warm-up."""
    stages = dict(
        pipeline.stages(Store.open("redis://127.0.0.1:1/0"), recognizer="onnx", duplicate_weeks=5, story_days=60)
    )
    stages[StageName.DEDUPE] = DedupeStage(MemoryIndex(), MemoryStories())
    _through(stages, BATCH, seed + 1_000)
    started = time.process_time()
    _through(stages, count, seed)
    return (time.process_time() - started) * 1_000 / count


def _through(stages: dict[StageName, Any], count: int, seed: int) -> None:
    items = [Submission.model_validate(item) for item in submissions(count, seed=seed)]
    now = datetime.now(UTC)
    for start in range(0, count, BATCH):
        known: list[dict[str, Any]] = [
            {"ref": Ref(f"{seed}-{start + i}", 1), "accepted_at": now, "source": "bench.example", "submission": item}
            for i, item in enumerate(items[start : start + BATCH])
        ]
        for name, stage in stages.items():
            outputs = stage.run([StageInput(**article) for article in known])
            for article, output in zip(known, outputs, strict=True):
                if name is not StageName.DEDUPE:
                    article[name.value] = output


def push(system: System, count: int, seed: int) -> None:
    """Submit a batch and wait until every article has an outcome."""
    before = system.store().ledger.backlog().accepted
    response = httpx.post(
        f"{system.api}/v1/articles:batch",
        content=ndjson(count, seed=seed),
        headers={"Content-Type": "application/x-ndjson"},
        timeout=60,
        trust_env=False,
    )
    response.raise_for_status()
    store = system.store()
    deadline = time.monotonic() + WAIT_S
    while (backlog := store.ledger.backlog()).pending or backlog.accepted < before + count:
        if time.monotonic() > deadline:
            raise RuntimeError(f"articles are still pending after {WAIT_S:.0f} s: {system.processes[-1].last_lines()}")
        time.sleep(0.05)
    store.close()


def bulk(system: System, count: int, seed: int) -> dict[str, float]:
    """CPU milliseconds, seconds and all bytes that the broker receives, bookkeeping included, per article in bulk."""
    cpu, published, started = system.cpu_s(), system.broker_bytes(), time.perf_counter()
    push(system, count, seed)
    return {
        "ms": (system.cpu_s() - cpu) * 1_000 / count,
        "s": (time.perf_counter() - started) / count,
        "bytes": (system.broker_bytes() - published) / count,
    }


def published(system: System, count: int, seed: int) -> float:
    """Bytes per article that are published in bulk: Celery's messages and task events, as the broker is sent them."""
    client: Any = redis.Redis.from_url(system.urls["broker"])  # its monitor has no types
    sizes: list[int] = []
    ready, done = threading.Event(), threading.Event()

    def listen() -> None:
        with client.monitor() as monitor:
            ready.set()
            for command in monitor.listen():
                if done.is_set():
                    return
                if command["command"].startswith(("LPUSH", "PUBLISH")):
                    sizes.append(len(command["command"]))

    listener = threading.Thread(target=listen)
    listener.start()
    ready.wait()
    push(system, count, seed)
    done.set()
    client.ping()
    listener.join()
    client.close()
    return sum(sizes) / count


def live(system: System, count: int, seed: int) -> list[float]:
    """Milliseconds from the POST to the outcome, one article at a time."""
    store, times = system.store(), []
    with httpx.Client(base_url=system.api, trust_env=False) as client:
        for item in submissions(count, seed=seed):
            cursor, started = store.feed.newest(), time.perf_counter()
            answer = client.post("/v1/articles", content=json.dumps(item), headers={"Content-Type": "application/json"})
            _wait_for(store, answer.json()["id"], cursor)
            times.append((time.perf_counter() - started) * 1_000)
    store.close()
    return times


def _wait_for(store: Store, article_id: str, cursor: str) -> None:
    """Wait until the feed tells this article's outcome, whatever else it tells."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        store.feed.wait(cursor, 1_000)
        page = store.feed.page(cursor)
        if any(entry.article_id == article_id for entry in page.items):
            return
        cursor = page.next_cursor
    raise RuntimeError("a live article did not get an outcome within 60 s")


def _stages_alone(count: int, seed: int) -> float:
    command = [sys.executable, "-m", "benchmarks.pipeline", "--in-process", str(count), "--seed", str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return float(done.stdout.strip().splitlines()[-1])


def measure(count: int, live_count: int) -> dict[str, float]:
    """Everything, the two ways in turn so that a drifting machine spoils both."""
    with running("fake_worker") as system:
        push(system, BATCH, seed=90)
        framework = median(bulk(system, count, seed=91 + i)["ms"] for i in range(3))
        published_bytes = published(system, count, seed=95)
    counted = figures_us()
    queue, alone = [], []
    with running("workers") as system:
        push(system, BATCH, seed=10)
        for turn in range(3):
            alone.append(_stages_alone(count, seed=20 + turn))
            queue.append(bulk(system, count, seed=20 + turn))
        times = live(system, live_count, seed=30)
        rss = system.worker_rss_mb()
    queue_ms, alone_ms = median(run["ms"] for run in queue), median(alone)
    return {
        "articles_per_s_queue": 1_000 / queue_ms,
        "articles_per_s_in_process": 1_000 / alone_ms,
        "articles_per_s_queue_wall": 1 / median(run["s"] for run in queue),
        "queue_efficiency": median(a / run["ms"] for a, run in zip(alone, queue, strict=True)),
        "framework_us_per_article": framework * 1_000,
        "figures_us_per_article": counted,
        "figures_share_of_framework": counted / (framework * 1_000),
        "published_bytes_per_article": published_bytes,
        "broker_bytes_per_article": median(run["bytes"] for run in queue),
        "live_ms_p50": median(times),
        "live_ms_p95": quantiles(times, n=20)[-1],
        "worker_rss_mb": rss,
    }


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=192, help="articles in each of three bulk runs")
    parser.add_argument("--live", type=int, default=40, help="live articles")
    parser.add_argument("--in-process", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.in_process:
        print(in_process(options.in_process, options.seed))
        return 0
    metrics = measure(options.articles, options.live)
    return Report("pipeline", metrics, GATES, {"articles": str(options.articles), "words": "600"}).publish()


if __name__ == "__main__":
    sys.exit(main())
