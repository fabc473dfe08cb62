"""Learns the ranking that ships with the geotag stage: ``python -m training.geotag.train``.

The same data, prior and seed give the same bytes. See README.md for what is learned and what is not.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.evaluation import data_folder, tell_missing
from benchmarks.geotag_corpora import documents, gold_input, memories, ref_of
from benchmarks.geotag_failures import failure_cases
from benchmarks.geotag_scores import Score, calibration, score
from benchmarks.gold_places import ARTICLES, READ, Article, read_articles
from schemas import Ref
from store import SourceMemory
from tasks.geotag import (
    PLAIN,
    RANKING,
    SHIPPED,
    STATIC,
    Feature,
    Floats,
    Gazetteer,
    GeotagStage,
    Ints,
    Weights,
    assured_names,
)
from training.geotag._assurance import Choice, assured, choices, learn_assurance, own_choices
from training.geotag._calibrate import ABSTAIN_BELOW, isotonic
from training.geotag._corpus import Lesson, examples, lesson
from training.geotag._fit import fit

BUILD = 5
"""Rises when the rules of the training change what it writes from the same data."""
PRIOR = Path(__file__).parent / "prior.json"
ROUNDS_OF_FIT = 4
"""The context depends on the weights and the weights on the context; four alternations settle both to two decimals."""
PULL = 5.0
"""Precision of the prior around the hand-set weights; 1 and 20 do no better in cross-validation."""
FOLDS = 5
DRAWS = 5
"""Divisions into folds over which the calibration's figures are averaged."""
CORPORA = ("lgl_dev", "trnews_dev")
MEMORY = "_memory"
RUNS = (*CORPORA, *(name + MEMORY for name in CORPORA))
"""Each corpus twice: with nothing known of its sources, and with their memory."""
OWN_TIMES = 2
"""Times that a choice in an article of our own counts: some 600 beside 7,200. Of 2, 3 and 4 times that with which
confident choices are right most often on articles of our own that were not seen (.986, .983, .983)."""
TIE = 0.0025
"""A corpus may lose this much, two of TR-News' mentions, if the others gain more: half a standard error."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """All that is learned from: the articles by corpus, and the weights to start from."""

    documents: dict[str, list[dict[str, Any]]]
    memories: dict[str, dict[Ref, SourceMemory]]
    lessons: dict[str, list[Lesson]]
    start: Weights
    gazetteer: Gazetteer
    own: list[Article]
    """Articles of our own that were read; they only teach how sure a choice may be."""

    def score(self, run: str, documents: Sequence[dict[str, Any]], weights: Weights) -> Score:
        """What weights reach on some articles of a run."""
        return score(documents, self.gazetteer, weights, self.memories[run])


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Scores of each fold."""

    learned: list[dict[str, Score]]
    by_hand: list[dict[str, Score]]
    weights: list[Weights]

    @property
    def is_worth_it(self) -> bool:
        """Whether learning beats the hand-set weights over all runs, by distance and by exact id, and loses nowhere."""
        return wins(figures(self.learned), figures(self.by_hand))


@dataclass(frozen=True, slots=True, eq=False)
class Calibrated:
    """How probabilities become confidences, and how well that does on folds that it had not seen."""

    assurance: Floats
    knots: Floats
    report: dict[str, float]


def wins(learned: dict[str, float], by_hand: dict[str, float]) -> bool:
    """Whether the figures of what was learned are better in sum, and nowhere worse than a tie."""
    gains = [learned[name] - value for name, value in by_hand.items()]
    return sum(gains) > 0 and min(gains) >= -TIE


def course(data: Path, gazetteer: Gazetteer) -> Course:
    """Read the prior and the corpora."""
    prior = json.loads(PRIOR.read_text())
    centre = np.array([prior[feature.name.lower()] for feature in Feature], dtype=np.float64)
    start = Weights("prior", centre[:STATIC], centre, np.array([[0.0, 0.0], [1.0, 1.0]]), 0.0, PLAIN)
    read = {name: [_plain(one) for one in documents(data / f"{name}.jsonl.gz")] for name in CORPORA}
    stage = GeotagStage(gazetteer.path, start, listed_homes=False)
    known: dict[str, dict[Ref, SourceMemory]] = {name: {} for name in CORPORA}
    for name in CORPORA:
        read[name + MEMORY] = read[name]
        known[name + MEMORY] = memories([gold_input(document) for document in read[name]], stage)
    lessons = {
        run: [lesson(document, gazetteer, start, known[run].get(ref_of(document))) for document in read[run]]
        for run in RUNS
    }
    own = [article for article in read_articles() if article.half in READ]
    return Course(read, known, lessons, start, gazetteer, own)


def _plain(document: dict[str, Any]) -> dict[str, Any]:
    """Without its address: nine of ten name no place, and a few outlets should not teach how sure a choice is."""
    return {**document, "url": None}


def learn(lessons: Sequence[Lesson], start: Weights) -> Weights:
    """Alternate between the context that the weights give and the weights that fit the context best."""
    answered = [replace(one, answers=tuple(answer for answer in one.answers if answer[1])) for one in lessons]
    weights = start
    for _ in range(ROUNDS_OF_FIT):
        fitted = fit(examples(answered, weights), start.context, PULL)
        weights = replace(weights, first=fitted[:STATIC], context=fitted)
    return weights


def folds(learning: Course, seed: int) -> dict[str, np.typing.NDArray[np.int64]]:
    """The fold of each article, by corpus, so that both corpora are spread evenly."""
    draw = np.random.default_rng(seed)
    found = {name: draw.permutation(len(learning.documents[name])) % FOLDS for name in CORPORA}
    return found | {name + MEMORY: of for name, of in found.items()}


def cross_validated(learning: Course, seed: int) -> Trial:
    """For each fold what weights that were learned without it score on it, and what those set by hand do."""
    of = folds(learning, seed)
    scores: list[dict[str, Score]] = []
    by_hand: list[dict[str, Score]] = []
    fitted: list[Weights] = []
    for fold in range(FOLDS):
        seen = [one for name in RUNS for one, at in zip(learning.lessons[name], of[name], strict=True) if at != fold]
        fitted.append(learn(seen, learning.start))
        held = {
            name: [one for one, at in zip(learning.documents[name], of[name], strict=True) if at == fold]
            for name in RUNS
        }
        by_hand.append({name: learning.score(name, held[name], learning.start) for name in RUNS})
        scores.append({name: learning.score(name, held[name], fitted[-1]) for name in RUNS})
    return Trial(scores, by_hand, fitted)


def figures(scores: Sequence[dict[str, Score]]) -> dict[str, float]:
    """A161 and exact ids over all folds."""
    found: dict[str, float] = {}
    for name in RUNS:
        total = sum(fold[name].total for fold in scores)
        found[f"{name}_a161"] = round(sum(fold[name].near for fold in scores) / total, 4)
        found[f"{name}_em"] = round(sum(fold[name].exact for fold in scores) / total, 4)
    return found


def calibrated(learning: Course, of: Mapping[str, Ints], by_fold: Sequence[Weights], seed: int) -> Calibrated:
    """The way from probability to confidence, learned on all articles, and how well others' does on each.

    Each fold's choices are those of the weights that had not seen it. What assurance and calibration reach on articles
    that they had not seen is the mean over `DRAWS` divisions into folds: one division alone is off by a third.
    """
    parts = [
        (run, at, [choice for choice in choices(*known, by_fold[of[run][at]]) if choice.probability >= ABSTAIN_BELOW])
        for run in RUNS
        for at, known in enumerate(zip(learning.documents[run], learning.lessons[run], strict=True))
    ]
    own = [one for article in learning.own for one in own_choices(article, learning.gazetteer, learning.start)]
    own = OWN_TIMES * [choice for choice in own if choice.probability >= ABSTAIN_BELOW]
    draws = [calibration(_checked(parts, own, folds(learning, seed + draw))) for draw in range(DRAWS)]
    every = [*(choice for _, _, part in parts for choice in part), *own]
    assurance = learn_assurance(every)
    report = {name: round(float(np.mean([draw[name] for draw in draws])), 4) for name in draws[0]}
    before = calibration(assured(every, PLAIN))["calibration_error"]
    return Calibrated(
        assurance, isotonic(assured(every, assurance)), report | {"calibration_error_uncalibrated": round(before, 4)}
    )


def _checked(
    parts: Sequence[tuple[str, int, list[Choice]]], own: Sequence[Choice], of: Mapping[str, Ints]
) -> list[tuple[float, bool]]:
    """How sure each choice is by what the other folds and our own articles teach, and whether it was right."""
    by_fold: list[list[Choice]] = [[] for _ in range(FOLDS)]
    for run, at, part in parts:
        by_fold[of[run][at]] += part
    checked: list[tuple[float, bool]] = []
    for fold, part in enumerate(by_fold):
        others = [choice for other, choices_of in enumerate(by_fold) if other != fold for choice in choices_of]
        others += own
        assurance = learn_assurance(others)
        knots = isotonic(assured(others, assurance))
        checked += [(float(np.interp(p, knots[:, 0], knots[:, 1])), right) for p, right in assured(part, assurance)]
    return checked


def artefact(learning: Course, data: Path, seed: int) -> dict[str, Any]:
    """Learn, cross-validate and calibrate; answers the content of the file that ships.

    What was learned ships only if it beats the weights set by hand in cross-validation.
    """
    trial = cross_validated(learning, seed)
    learned = learn([one for name in RUNS for one in learning.lessons[name]], learning.start)
    chosen = learned if trial.is_worth_it else learning.start
    by_fold = trial.weights if trial.is_worth_it else [learning.start] * FOLDS
    found = calibrated(learning, folds(learning, seed), by_fold, seed)
    weights = replace(chosen, knots=found.knots, abstain_below=ABSTAIN_BELOW, assurance=found.assurance)
    sources = [PRIOR, *ARTICLES, *(data / f"{name}.jsonl.gz" for name in CORPORA)]
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sources}
    features = {
        feature.name.lower(): _row(feature, weights, learned, learning.start, trial.weights) for feature in Feature
    }
    calibration_map = [[round(float(x), 4), round(float(y), 4)] for x, y in found.knots]
    assurance = {name: round(float(x), 4) for name, x in zip(assured_names(), found.assurance, strict=True)}
    stamp = json.dumps([features, assurance, calibration_map, ABSTAIN_BELOW])
    cases = failure_cases(data / "geo_failure_modes.jsonl", learning.gazetteer, weights)
    return {
        "version": f"1.{BUILD}-{hashlib.sha256(stamp.encode()).hexdigest()[:8]}",
        "features": features,
        "assurance": assurance,
        "calibration": calibration_map,
        "abstain_below": weights.abstain_below,
        "report": {
            "chosen": "learned" if trial.is_worth_it else "set by hand",
            "learned_cross_validated": figures(trial.learned),
            "learned_fitted_on_all": _on_all(learning, learned),
            "set_by_hand": figures(trial.by_hand),
            "calibration_cross_validated": found.report,
            "learned_by_fold": [figures([fold]) for fold in trial.learned],
            "set_by_hand_by_fold": [figures([fold]) for fold in trial.by_hand],
            "failure_cases": sum(cases.values()),
            "seed": seed,
            "gazetteer": learning.gazetteer.version,
            "sources": digests,
        },
    }


def _on_all(learning: Course, weights: Weights) -> dict[str, float]:
    """Scores on the articles that the weights were learned from."""
    return figures([{name: learning.score(name, learning.documents[name], weights) for name in RUNS}])


def _row(
    feature: Feature, weights: Weights, learned: Weights, prior: Weights, by_fold: Sequence[Weights]
) -> dict[str, float]:
    """One line of the table: what counts, what was learned, what was set, and how much learning varies by fold."""
    row = {"first": float(weights.first[feature])} if feature < STATIC else {}
    row |= {"context": float(weights.context[feature]), "learned": float(learned.context[feature])}
    row |= {"by_hand": float(prior.context[feature]), "spread": float(np.std([w.context[feature] for w in by_fold]))}
    return {name: round(value, 3) for name, value in row.items()}


def write(content: dict[str, Any], target: Path) -> None:
    """One line for each feature, so that two versions can be compared by eye."""
    features = ",\n".join(f'  "{name}": {json.dumps(row)}' for name, row in content["features"].items())
    rest = {name: value for name, value in content.items() if name not in ("version", "features", "report")}
    lines = [f'"version": {json.dumps(content["version"])}', f'"features": {{\n{features}\n }}']
    lines += [f'"{name}": {json.dumps(value)}' for name, value in rest.items()]
    lines += [f'"report": {json.dumps(content["report"], indent=2)}']
    target.write_text("{\n " + ",\n ".join(lines) + "\n}\n")


def main() -> int:
    """Command line. Exit 2 when the data is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--target", type=Path, default=RANKING, help="where to write the artefact")
    parser.add_argument("--gazetteer", type=Path, default=SHIPPED)
    parser.add_argument("--seed", type=int, default=0, help="of the folds")
    options = parser.parse_args()
    data = data_folder("geotag")
    if not data.is_dir():
        return tell_missing(data)
    content = artefact(course(data, Gazetteer(options.gazetteer)), data, options.seed)
    write(content, options.target)
    print(json.dumps(content["report"], indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
