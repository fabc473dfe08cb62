"""The geotag stage: clean text and entities in, places and focus out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from schemas import Geotags, Place, StageName, Unresolved
from tasks.geotag._focus import focus_of
from tasks.geotag._gazetteer import SHIPPED, Gazetteer, GazetteerPlace, shipped_gazetteer
from tasks.geotag._reading import Decision, read
from tasks.geotag._toponyms import Role, Spot
from tasks.geotag._weights import Weights, shipped_weights
from tasks.stage import Failed, Skipped, StageInput, each

VERSION: Final = 2


class GeotagStage:
    """Fulfils `tasks.stage.Stage` with `Geotags`. Opens the gazetteer at the first article of a process."""

    name: Final = StageName.GEOTAG
    version: Final = VERSION
    inputs: Final = ("clean", "entities")

    def __init__(self, gazetteer: Path = SHIPPED) -> None:
        self._path = gazetteer

    @property
    def artefacts(self) -> Mapping[str, str]:
        """Versions of the gazetteer and of the weights of the ranking."""
        versions = {"gazetteer": shipped_gazetteer(self._path).version, "ranking": shipped_weights().version}
        return MappingProxyType(versions)

    def run(self, articles: Sequence[StageInput]) -> Sequence[Geotags | Skipped | Failed]:
        """Resolve the places of each article on its own.

        Raises:
            GazetteerMissing: There is no gazetteer here, so no article can be resolved.
            RankingMissing: There are no weights here.
        """
        gazetteer, weights = shipped_gazetteer(self._path), shipped_weights()
        return each(articles, lambda article: _geotag(article, gazetteer, weights))


def _geotag(article: StageInput, gazetteer: Gazetteer, weights: Weights) -> Geotags | Skipped:
    if article.clean is None:
        return Skipped("clean")
    if article.entities is None:
        return Skipped("entities")
    decisions = read(article.clean, article.entities, gazetteer, article.source, weights)
    named = [decision for decision in decisions if decision.role is not Role.DEMONYM]
    return Geotags(
        places=_places([decision for decision in named if decision.place is not None], gazetteer),
        unresolved=_unresolved([decision for decision in named if decision.place is None]),
        focus=focus_of(decisions, gazetteer),
    )


def _places(decisions: Sequence[Decision], gazetteer: Gazetteer) -> tuple[Place, ...]:
    """One place for each id, with the mentions of all its names, in order of first mention."""
    by_id: dict[int, list[Decision]] = {}
    for decision in decisions:
        if decision.place is not None:
            by_id.setdefault(decision.place.id, []).append(decision)
    found = [(_spots(group), group) for group in by_id.values()]
    found.sort(key=lambda item: item[0][0].order)
    return tuple(
        _place(group[0].place, spots, group, gazetteer) for spots, group in found if group[0].place is not None
    )


def _spots(decisions: Sequence[Decision]) -> list[Spot]:
    return sorted((spot for decision in decisions for spot in decision.spots), key=lambda spot: spot.order)


def _place(place: GazetteerPlace, spots: Sequence[Spot], decisions: Sequence[Decision], gazetteer: Gazetteer) -> Place:
    division = gazetteer.area(place.admin1_code) if place.admin1_code else None
    evidence = dict.fromkeys(code for decision in decisions for code in decision.evidence)
    return Place(
        geoname_id=place.id,
        name=place.name,
        kind=place.kind,
        latitude=place.latitude,
        longitude=place.longitude,
        country_code=place.country,
        admin1_code=place.admin1_code,
        admin1_name=None if division is None else division.name,
        population=place.population or None,
        mentions=tuple(spot.mention for spot in spots),
        confidence=round(min(max(decision.confidence for decision in decisions), 1.0), 4),
        evidence=tuple(evidence),
    )


def _unresolved(decisions: Sequence[Decision]) -> tuple[Unresolved, ...]:
    """Toponyms without a place; words that are known to be no toponym are not reported at all."""
    return tuple(
        Unresolved(
            name=decision.spots[0].text,
            mentions=tuple(spot.mention for spot in decision.spots),
            reason=decision.reason or "not_known",
        )
        for decision in decisions
        if decision.reason != "not_a_place"
    )
