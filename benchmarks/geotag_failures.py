"""Sentences that other geocoders got wrong, from their issue trackers."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.geotag_corpora import Document, clean_of, documents, entities_of
from schemas import Entities, Label
from tasks.geotag import UNKNOWN, Gazetteer, GazetteerPlace, Role, Weights, read

NOT_IN_GOLD = {
    "peer-geo-12": ("Western Europe",),
    "peer-geo-18": ("Soviet Union",),
}
"""Toponyms of the failure cases that their gold leaves out; a recognizer would mark them as places all the same."""
DEMONYMS = {"peer-geo-06": ("European",)}


def failure_cases(path: Path, gazetteer: Gazetteer, weights: Weights | None = None) -> dict[str, bool]:
    """Whether each case resolves to exactly the expected places, given the spans that a recognizer should mark."""
    return {case["id"]: _passes(case, gazetteer, weights) for case in documents(path)}


def _passes(case: Document, gazetteer: Gazetteer, weights: Weights | None) -> bool:
    extra = NOT_IN_GOLD.get(case["id"], ())
    names = [*(expected["mention"] for expected in case["expected"]), *extra]
    loc = entities_of(list(_spans(case["text"], names)))
    norp = entities_of(list(_spans(case["text"], DEMONYMS.get(case["id"], ()))), Label.NORP)
    decisions = read(clean_of(case["text"]), Entities(entities=(*loc, *norp)), gazetteer, UNKNOWN, weights)
    found = {d.spots[0].text.lower(): d.place for d in decisions if d.role is not Role.DEMONYM and d.place is not None}
    expected = {want["mention"].lower(): want for want in case["expected"]}
    unwanted = set(found) - set(expected) - {name.lower() for name in extra}
    regional = all(place.country is None for name, place in found.items() if name not in expected)
    return (
        not unwanted and regional and all(_agrees(found.get(name), want, gazetteer) for name, want in expected.items())
    )


def _agrees(place: GazetteerPlace | None, want: Document, gazetteer: Gazetteer) -> bool:
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
