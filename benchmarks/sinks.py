"""``make bench-sinks``: how fast results go into each kind of archive, what they take there, and what memory it needs.

The results are real: every stage ran on 64 articles of 600 words, and copies of what it found stand in a real Redis
under ids and with texts of their own. PostgreSQL forces every commit to disk. Beside it stands what a first script
would do: one insert for each result, as JSON and nothing else.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg

from benchmarks.articles import submissions
from benchmarks.chaos.redis_process import RedisProcess
from benchmarks.postgres_process import Server, postgres
from benchmarks.report import Gates, Report
from schemas import FeedSummary, Lane, Outcome, Ref, StageName, StageRecord, StageStatus, Submission
from schemas.base import Model
from store import STAGES, START, Advance, NewArticle, Store
from tasks import pipeline
from tasks.dedupe import DedupeStage
from tasks.dedupe.index import MemoryIndex
from tasks.stage import StageInput
from workers.sinks.files import FileSink, Form
from workers.sinks.postgres.sink import PostgresSink
from workers.sinks.runner import Runner, Sink, current_results

_REAL = 64
_TEXTS = 1_000
_AT_ONCE = 500
_LEASE_MS = 600_000
_PAGE = 200
GATES: Gates = {
    "ndjson_cpu_ms": {"max": 6},
    "parquet_cpu_ms": {"max": 8},
    "postgres_cpu_ms": {"max": 8},
    "parquet_rss_mb": {"max": 200},
}
"""A worker needs about 60 ms of CPU for such an article: one sink keeps up with ten."""
Outputs = dict[StageName, str]


def found(count: int) -> list[Outputs]:
    """What the stages find in articles, as JSON."""
    stages = dict(
        pipeline.stages(Store.open("redis://127.0.0.1:1/0"), recognizer="onnx", duplicate_weeks=5, story_days=60)
    )
    stages[StageName.DEDUPE] = DedupeStage(MemoryIndex())
    now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    inputs = [
        StageInput(ref=Ref(f"bench{number}", 1), accepted_at=now, submission=Submission.model_validate(draft))
        for number, draft in enumerate(submissions(count))
    ]
    outputs: list[Outputs] = [{} for _ in inputs]
    for name, stage in stages.items():
        made = stage.run(inputs)
        for index, output in enumerate(made):
            assert isinstance(output, Model), output
            outputs[index][name] = output.model_dump_json(exclude_none=True)
        if name is not StageName.DEDUPE:
            inputs = [replace(one, **{name.value: output}) for one, output in zip(inputs, made, strict=True)]  # type: ignore[arg-type]
    return outputs


def fill(store: Store, count: int, outputs: Sequence[Outputs]) -> None:
    """Publish results through the ledger's own operations; bodies are taken away, as the retention would."""
    texts = [draft["text"] for draft in submissions(_TEXTS, seed=2)]
    for start in range(0, count, _AT_ONCE):
        drafts = (
            Submission(url=f"https://s{n % 90}.example/{n}", text=f"Text {n}") for n in range(start, start + _AT_ONCE)
        )
        store.ledger.accept([NewArticle(draft, Lane.BULK, f"trace-{start}") for draft in drafts])
        claim = store.ledger.claim(limit=_AT_ONCE, max_bytes=10**9, lease_ms=_LEASE_MS, bulk_share=0.1)
        commits = [
            commit
            for n, ref in enumerate(claim.refs, start)
            for commit in _commits(ref, outputs[n % len(outputs)], texts[n % len(texts)])
        ]
        store.ledger.advance(commits, claim.token, _LEASE_MS)


def _commits(ref: Ref, outputs: Outputs, text: str) -> Iterator[Advance]:
    now = datetime.now(UTC)
    clean = json.loads(outputs[StageName.CLEAN]) | {"text": text}
    outputs = outputs | {StageName.CLEAN: json.dumps(clean)}
    for stage in STAGES:
        record = StageRecord(
            stage=stage, status=StageStatus.DONE, version=1, attempts=1, milliseconds=1, finished_at=now
        )
        entry = FeedSummary(title="T") if stage is STAGES[-1] else None
        yield Advance(ref, record, outputs[stage], Outcome.DONE, entry)


@dataclass(frozen=True)
class Run:
    """What taking everything in came to."""

    results_per_s: float
    cpu_ms: float
    """Of the sink's process, for each result."""
    rss_mb: float
    """What its memory grew by."""


def measured(store: Store, sink: Sink, count: int) -> Run:
    """Let a sink take in everything."""
    process = psutil.Process()
    before, cpu, started = process.memory_info().rss, time.process_time(), time.perf_counter()
    runner = Runner(store, sink)
    runner.run(once=True)
    assert runner.taken == count, f"{runner.taken} of {count}"
    spent, cpu = time.perf_counter() - started, time.process_time() - cpu
    return Run(count / spent, cpu * 1000 / count, max(0, process.memory_info().rss - before) / 1e6)


def files(store: Store, folder: Path, count: int) -> dict[str, float]:
    """Both kinds of files."""
    metrics: dict[str, float] = {}
    for form in Form:
        run = measured(store, FileSink(folder / form, form, name=form.value), count)
        metrics |= {
            f"{form}_results_per_s": run.results_per_s,
            f"{form}_cpu_ms": run.cpu_ms,
            f"{form}_rss_mb": run.rss_mb,
        }
    return metrics


def tables(store: Store, server: Server, count: int) -> dict[str, float]:
    """The tables, and what a first script would do with the same results."""
    cpu = _server_cpu_s(server)
    run = measured(store, PostgresSink(server.url), count)
    cpu = _server_cpu_s(server) - cpu
    with psycopg.connect(server.url, autocommit=True) as connection:
        size = connection.execute(
            "select sum(pg_total_relation_size(c.oid)) from pg_class c join pg_namespace n on n.oid = relnamespace "
            "where nspname = 'dateline' and relkind = 'r'"
        ).fetchone()
        one_by_one = _one_by_one(store, connection, min(count, 1_000))
    assert size
    return {
        "postgres_results_per_s": run.results_per_s,
        "postgres_cpu_ms": run.cpu_ms,
        "postgres_server_cpu_ms": cpu * 1000 / count,
        "postgres_bytes_per_result": float(size[0]) / count,
        "postgres_one_by_one_json_results_per_s": one_by_one,
    }


def _server_cpu_s(server: Server) -> float:
    main = psutil.Process(server.pid)
    return sum(sum(each.cpu_times()[:4]) for each in (main, *main.children()))


def _one_by_one(store: Store, connection: "psycopg.Connection[tuple[object, ...]]", count: int) -> float:
    connection.execute("create table naive (id text, revision int, result jsonb, primary key (id, revision))")
    started, cursor, done = time.perf_counter(), START, 0
    while done < count:
        page = store.feed.page(cursor, _PAGE)
        for one in current_results(store, page.items):
            connection.execute("insert into naive values (%s, %s, %s)", [one.id, one.revision, one.model_dump_json()])
            done += 1
        cursor = page.next_cursor
    return done / (time.perf_counter() - started)


def reading(store: Store, count: int) -> float:
    """Results a second that are read from the feed and the store, with no sink behind."""
    started, cursor = time.perf_counter(), START
    while (page := store.feed.page(cursor, _PAGE)).items:
        current_results(store, page.items)
        cursor = page.next_cursor
    return count / (time.perf_counter() - started)


def main() -> int:
    """Fill a store, empty it into each sink, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=int, default=5_000, help="a multiple of 500")
    count = parser.parse_args().results
    outputs = found(_REAL)
    with (
        tempfile.TemporaryDirectory() as name,
        RedisProcess.running(Path(name)) as redis,
        postgres() as server,
    ):
        store = Store.open(redis.url(0))
        fill(store, count, outputs)
        metrics = {"read_results_per_s": reading(store, count)}
        metrics |= files(store, Path(name), count)
        metrics |= tables(store, server, count)
        store.close()
    data = {"results": f"{count} of {_REAL} articles of 600 words", "postgres": "16, fsync on"}
    return Report("sinks", metrics, GATES, data).publish()


if __name__ == "__main__":
    sys.exit(main())
