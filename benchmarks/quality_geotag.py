"""How well the geotag stage resolves places: ``python -m benchmarks.quality_geotag``.

Gold spans of the development halves of LGL and TR-News, without and with a memory of the sources; the same texts with
the recognizer that ships; the failure cases of other geocoders; focus countries, chosen by persons and by where most
gold places of an article lie; towns of other web articles whose state was struck out. The weights and the curated names
were chosen looking at the two halves, so the figures are optimistic; held-back halves are scored elsewhere. A161: the
right GeoNames id, or a point within 161 km of the gold one; unresolved counts as wrong. The memory of an article is
what the stage itself found in articles of the same host in the other four of five folds. The homes of hosts that the
gazetteer lists are left aside but for `*_listed_homes`: their list was made by others for the outlets of these corpora.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.bench_geotag import speed
from benchmarks.evaluation import data_folder, tell_missing
from benchmarks.geotag_corpora import Document, documents, gold_input, memories
from benchmarks.geotag_failures import failure_cases
from benchmarks.geotag_hidden import found_towns, hidden
from benchmarks.geotag_raw import focus_by_gold, focus_right, raw_input, recognized, score_raw
from benchmarks.geotag_scores import Score, calibration, score
from benchmarks.report import Gates, Report
from schemas import Ref
from store import SourceMemory
from tasks.geotag import RANKING, SHIPPED, STATIC, Feature, Gazetteer, GeotagStage, Weights, shipped_weights

GATES: Gates = {
    "lgl_dev_a161": {"min": 0.92},
    "lgl_dev_a161_memory": {"min": 0.95},
    "trnews_dev_a161": {"min": 0.95},
    "trnews_dev_a161_memory": {"min": 0.95},
    "raw_em": {"min": 0.84},
    "raw_precision": {"min": 0.865},
    "raw_memory_em": {"min": 0.868},
    "raw_memory_precision": {"min": 0.89},
    "failure_cases_passed": {"min": 19},
    "confident_accuracy": {"min": 0.985},
    "confident_coverage": {"min": 0.88},
    "cv_calibration_error": {"max": 0.01},
    "focus_country_top1": {"min": 0.9},
    "focus_country_by_gold": {"min": 0.95},
    "focus_country_by_gold_memory": {"min": 0.97},
    "hidden_state_a161": {"min": 0.93},
}
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("population", ("POPULATION",)),
    ("kind_and_name", ("KIND_", "NAME_", "DIVISION_SIZE", "MINOR_FEATURE", "CAPITAL", "NAMESAKE_SEAT", "STATELESS")),
    ("rivals_and_words", ("BESIDE_", "COMMON_WORD", "KIND_WORD", "PART_OF_NAME", "ELSEWHERE")),
    ("source_country", ("SOURCE_COUNTRY",)),
    ("qualifiers", ("QUALIFIER", "SOFT_QUALIFIER", "IN_QUALIFIER", "QUALIFIES")),
    ("country_and_division", ("COUNTRY_SHARE", "ADMIN1_SHARE")),
    ("near", ("NEAR",)),
)
"""What the resolver looks at, one step after another; each step keeps what came before it."""


def cross_validated() -> dict[str, float]:
    """Five-fold figures by document, as `training.geotag.train` wrote them into the shipped ranking."""
    found = json.loads(RANKING.read_text())["report"]
    learned = {f"learned_cv_{name}": float(value) for name, value in found["learned_cross_validated"].items()}
    return learned | {f"cv_{name}": float(value) for name, value in found["calibration_cross_validated"].items()}


def steps(corpus: Sequence[Document], gazetteer: Gazetteer, weights: Weights) -> dict[str, float]:
    """A161 as the resolver is given one kind of evidence after another."""
    found, names = {}, tuple[str, ...]()
    for step, more in STEPS:
        names += more
        kept = [feature.name.startswith(names) for feature in Feature]
        limited = replace(
            weights, first=weights.first * kept[:STATIC], context=weights.context * kept, abstain_below=0.0
        )
        result = score(corpus, gazetteer, limited)
        found[f"lgl_dev_step_{step}_a161"] = result.near / result.total
    return found


def resolved(corpora: Mapping[str, list[Document]], gazetteer: Gazetteer) -> tuple[dict[str, float], dict[str, Score]]:
    """Everything that is measured on gold spans."""
    stage = GeotagStage(gazetteer.path, listed_homes=False)
    metrics: dict[str, float] = {}
    plain = {name: score(corpus, gazetteer) for name, corpus in corpora.items()}
    informed: list[tuple[float, bool]] = []
    for name, corpus in corpora.items():
        known = memories([gold_input(document) for document in corpus], stage)
        remembering = score(corpus, gazetteer, memories=known)
        metrics |= plain[name].metrics(name)
        metrics[f"{name}_a161_memory"] = remembering.near / remembering.total
        metrics[f"{name}_em_memory"] = remembering.exact / remembering.total
        informed += remembering.confident
        at_home = score(corpus, gazetteer, listed_homes=True)
        metrics[f"{name}_a161_listed_homes"] = at_home.near / at_home.total
    metrics |= calibration([pair for result in plain.values() for pair in result.confident])
    metrics |= {f"{name}_memory": value for name, value in calibration(informed).items()}
    return metrics, plain


def from_raw_text(corpora: Mapping[str, list[Document]], gazetteer: Gazetteer) -> dict[str, float]:
    """The same texts as they are, through the recognizer that ships."""
    every = [document for corpus in corpora.values() for document in corpus]
    entities = recognized(every)
    stage = GeotagStage(gazetteer.path, listed_homes=False)
    known: dict[Ref, SourceMemory] = memories([raw_input(document, entities) for document in every], stage)
    metrics = score_raw(every, entities, gazetteer).metrics("raw")
    metrics |= score_raw(every, entities, gazetteer, known).metrics("raw_memory")
    for name, memory in (("focus_country_by_gold", None), ("focus_country_by_gold_memory", known)):
        right = focus_by_gold(every, entities, gazetteer, memory)
        metrics |= {name: sum(right) / len(right), "focus_by_gold_articles": len(right)}
    return metrics


def hidden_metrics(path: Path, gazetteer: Gazetteer) -> dict[str, float]:
    """How often a town is found whose state was struck out of the article."""
    articles = hidden(documents(path), gazetteer)
    right = found_towns(articles, recognized([article.document for article in articles]), gazetteer)
    return {"hidden_state_a161": sum(right) / len(right), "hidden_state_towns": len(right)}


def focus_metrics(path: Path, gazetteer: Gazetteer) -> dict[str, float]:
    """How often the first focus country is the one that a person chose."""
    corpus = documents(path)
    right = focus_right(corpus, recognized(corpus), gazetteer)
    return {"focus_country_top1": sum(right) / len(right), "focus_articles": len(right)}


def main() -> int:
    """Print a table, write the report; exit 1 when a gate fails, 2 when the data is not there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--errors", action="store_true", help="list the errors (names only; the corpora stay private)")
    parser.add_argument("--gold-only", action="store_true", help="leave out what needs the recognizer; no report")
    parser.add_argument("--gazetteer", type=Path, default=SHIPPED)
    options = parser.parse_args()
    data = data_folder("geotag")
    files = {"lgl_dev": data / "lgl_dev.jsonl.gz", "trnews_dev": data / "trnews_dev.jsonl.gz"}
    if missing := [path for path in files.values() if not path.is_file()]:
        return tell_missing(*missing)
    corpora = {name: documents(path) for name, path in files.items()}
    gazetteer = Gazetteer(options.gazetteer)
    metrics, scores = resolved(corpora, gazetteer)
    cases = failure_cases(data / "geo_failure_modes.jsonl", gazetteer)
    metrics["failure_cases_passed"] = sum(cases.values())
    metrics |= cross_validated()
    if not options.gold_only:
        metrics |= steps(corpora["lgl_dev"], gazetteer, shipped_weights())
        metrics |= from_raw_text(corpora, gazetteer)
        metrics |= focus_metrics(data / "cliff_focus_dev.jsonl.gz", gazetteer)
        metrics |= hidden_metrics(data.parent / "dedupe" / "gva_nd" / "docs.jsonl.gz", gazetteer)
        metrics |= speed([gold_input(document) for corpus in corpora.values() for document in corpus])
    failed = [case for case, passed in cases.items() if not passed]
    return report(metrics, failed, scores, errors=options.errors, keep=not options.gold_only)


def report(
    metrics: dict[str, float], failed: Sequence[str], scores: dict[str, Score], *, errors: bool, keep: bool
) -> int:
    """Print and write everything; answers the exit status."""
    if errors:
        for result in scores.values():
            print("\n".join(sorted(result.examples)))
    print(f"failure cases that fail: {', '.join(failed) or 'none'}")
    if not keep:
        print("\n".join(f"{name:36} {value:12.4f}" for name, value in metrics.items()))
        return 0
    versions = {**GeotagStage().artefacts, "tuned_on": "lgl_dev, trnews_dev", "stage": str(GeotagStage().version)}
    return Report("geotag", metrics, GATES, versions).publish()


if __name__ == "__main__":
    sys.exit(main())
