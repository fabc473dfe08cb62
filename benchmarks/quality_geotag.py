"""How well the geotag stage resolves places: ``python -m benchmarks.quality_geotag``.

Gold spans of the development halves of LGL and TR-News, the failure cases of other geocoders, speed and memory. The
hand-set weights were tuned on these two halves, so the figures are optimistic; held-back halves are scored elsewhere.
Beside them stand the cross-validated figures of the learned weights and of the calibration, from the shipped ranking.
A161: the right GeoNames id, or a point within 161 km of the gold one; unresolved counts as wrong.
"""

import argparse
import gzip
import json
import math
import os
import platform
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from schemas import CleanText, Entities, Entity, Form, Label, Mention, Quality, Ref
from tasks.geotag import RANKING, Decision, Gazetteer, GazetteerPlace, GeotagStage, Role, Weights, outlet_of, read
from tasks.stage import StageInput

REPORT = Path("reports/geotag.json")
NEAR_KM = 161.0
"""A hundred miles: the distance that the literature on these corpora counts as right."""
GATES: dict[str, dict[str, float]] = {
    "lgl_dev_a161": {"min": 0.895},
    "trnews_dev_a161": {"min": 0.94},
    "geo_failure_modes": {"min": 19},
    "confident_accuracy": {"min": 0.975},
    "confident_coverage": {"min": 0.86},
    "cv_calibration_error": {"max": 0.015},
    "lookups_per_s": {"min": 100_000},
    "open_ms": {"max": 50},
    "gazetteer_mb": {"max": 34},
    "rss_mb": {"max": 60},
}
NOT_IN_GOLD = {
    "peer-geo-12": ("Western Europe",),
    "peer-geo-18": ("Soviet Union",),
}
"""Toponyms of the failure cases that their gold leaves out; a recognizer would mark them as places all the same."""
DEMONYMS = {"peer-geo-06": ("European",)}


@dataclass(slots=True)
class Score:
    """Counts over the gold mentions of one corpus."""

    total: int = 0
    near: int = 0
    exact: int = 0
    places: int = 0
    places_near: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    confident: list[tuple[float, bool]] = field(default_factory=list)
    ranked: list[tuple[float, bool]] = field(default_factory=list)
    """As `confident`, without demonyms, which need no ranking."""
    examples: list[str] = field(default_factory=list)

    def metrics(self, corpus: str) -> dict[str, float]:
        """Named as the reports name them."""
        return {
            f"{corpus}_a161": self.near / self.total,
            f"{corpus}_em": self.exact / self.total,
            f"{corpus}_a161_without_demonyms": self.places_near / self.places,
            f"{corpus}_mentions": self.total,
        } | {f"{corpus}_{why}": number for why, number in sorted(self.wrong.items())}


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance."""
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(min(1.0, half)))


def documents(path: Path) -> list[dict[str, Any]]:
    """The documents of a gzipped or plain JSON-lines file."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        return [json.loads(line) for line in lines]


def clean_of(text: str) -> CleanText:
    """A text as the clean stage would hand it on."""
    return CleanText(title=None, text=text, language="en", form=Form.TEXT, quality=Quality(words=len(text.split())))


def entities_of(mentions: Sequence[tuple[int, int, str]], label: Label = Label.LOC) -> tuple[Entity, ...]:
    """One entity for each span, as a recognizer without alias merging would give them."""
    return tuple(
        Entity(
            id=f"{label}:{at}",
            label=label,
            name=text,
            mentions=(Mention(start=start, end=end, text=text),),
            count=1,
            salience=0,
        )
        for at, (start, end, text) in enumerate(mentions)
    )


def gold_input(document: dict[str, Any]) -> StageInput:
    """A document with its gold spans as LOC entities."""
    spans = [(m["start"], m["end"], m["surface"]) for m in document["mentions"]]
    return StageInput(
        ref=Ref(document["doc_id"], 1),
        accepted_at=datetime.now(UTC),
        source=document.get("domain"),
        clean=clean_of(document["text"]),
        entities=Entities(entities=entities_of(spans)),
    )


def decided(decisions: Sequence[Decision]) -> dict[int, Decision]:
    """Decisions by the start of their mentions."""
    return {spot.start: decision for decision in decisions for spot in decision.spots}


def score(corpus: Sequence[dict[str, Any]], gazetteer: Gazetteer, weights: Weights | None = None) -> Score:
    """Compare what is resolved with every gold mention that has an id."""
    result = Score()
    for document in corpus:
        article = gold_input(document)
        assert article.clean is not None
        assert article.entities is not None
        found = decided(read(article.clean, article.entities, gazetteer, outlet_of(article, gazetteer), weights))
        for gold in document["mentions"]:
            if gold.get("geonameid") is not None:
                _count(result, gold, found.get(gold["start"]), gazetteer, document["doc_id"])
    return result


def _count(result: Score, gold: dict[str, Any], decision: Decision | None, gazetteer: Gazetteer, document: str) -> None:
    place = decision.place if decision else None
    exact = place is not None and place.id == gold["geonameid"]
    near = exact or (place is not None and _distance(place, gold) <= NEAR_KM)
    result.total += 1
    result.exact += exact
    result.near += near
    if decision is None or decision.role is not Role.DEMONYM:
        result.places += 1
        result.places_near += near
    if place is not None and decision is not None:
        result.confident.append((decision.confidence, near))
        if decision.role is not Role.DEMONYM:
            result.ranked.append((decision.confidence, near))
    if not near:
        why = _why(decision, gold, gazetteer)
        result.wrong[why] += 1
        got = "-" if place is None else f"{place.name}/{place.kind}/{place.country}.{place.admin1}"
        reason = decision.reason if decision else None
        confidence = decision.confidence if decision else 0
        result.examples.append(
            f"{why:18} {document:18} {gold['surface']:25} gold {gold['name']}/{gold.get('fcode')}/"
            f"{(gold.get('country') or {}).get('name')}/{(gold.get('admin1') or {}).get('name')} got {got} {reason}"
            f" {confidence:.2f} {decision.evidence if decision else ''}"
        )


def _distance(place: GazetteerPlace, gold: dict[str, Any]) -> float:
    return kilometres(place.latitude, place.longitude, gold["lat"], gold["lon"])


def _why(decision: Decision | None, gold: dict[str, Any], gazetteer: Gazetteer) -> str:
    """The class of an error: no candidate at all, only wrong ones, abstained, or the wrong choice."""
    if decision is None:
        return "no_mention"
    named = [candidate.place for spot in decision.spots for candidate in gazetteer.lookup(spot.key)]
    if not named and decision.place is None:
        return "no_candidate"
    if not any(place.id == gold["geonameid"] or _distance(place, gold) <= NEAR_KM for place in named):
        return "wrong_candidates"
    return "abstained" if decision.place is None else "wrong_choice"


def calibration(pairs: Sequence[tuple[float, bool]]) -> dict[str, float]:
    """Accuracy and coverage of confident choices, and the expected calibration error over ten bins."""
    sure = [right for confidence, right in pairs if confidence >= 0.9]  # noqa: PLR2004 - issue: confidence >= .9
    error = 0.0
    for low in range(10):
        inside = [(c, right) for c, right in pairs if low / 10 <= c < (low + 1) / 10 or (low == 9 and c >= 1)]  # noqa: PLR2004
        if inside:
            error += abs(sum(c for c, _ in inside) - sum(right for _, right in inside)) / len(pairs)
    return {
        "confident_accuracy": sum(sure) / max(1, len(sure)),
        "confident_coverage": len(sure) / max(1, len(pairs)),
        "calibration_error": error,
    }


def failure_cases(path: Path, gazetteer: Gazetteer, weights: Weights | None = None) -> dict[str, bool]:
    """Whether each case resolves to exactly the expected places, given the spans that a recognizer should mark."""
    return {case["id"]: _passes(case, gazetteer, weights) for case in documents(path)}


def _passes(case: dict[str, Any], gazetteer: Gazetteer, weights: Weights | None) -> bool:
    extra = NOT_IN_GOLD.get(case["id"], ())
    names = [*(expected["mention"] for expected in case["expected"]), *extra]
    loc = entities_of(list(_spans(case["text"], names)))
    norp = entities_of(list(_spans(case["text"], DEMONYMS.get(case["id"], ()))), Label.NORP)
    decisions = read(clean_of(case["text"]), Entities(entities=(*loc, *norp)), gazetteer, weights=weights)
    found = {d.spots[0].text.lower(): d.place for d in decisions if d.role is not Role.DEMONYM and d.place is not None}
    expected = {want["mention"].lower(): want for want in case["expected"]}
    unwanted = set(found) - set(expected) - {name.lower() for name in extra}
    regional = all(place.country is None for name, place in found.items() if name not in expected)
    return (
        not unwanted and regional and all(_agrees(found.get(name), want, gazetteer) for name, want in expected.items())
    )


def _agrees(place: GazetteerPlace | None, want: dict[str, Any], gazetteer: Gazetteer) -> bool:
    if place is None or place.country != want["country"]:
        return False
    kind = {"state": "admin1"}.get(want["kind"], want["kind"])
    division = gazetteer.area(place.admin1_code) if place.admin1_code else None
    same_division = want["admin1"] is None or (division is not None and division.name == want["admin1"])
    return place.kind.value == kind and same_division


def _spans(text: str, names: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    for name in names:
        start = text.lower().find(name.lower())
        if start >= 0:
            yield start, start + len(name), text[start : start + len(name)]


def cross_validated() -> dict[str, float]:
    """Five-fold figures by document, as `training.geotag.train` wrote them into the shipped ranking."""
    found = json.loads(RANKING.read_text())["report"]
    learned = {f"learned_cv_{name}": float(value) for name, value in found["learned_cross_validated"].items()}
    return learned | {f"cv_{name}": float(value) for name, value in found["calibration_cross_validated"].items()}


def speed(articles: Sequence[StageInput]) -> float:
    """Articles per second of CPU, warm, in batches of 32: the median of three passes."""
    stage = GeotagStage()
    passes = []
    for _ in range(3):
        started = time.process_time()
        for at in range(0, len(articles), 32):
            stage.run(articles[at : at + 32])
        passes.append(len(articles) / (time.process_time() - started))
    return sorted(passes)[1]


def lookups(gazetteer: Gazetteer, keys: Sequence[str]) -> float:
    """Look-ups per second of names that are in the cache."""
    for key in keys:
        gazetteer.lookup(key)
    started = time.process_time()
    for _ in range(50):
        for key in keys:
            gazetteer.lookup(key)
    return 50 * len(keys) / (time.process_time() - started)


def resident_mb() -> float:
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Print a table, write the report; exit 1 when a gate fails, 2 when the data is not there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--errors", action="store_true", help="list the errors (names only; the corpora stay private)")
    options = parser.parse_args()
    data = Path(os.environ.get("DATELINE_EVAL_DATA", "../shared/data")) / "geotag"
    files = {"lgl_dev": data / "lgl_dev.jsonl.gz", "trnews_dev": data / "trnews_dev.jsonl.gz"}
    if not all(path.is_file() for path in files.values()):
        print("quality_geotag: no evaluation data; set DATELINE_EVAL_DATA to its folder", file=sys.stderr)
        return 2
    corpora = {name: documents(path) for name, path in files.items()}
    before = resident_mb()
    started = time.perf_counter()
    gazetteer = Gazetteer()
    metrics: dict[str, float] = {"open_ms": (time.perf_counter() - started) * 1000}
    scores = {name: score(corpus, gazetteer) for name, corpus in corpora.items()}
    metrics["rss_mb"] = resident_mb() - before
    for name, result in scores.items():
        metrics |= result.metrics(name)
    metrics |= calibration([pair for result in scores.values() for pair in result.confident])
    cases = failure_cases(data / "geo_failure_modes.jsonl", gazetteer)
    metrics["geo_failure_modes"] = sum(cases.values())
    metrics |= cross_validated()
    articles = [gold_input(document) for corpus in corpora.values() for document in corpus]
    metrics["docs_per_s_core"] = speed(articles)
    keys = {
        spot.key
        for a in articles
        if a.clean and a.entities
        for d in read(a.clean, a.entities, gazetteer)
        for spot in d.spots
    }
    metrics["lookups_per_s"] = lookups(gazetteer, sorted(keys))
    metrics["gazetteer_mb"] = gazetteer.path.stat().st_size / 1e6
    return report(metrics, [case for case, passed in cases.items() if not passed], scores, errors=options.errors)


def report(metrics: dict[str, float], failed: Sequence[str], scores: dict[str, Score], *, errors: bool) -> int:
    """Print and write everything; answers the exit status."""
    if errors:
        for result in scores.values():
            print("\n".join(sorted(result.examples)))
    missed = []
    for name, value in metrics.items():
        gate = GATES.get(name, {})
        fails = value < gate.get("min", -math.inf) or value > gate.get("max", math.inf)
        missed += [name] if fails else []
        print(f"{name:36} {value:12.4f}  {'' if not gate else f'{gate} FAILS' if fails else gate}")
    print(f"failure cases that fail: {', '.join(failed) or 'none'}")
    REPORT.parent.mkdir(exist_ok=True)
    versions = {**GeotagStage().artefacts, "tuned_on": "lgl_dev, trnews_dev", "stage": str(GeotagStage().version)}
    machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "machine": platform.machine()}
    content = {"name": "geotag", "metrics": metrics, "gates": GATES, "data": versions, "machine": machine}
    REPORT.write_text(json.dumps(content, indent=1) + "\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
