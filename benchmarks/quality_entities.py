"""How good the entities stage is and what it costs. `make quality-entities`.

Exact spans of PERSON, ORG and LOC on two corpora that nothing was tuned on, pairs of mentions joined as aliases, and
speed and memory of the whole stage on articles of about 600 words. The corpora are looked for in
``DATELINE_EVAL_DATA``; without them the benchmark exits with 2.
"""

import json
import platform
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from schemas import CleanText, Entities, Form, Label, Quality, Ref
from tasks.entities import EntitiesStage
from tasks.entities._aliases import link_aliases
from tasks.stage import StageInput
from training.entities._corpus import data_folder, harmonise, read_documents, split
from training.entities.aliases import read_alias_documents, score_aliases
from training.entities.evaluation import CORPORA, evaluate, table
from training.entities.scoring import Score

REPORT = Path("reports/entities.json")
MODEL = Path("tasks/entities/data/model.onnx")
GATES: dict[str, dict[str, float]] = {
    "wikigold_f1": {"min": 80.0},
    "ewt_f1": {"min": 71.0},
    "alias_pair_f1": {"min": 85.1},
    "dates_with_value": {"min": 80.0},
    "alias_ms_per_document": {"max": 1.0},
    "words_per_s_core": {"min": 3_000},
    "rss_mb": {"max": 300},
    "model_mb": {"max": 24},
}
"""A little under what the shipped model reached; speed with room for a busy machine."""

PUBLISHED = datetime(2024, 11, 12, tzinfo=UTC)
ARTICLE_WORDS, ARTICLES, ROUNDS = 600, 20, 5
_MEGABYTE = 1_000_000

Scores = dict[str, dict[str, Score]]


def main() -> int:
    """Measure, print, write the report; 1 where a gate fails, 2 where the corpora are missing."""
    if not (data_folder() / CORPORA["wikigold"]).exists():
        print(f"evaluation corpora not found in {data_folder()}; set DATELINE_EVAL_DATA")
        return 2
    if sys.argv[1:] == ["--memory"]:
        print(_memory())
        return 0
    scores = {name: evaluate("onnx", read_documents(data_folder() / file)) for name, file in CORPORA.items()}
    metrics = {**_quality(scores), **_aliases(), **_values(), **_speed(), "rss_mb": _memory_of_own_process()}
    metrics["model_mb"] = round(MODEL.stat().st_size / _MEGABYTE, 1)
    failed = _failed(metrics)
    _report(metrics)
    print(table(scores))
    print("\n".join(f"{name:24} {value}{'  FAILED' if name in failed else ''}" for name, value in metrics.items()))
    return 1 if failed else 0


def _quality(scores: Scores) -> dict[str, float]:
    figures = {f"{corpus}_f1": labels["all"].f1 for corpus, labels in scores.items()}
    for corpus, labels in scores.items():
        figures |= {f"{corpus}_{label.lower()}_f1": score.f1 for label, score in labels.items() if label != "all"}
    return {name: round(value, 2) for name, value in figures.items()}


def _aliases() -> dict[str, float]:
    """Score all documents, and those of odd number alone: the rules were chosen on the even ones."""
    documents = read_alias_documents(data_folder() / "redocred_aliases.jsonl.gz")

    def link(mentions: Sequence[tuple[str, Label]]) -> Sequence[int]:
        return link_aliases(mentions).groups

    whole = score_aliases(documents, link)
    return {
        "alias_pair_f1": round(whole.f1, 2),
        "alias_pair_f1_odd_half": round(score_aliases(documents[1::2], link).f1, 2),
        "alias_exact_match_f1": round(score_aliases(documents, _exact).f1, 2),
        "dates_with_value": {"min": 80.0},
        "alias_ms_per_document": round(whole.milliseconds, 3),
    }


def _exact(mentions: Sequence[tuple[str, Label]]) -> list[int]:
    """Join equal names under one label: the baseline."""
    numbers: dict[tuple[str, Label], int] = {}
    return [numbers.setdefault(mention, len(numbers)) for mention in mentions]


def _values() -> dict[str, float]:
    """Share of the dates found in the development split of the training texts whose meaning is told, in per cent."""
    _, texts = split(harmonise(read_documents(data_folder() / "perm_train.jsonl.gz")))
    answers = EntitiesStage().run([_article(document.text) for document in texts])
    found = [entity for answer in answers if isinstance(answer, Entities) for entity in answer.entities]
    dates = [entity for entity in found if entity.label is Label.DATE]
    told = sum(entity.count for entity in dates if entity.value)
    return {"dates_with_value": round(100 * told / max(1, sum(entity.count for entity in dates)), 1)}


def _articles() -> list[StageInput]:
    """Join wikigold's texts to articles of about 600 words."""
    texts, words = [""], 0
    for document in read_documents(data_folder() / CORPORA["wikigold"]):
        if words >= ARTICLE_WORDS:
            texts.append("")
            words = 0
        texts[-1] += f"{document.text}\n\n"
        words += len(document.text.split())
    return [_article(text) for text in texts[:ARTICLES]]


def _article(text: str) -> StageInput:
    clean = CleanText(title=None, text=text, language="en", form=Form.TEXT, quality=Quality(words=len(text.split())))
    return StageInput(ref=Ref("benchmark", 1), accepted_at=PUBLISHED, clean=clean)


def _speed() -> dict[str, float]:
    """CPU time of the whole stage, median of a few rounds."""
    stage, articles = EntitiesStage(), _articles()
    words = sum(article.clean.quality.words for article in articles if article.clean)
    stage.run(articles[:1])
    rounds: list[float] = []
    single: list[float] = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for article in articles:
            start = time.process_time()
            stage.run([article])
            single.append(time.process_time() - start)
        rounds.append(time.process_time() - began)
    milliseconds = 1000 * statistics.median(single) * ARTICLE_WORDS / (words / len(articles))
    return {"words_per_s_core": round(words / statistics.median(rounds)), "article_ms": round(milliseconds, 1)}


def _memory() -> float:
    """Resident memory of this process after the stage has run, in megabytes."""
    EntitiesStage().run(_articles())
    status = Path("/proc/self/status")
    if status.exists() and (resident := re.search(r"VmRSS:\s+(\d+) kB", status.read_text(encoding="utf-8"))):
        return round(int(resident.group(1)) * 1024 / _MEGABYTE, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MEGABYTE, 1)


def _memory_of_own_process() -> float:
    """Measure in a process that has done nothing else."""
    command = [sys.executable, __file__, "--memory"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _failed(metrics: dict[str, float]) -> set[str]:
    return {
        name
        for name, gate in GATES.items()
        if metrics[name] < gate.get("min", float("-inf")) or metrics[name] > gate.get("max", float("inf"))
    }


def _report(metrics: dict[str, float]) -> None:
    report = {
        "name": "entities",
        "metrics": metrics,
        "gates": GATES,
        "data": dict(EntitiesStage().artefacts),
        "machine": {"platform": platform.platform(), "python": platform.python_version()},
    }
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
