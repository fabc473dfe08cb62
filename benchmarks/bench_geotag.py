"""How fast the geotag stage is and what it takes: ``python -m benchmarks.bench_geotag``.

Articles of the development halves of LGL and TR-News with their gold spans; look-ups of all their names; opening the
gazetteer and the memory that it takes, in a process of its own; pages of articles near a point, among 10,000 in a real
redis-server. CPU seconds of one process; medians of five passes.
"""

import gc
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from benchmarks.evaluation import data_folder, tell_missing
from benchmarks.geotag_corpora import documents, gold_input, memories
from benchmarks.redis_alone import redis_server
from benchmarks.report import Gates, Report
from schemas import FeedSummary, Geotags, Lane, Outcome, StageName, StageRecord, StageStatus, Submission
from store import STAGES, Advance, Found, Near, NewArticle, Query, Store, place_lines
from tasks.geotag import SHIPPED, Gazetteer, GeotagStage, name_key
from tasks.stage import StageInput

GATES: Gates = {
    "articles_per_s_core": {"min": 600},
    "lookups_per_s": {"min": 100_000},
    "open_ms": {"max": 50},
    "rss_mb": {"max": 60},
    "gazetteer_mb": {"max": 40},
    "near_page_ms": {"max": 50},
}
PASSES = 5
BATCH = 32
LISTED = 10_000
AT = "2026-01-01T00:00:00Z"
_FRESH = """
import psutil, time
used = lambda: psutil.Process().memory_info().rss / 1e6
from tasks.geotag import Gazetteer
before, started = used(), time.perf_counter()
gazetteer = Gazetteer()
opened = (time.perf_counter() - started) * 1000
for key in KEYS: gazetteer.lookup(key)
print(opened, used() - before)
"""
"""Run in a process of its own: how long opening takes, and what that and some thousand look-ups take of memory."""


def articles_per_second(articles: Sequence[StageInput]) -> float:
    """Of CPU, warm, in batches as workers claim them; what is there before is frozen, as in workers."""
    stage, passes = GeotagStage(), []
    gc.collect()
    gc.freeze()
    for _ in range(PASSES):
        started = time.process_time()
        for at in range(0, len(articles), BATCH):
            stage.run(articles[at : at + BATCH])
        passes.append(len(articles) / (time.process_time() - started))
    return median(passes)


def lookups_per_second(gazetteer: Gazetteer, keys: Sequence[str], rounds: int) -> float:
    """Of CPU. The first round finds nothing in the cache."""
    started = time.process_time()
    for _ in range(rounds):
        for key in keys:
            gazetteer.lookup(key)
    return rounds * len(keys) / max(time.process_time() - started, 1e-9)


def opening(keys: Sequence[str]) -> dict[str, float]:
    """Milliseconds and megabytes in a fresh process."""
    code = _FRESH.replace("KEYS", repr(list(keys)))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    opened, megabytes = map(float, done.stdout.split())
    return {"open_ms": opened, "rss_mb": megabytes}


def pages(outputs: Sequence[Geotags]) -> dict[str, float]:
    """Milliseconds for the first page of 50 among 10,000 articles, by kind of question."""
    asked = {
        "near_page_ms": Query(near=Near(40.0, -83.0, 100)),
        "near_wide_page_ms": Query(near=Near(40.0, -83.0, 1_000)),
        "country_page_ms": Query(country="US"),
        "near_and_country_page_ms": Query(near=Near(51.5, -0.1, 300), country="GB"),
    }
    with redis_server() as client:
        store = Store(client)
        _fill(store, outputs)
        return {name: _page_ms(store, query) for name, query in asked.items()}


def _fill(store: Store, outputs: Sequence[Geotags]) -> None:
    records = [
        StageRecord(
            stage=s, status=StageStatus.DONE, version=1, attempts=1, milliseconds=1, finished_at="2026-01-01T00:00Z"
        )
        for s in STAGES
    ]
    for start in range(0, LISTED, 500):
        drafts = [Submission(url=f"https://news.example/{n}", text=f"Text {n}") for n in range(start, start + 500)]
        store.ledger.accept([NewArticle(draft, Lane.BULK, "") for draft in drafts])
        claim = store.ledger.claim(limit=500, max_bytes=10**9, lease_ms=60_000, bulk_share=0.1)
        commits = []
        for number, ref in enumerate(claim.refs, start):
            lines = place_lines(outputs[number % len(outputs)])
            for record in records:
                found = Found(lines) if record.stage is StageName.GEOTAG else None
                entry = FeedSummary() if record.stage is STAGES[-1] else None
                commits.append(Advance(ref, record, None, Outcome.DONE, entry, found))
        store.ledger.advance(commits, claim.token, 60_000)


def _page_ms(store: Store, query: Query) -> float:
    passes = []
    for _ in range(PASSES):
        started = time.perf_counter()
        store.listing.page(query, None, 50)
        passes.append((time.perf_counter() - started) * 1000)
    return median(passes)


def speed(articles: Sequence[StageInput]) -> dict[str, float]:
    """What the stage costs, without the store."""
    gazetteer = Gazetteer()
    names = {entity.name for article in articles if article.entities for entity in article.entities.entities}
    keys = sorted(map(name_key, names))
    return opening(keys) | {
        "lookups_per_s_cold": lookups_per_second(gazetteer, keys, 1),
        "lookups_per_s": lookups_per_second(gazetteer, keys, 50),
        "gazetteer_mb": SHIPPED.stat().st_size / 1e6,
        "articles_per_s_core": articles_per_second(articles),
    }


def main() -> int:
    """Print a table, write the report; exit 1 when a gate fails, 2 when the data is not there."""
    data = data_folder("geotag")
    files = [data / f"{name}.jsonl.gz" for name in ("lgl_dev", "trnews_dev")]
    if missing := [path for path in files if not path.is_file()]:
        return tell_missing(*missing)
    articles = [gold_input(document) for path in files for document in documents(path)]
    stage = GeotagStage()
    metrics = speed(articles)
    known = memories(articles, stage)
    remembering = [replace(article, memory=known[article.ref]) for article in articles]
    metrics["articles_per_s_core_memory"] = articles_per_second(remembering)
    outputs = [output for output in stage.run(articles) if isinstance(output, Geotags)]
    metrics |= pages(outputs)
    return Report("geotag_speed", metrics, GATES, GeotagStage().artefacts).publish()


if __name__ == "__main__":
    sys.exit(main())
