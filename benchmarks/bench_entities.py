"""What the entities stage costs: ``make bench-entities``, or with other recognizers' settings as arguments.

Each recognizer is measured in a process of its own, on the same articles: CPU time of the whole stage for a batch of
articles of about 600 words and for a single one, resident memory afterwards, and the size of the model's files. The
rounds of all recognizers take turns, so that a busy machine slows them alike; medians are reported.
"""

from __future__ import annotations

import json
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.articles import submissions
from benchmarks.quality_entities import article, is_shipped, prefix
from benchmarks.report import Gates, Report
from tasks.entities import EntitiesStage, open_recognizer
from tasks.entities._onnx import SHIPPED
from tasks.entities.recognizer import DEFAULT, FAST
from tasks.stage import StageInput

GATES: Gates = {
    "words_per_s_core": {"min": 5_000},
    "article_ms_p50": {"max": 120},
    "rss_mb": {"max": 200},
    "weights_mb": {"max": 18},
}
"""Speed with room for a busy machine."""

FAST_GATES: Gates = {"fast_words_per_s_core": {"min": 9_000}, "fast_weights_mb": {"max": 12.5}}

ARTICLES, WORDS, ROUNDS = 24, 600, 3
_MEGABYTE = 1_000_000
_DAY = date(2026, 1, 5)


def main(arguments: Sequence[str]) -> int:
    """Measure every recognizer that ships and those named; print and write the report."""
    if arguments[:1] == ["--one"]:
        print(json.dumps(measure(arguments[1])))
        return 0
    settings = [DEFAULT, *([FAST] if is_shipped(FAST) else []), *arguments]
    rounds = [{setting: _apart(setting) for setting in settings} for _ in range(ROUNDS)]
    metrics: dict[str, float] = {}
    for setting in settings:
        for name in rounds[0][setting]:
            median = statistics.median(figures[setting][name] for figures in rounds)
            metrics[f"{prefix(setting)}{name}"] = round(median, 1)
        metrics[f"{prefix(setting)}weights_mb"] = round(weights(setting) / _MEGABYTE, 1)
    data = {name: version for setting in settings for name, version in open_recognizer(setting).artefacts.items()}
    return Report("entities_speed", metrics, GATES | (FAST_GATES if FAST in settings else {}), data).publish()


def _apart(setting: str) -> dict[str, float]:
    """Measure in a process that has done nothing else."""
    command = [sys.executable, "-m", "benchmarks.bench_entities", "--one", setting]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures: dict[str, float] = json.loads(answer.splitlines()[-1])
    return figures


def measure(setting: str) -> dict[str, float]:
    """CPU time of the stage, and memory of this process after it."""
    stage, articles = EntitiesStage(setting), _articles()
    words = sum(one.clean.quality.words for one in articles if one.clean)
    stage.run(articles[:1])
    began = time.process_time()
    stage.run(articles)
    batch = time.process_time() - began
    single = statistics.median(_milliseconds(stage, one) for one in articles)
    per_article = single * WORDS / (words / len(articles))
    return {"words_per_s_core": words / batch, "article_ms_p50": per_article, "rss_mb": resident_mb()}


def _milliseconds(stage: EntitiesStage, one: StageInput) -> float:
    began = time.process_time()
    stage.run([one])
    return 1_000 * (time.process_time() - began)


def _articles() -> list[StageInput]:
    return [article(item["text"], _DAY) for item in submissions(ARTICLES, WORDS)]


def resident_mb() -> float:
    """Resident memory of this process in megabytes; its peak where the system does not tell."""
    status = Path("/proc/self/status")
    if status.exists() and (resident := re.search(r"VmRSS:\s+(\d+) kB", status.read_text(encoding="utf-8"))):
        return int(resident.group(1)) * 1024 / _MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MEGABYTE


def weights(setting: str) -> int:
    """Bytes of the files of a model."""
    engine, _, argument = setting.partition(":")
    if setting in (DEFAULT, FAST) or engine == "onnx":
        folder = SHIPPED if setting in (DEFAULT, FAST) else Path(argument)
        manifest: dict[str, Any] = json.loads(
            (folder / f"recognizer{'-fast' if setting == FAST else ''}.json").read_text()
        )
        return sum((folder / name).stat().st_size for name in manifest["sha256"])
    return sum(path.stat().st_size for path in Path(argument).rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
