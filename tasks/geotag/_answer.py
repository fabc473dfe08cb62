"""From decisions on names to the answer of the stage: places with all their mentions, coverage, box and dateline."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from schemas import (
    BoundingBox,
    Coverage,
    DatelinePlace,
    Focus,
    Geotags,
    Mention,
    Place,
    PlaceKind,
    PlaceMention,
    PlaceRole,
    Precision,
    RunnerUp,
    Unresolved,
)
from tasks.geotag._decision import Decision, Rival
from tasks.geotag._focus import focus_of
from tasks.geotag._gazetteer import Gazetteer, GazetteerPlace
from tasks.geotag._hints import Hint
from tasks.geotag._metonymy import acts
from tasks.geotag._toponyms import Role, Spot, Texts

_AREAS: Final = frozenset({PlaceKind.CONTINENT, PlaceKind.COUNTRY, PlaceKind.ADMIN1, PlaceKind.REGION, PlaceKind.WATER})
_HALF_TURN: Final = 180.0


def geotags_of(
    decisions: Sequence[Decision], texts: Texts, gazetteer: Gazetteer, hints: Sequence[Hint] = ()
) -> Geotags:
    """Everything that was found out about the places of an article, but for the memory of its source."""
    named = [decision for decision in decisions if decision.role is not Role.DEMONYM]
    toponyms = [decision for decision in named if decision.reason != "not_a_place"]
    focus = focus_of(decisions, gazetteer, hints)
    places = _places([decision for decision in named if decision.place is not None], focus, texts, gazetteer)
    return Geotags(
        places=places,
        unresolved=_unresolved([decision for decision in toponyms if decision.place is None]),
        focus=focus,
        dateline=_dateline(toponyms),
        bounding_box=_box([place for place in places if place.precision is Precision.POINT]),
        coverage=Coverage(
            toponyms=sum(len(decision.spots) for decision in toponyms),
            resolved=sum(len(decision.spots) for decision in toponyms if decision.place is not None),
        ),
        gazetteer=gazetteer.version,
    )


def _places(decisions: Sequence[Decision], focus: Focus, texts: Texts, gazetteer: Gazetteer) -> tuple[Place, ...]:
    """One place for each id, with the mentions of all its names, in order of first mention."""
    by_id: dict[int, list[Decision]] = {}
    for decision in decisions:
        if decision.place is not None:
            by_id.setdefault(decision.place.id, []).append(decision)
    about = {area.geoname_id for areas in (focus.countries, focus.regions, focus.cities) for area in areas}
    found = sorted(by_id.values(), key=lambda group: min(spot.order for one in group for spot in one.spots))
    return tuple(_place(group, about, texts, gazetteer) for group in found)


def _place(decisions: Sequence[Decision], about: set[int], texts: Texts, gazetteer: Gazetteer) -> Place:
    surest = max(decisions, key=lambda decision: decision.confidence)
    place = surest.place
    assert place is not None
    return place_of(
        place,
        gazetteer,
        roles=_roles(decisions, is_focus=place.id in about),
        mentions=_mentions(decisions, place, texts),
        confidence=_rounded(surest.confidence),
        runner_up=_runner_up(surest.rival),
        margin=None if surest.rival is None else _rounded(surest.rival.margin),
        evidence=tuple(dict.fromkeys(code for decision in decisions for code in decision.evidence)),
    )


def place_of(  # noqa: PLR0913 - what is said of a place beside what it is
    place: GazetteerPlace,
    gazetteer: Gazetteer,
    *,
    roles: tuple[PlaceRole, ...] = (),
    mentions: tuple[PlaceMention, ...] = (),
    confidence: float = 0.0,
    runner_up: RunnerUp | None = None,
    margin: float | None = None,
    evidence: tuple[str, ...] = (),
) -> Place:
    """A place of the gazetteer as an answer tells it."""
    division = gazetteer.area(place.admin1_code) if place.admin1_code else None
    district = gazetteer.area(place.admin2_code) if place.admin2_code else None
    return Place(
        geoname_id=place.id,
        name=place.name,
        kind=place.kind,
        feature_class=place.feature_class,
        feature_code=place.feature,
        latitude=place.latitude,
        longitude=place.longitude,
        precision=_precision(place),
        country_code=place.country,
        admin1_code=place.admin1_code,
        admin1_name=None if division is None else division.name,
        admin2_code=place.admin2_code,
        admin2_name=None if district is None else district.name,
        population=place.population or None,
        roles=roles,
        mentions=mentions,
        confidence=confidence,
        runner_up=runner_up,
        margin=margin,
        evidence=evidence,
    )


def _precision(place: GazetteerPlace) -> Precision:
    if place.is_approximate:
        return Precision.PARENT
    return Precision.AREA if place.kind in _AREAS else Precision.POINT


def _roles(decisions: Sequence[Decision], *, is_focus: bool) -> tuple[PlaceRole, ...]:
    spots = [spot for decision in decisions for spot in decision.spots]
    held = {
        PlaceRole.DATELINE: any(spot.is_dateline for spot in spots),
        PlaceRole.MENTION: any(not spot.is_dateline for spot in spots),
        PlaceRole.FOCUS: is_focus,
        PlaceRole.INFERRED: all(spot.part is None for spot in spots),
    }
    return tuple(role for role, holds in held.items() if holds)


def _mentions(decisions: Sequence[Decision], place: GazetteerPlace, texts: Texts) -> tuple[PlaceMention, ...]:
    pairs = [(spot, decision) for decision in decisions for spot in decision.spots if spot.part is not None]
    pairs.sort(key=lambda pair: pair[0].order)
    return tuple(
        PlaceMention(
            start=spot.start,
            end=spot.end,
            text=spot.text,
            part=spot.part,
            role=PlaceRole.DATELINE if spot.is_dateline else PlaceRole.MENTION,
            confidence=_rounded(decision.confidence),
            metonymy=acts(spot, texts[spot.part], place.kind),
            recovered=spot.recovered,
        )
        for spot, decision in pairs
        if spot.part is not None
    )


def _runner_up(rival: Rival | None) -> RunnerUp | None:
    if rival is None:
        return None
    place = rival.place
    return RunnerUp(
        geoname_id=place.id,
        name=place.name,
        kind=place.kind,
        country_code=place.country,
        admin1_code=place.admin1_code,
        probability=_rounded(rival.probability),
    )


def _rounded(share: float) -> float:
    return round(min(max(share, 0.0), 1.0), 4)


def _unresolved(decisions: Sequence[Decision]) -> tuple[Unresolved, ...]:
    """Toponyms without a place, where the article names them."""
    found = ((decision, _plain(decision.spots)) for decision in decisions)
    return tuple(
        Unresolved(name=decision.spots[0].text, mentions=mentions, reason=decision.reason or "not_known")
        for decision, mentions in found
        if mentions
    )


def _plain(spots: Sequence[Spot]) -> tuple[Mention, ...]:
    return tuple(
        Mention(start=spot.start, end=spot.end, text=spot.text, part=spot.part)
        for spot in spots
        if spot.part is not None
    )


def _dateline(decisions: Sequence[Decision]) -> DatelinePlace | None:
    """The first name of the dateline; what follows it says in which state or country it lies."""
    named = [(spot, decision) for decision in decisions for spot in decision.spots if spot.is_dateline]
    if not named:
        return None
    spot, decision = min(named, key=lambda pair: pair[0].order)
    return DatelinePlace(text=spot.text, geoname_id=None if decision.place is None else decision.place.id)


def _box(places: Sequence[Place]) -> BoundingBox | None:
    """The smallest box around all points: its west side lies east of the widest gap between their longitudes."""
    if not places:
        return None
    lons = sorted({place.longitude for place in places})
    gaps = [(there - here, there) for here, there in pairwise(lons)]
    around = (lons[0] + 2 * _HALF_TURN - lons[-1], lons[0])
    west = max([around, *gaps], key=lambda gap: gap[0])[1]
    east = max(lons) if west == lons[0] else max(lon for lon in lons if lon < west)
    lats = [place.latitude for place in places]
    return BoundingBox(south=min(lats), west=west, north=max(lats), east=east)
