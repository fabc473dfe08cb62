"""How good the dedupe stage is, how fast, and what it costs in Redis: ``python -m benchmarks.quality_dedupe``.

Streams two development corpora in date order through the stage and compares its clusters with the gold pairs, beside
the baseline of exact hashes of the normalised text. The corpora's texts may not be redistributed: they are looked for
in ``DATELINE_EVAL_DATA``, and without them the benchmark exits with 2.

The thresholds of the stage were tuned on these same two halves: what is printed here is an upper bound of quality
elsewhere. The other halves are held back.
"""

import gzip
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis

from benchmarks.dedupe_corpora import DATA, Corpus, Score, article_of, clusters_of, copies_of, load, score
from benchmarks.report import Report
from schemas import Duplicates
from store.duplicates import RedisDuplicateIndex
from tasks.dedupe import DedupeStage, DuplicateIndex, MemoryIndex, take
from tasks.stage import StageInput

GATES = {
    "reuters_dev_f1": {"min": 0.96},
    "gva_dev_f1": {"min": 0.93},
    "false_drops_per_10k": {"max": 6.0},
    "sketches_per_s_core": {"min": 1_500},
    "redis_bytes_per_article": {"max": 1_200},
}
"""The first level: what FACTS D measured for the prototype, with room for another machine."""
BATCH = 32
INDEXED = 10_000
EDITS = {"edit_copy10": "copyedit_10pct", "edit_wire": "wire_reprint", "edit_ocr2": "ocr_2pct"}


def batches(articles: Sequence[StageInput]) -> Iterator[Sequence[StageInput]]:
    """Cut into batches as a claim would."""
    return (articles[start : start + BATCH] for start in range(0, len(articles), BATCH))


def run_stage(articles: Sequence[StageInput], index: DuplicateIndex) -> dict[str, Duplicates]:
    """Stream articles through the stage."""
    stage = DedupeStage(index)
    answers: dict[str, Duplicates] = {}
    for batch in batches(articles):
        for article, answer in zip(batch, stage.run(batch), strict=True):
            if isinstance(answer, Duplicates):
                answers[article.ref.article_id] = answer
    return answers


def exact_hashes(articles: Sequence[StageInput]) -> dict[str, str]:
    """The baseline: articles with equal words are one cluster."""
    first: dict[str, str] = {}
    clusters = {}
    for article in articles:
        words = " ".join(re.findall(r"\w+", article.clean.text.casefold() if article.clean else ""))
        clusters[article.ref.article_id] = first.setdefault(words, article.ref.article_id)
    return clusters


def quality(corpus: Corpus) -> tuple[Score, Score]:
    """Scores of the stage and of the baseline."""
    answers = run_stage(corpus.articles, MemoryIndex())
    equal = exact_hashes(corpus.articles)
    equal_copies = {article: cluster for article, cluster in equal.items() if article != cluster}
    return score(corpus, clusters_of(answers), copies_of(answers)), score(corpus, equal, equal_copies)


def accepted_edits() -> dict[str, float]:
    """Share of generated edits of real articles that are recognised as copies of them (without headlines)."""
    accepted: dict[str, list[bool]] = defaultdict(list)
    with gzip.open(DATA / "controlled_edits" / "items.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            texts = {"original": row["text"], **{metric: row["edits"][name] for metric, name in EDITS.items()}}
            rows = [{"id": name, "title": "", "text": text, "ts": "2026-01-01"} for name, text in texts.items()]
            answers = run_stage([article_of(one, "ts") for one in rows], MemoryIndex())
            for metric in EDITS:
                accepted[metric].append(answers[metric].cluster_id == "original")
    return {metric: sum(found) / len(found) for metric, found in accepted.items()}


def sketches_per_second(articles: Sequence[StageInput]) -> float:
    """Fingerprints (words, shingles, sketch, guards' evidence, keys) per CPU-second, median of five runs."""
    rates = []
    for _ in range(5):
        start = time.process_time()
        for article in articles:
            if article.clean:
                take(article.clean, None, article.source, article.accepted_at)
        rates.append(len(articles) / (time.process_time() - start))
    return statistics.median(rates)


@contextmanager
def redis_server() -> Iterator["redis.Redis"]:
    """A redis-server of our own, on a socket, without persistence."""
    beside = Path(sys.executable).with_name("redis-server")
    binary = shutil.which("redis-server") or str(beside)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/redis.sock"
        options = ["--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no"]
        process = subprocess.Popen([binary, *options], stdout=subprocess.DEVNULL)
        try:
            while not Path(path).exists():
                time.sleep(0.02)
            with redis.Redis(unix_socket_path=path) as client:
                yield client
        finally:
            process.terminate()
            process.wait()


def redis_costs(articles: Sequence[StageInput], weeks: int) -> tuple[float, float]:
    """Bytes per article, and microseconds of Redis per article (check and commit), with 10,000 in the index.

    Args:
        articles: More than 10,000; the surplus is timed.
        weeks: Over how many weekly generations the 10,000 are spread; every look-up visits each of them.
    """
    with redis_server() as client:
        stats: Any = client.info("memory")
        before = stats["used_memory"]
        week = 604_800
        start = int(time.time()) - weeks * week
        index = RedisDuplicateIndex(client)
        for part in range(weeks):
            index.clock_seconds = start + (part + 1) * week
            run_stage(articles[part * INDEXED // weeks : (part + 1) * INDEXED // weeks], index)
        stats = client.info("memory")
        each_bytes = (stats["used_memory"] - before) / INDEXED
        client.config_resetstat()
        run_stage(articles[INDEXED:], index)
        stats = client.info("commandstats")
        return each_bytes, stats["cmdstat_evalsha"]["usec"] / len(articles[INDEXED:])


def print_table(rows: Sequence[tuple[str, Score, Score]]) -> None:
    """Print the scores for people."""
    print(f"{'':22}{'P':>8}{'R':>8}{'F1':>8}{'contained':>11}{'false drops/10k':>17}")
    for name, ours, baseline in rows:
        for label, found in ((name, ours), (f"{name}, exact hash", baseline)):
            shares = f"{found.precision:8.3f}{found.recall:8.3f}{found.f1:8.3f}{found.contained_recall:11.3f}"
            print(f"{label:22}{shares}{found.false_drops_per_10k:17.1f}")


def measure() -> dict[str, float]:
    """Run everything and print it."""
    reuters, web = load("reuters_nd", "ts"), load("gva_nd", "date")
    (reuters_ours, reuters_exact), (web_ours, web_exact) = quality(reuters), quality(web)
    print_table([("reuters dev", reuters_ours, reuters_exact), ("web dev", web_ours, web_exact)])
    one_week_bytes, one_week_us = redis_costs(reuters.articles, weeks=1)
    _, five_weeks_us = redis_costs(reuters.articles, weeks=5)
    return {
        "reuters_dev_f1": reuters_ours.f1,
        "gva_dev_f1": web_ours.f1,
        "contained_recall": reuters_ours.contained_recall,
        "reuters_dev_exact_hash_f1": reuters_exact.f1,
        "gva_dev_exact_hash_f1": web_exact.f1,
        "reuters_dev_false_drops_per_10k": reuters_ours.false_drops_per_10k,
        "gva_dev_false_drops_per_10k": web_ours.false_drops_per_10k,
        "false_drops_per_10k": max(reuters_ours.false_drops_per_10k, web_ours.false_drops_per_10k),
        **accepted_edits(),
        "sketches_per_s_core": sketches_per_second(web.articles),
        "redis_bytes_per_article": one_week_bytes,
        "redis_us_10k": one_week_us,
        "redis_us_10k_five_weeks": five_weeks_us,
    }


def main() -> int:
    """Measure, write the report, and say whether the gates hold."""
    if not DATA.is_dir():
        print("The dedupe corpora are missing: set DATELINE_EVAL_DATA to the folder that holds dedupe/.")
        return 2
    data = {"stage_version": str(DedupeStage.version), "corpora": "reuters_nd dev, gva_nd dev, controlled_edits dev"}
    return Report("dedupe", measure(), GATES, data).publish()


if __name__ == "__main__":
    raise SystemExit(main())
