"""Right or wrong, and why: decisions of the resolver against gold places."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.geotag_corpora import NEAR_KM, Document, gold_input, kilometres, ref_of
from schemas import Ref
from store import SourceMemory
from tasks.geotag import Decision, Gazetteer, GazetteerPlace, Role, Weights, outlet_of, read


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


def decided(decisions: Sequence[Decision]) -> dict[int, Decision]:
    """Decisions by the start of their mentions."""
    return {spot.start: decision for decision in decisions for spot in decision.spots}


def score(
    corpus: Sequence[Document],
    gazetteer: Gazetteer,
    weights: Weights | None = None,
    memories: Mapping[Ref, SourceMemory] | None = None,
    *,
    listed_homes: bool = False,
) -> Score:
    """Compare what is resolved with every gold mention that has an id.

    Homes of hosts that the gazetteer lists are left aside: that list was made for the outlets of these corpora.
    """
    result = Score()
    for document in corpus:
        article = gold_input(document, (memories or {}).get(ref_of(document)))
        assert article.clean is not None
        assert article.entities is not None
        found = decided(
            read(
                article.clean,
                article.entities,
                gazetteer,
                outlet_of(article, gazetteer, listed_homes=listed_homes),
                weights,
            )
        )
        for gold in document["mentions"]:
            if gold.get("geonameid") is not None:
                _count(result, gold, found.get(gold["start"]), gazetteer, document["doc_id"])
    return result


def _count(result: Score, gold: Document, decision: Decision | None, gazetteer: Gazetteer, document: str) -> None:
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


def _distance(place: GazetteerPlace, gold: Document) -> float:
    return kilometres(place.latitude, place.longitude, gold["lat"], gold["lon"])


def _why(decision: Decision | None, gold: Document, gazetteer: Gazetteer) -> str:
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
