"""What an article is about: shares of its evidence for countries, first-order divisions and cities."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from schemas import Focus, FocusArea, Part, PlaceKind
from tasks.geotag._decision import Decision
from tasks.geotag._gazetteer import Gazetteer, GazetteerPlace
from tasks.geotag._hints import Hint
from tasks.geotag._toponyms import Role

TITLE_WEIGHT: Final = 3.0
"""A headline names what the story is about (opinion; no corpus here has focus labels with titles)."""
LEAD_WEIGHT: Final = 1.5
LEAD_CHARS: Final = 600
"""About the first three sentences of a news story."""
FIRST_WEIGHT: Final = 3.0
FIRST_CHARS: Final = 200
"""About the first sentence, in which news say where: it weighs like a headline where cities are told apart."""
DEMONYM_WEIGHT: Final = 0.8
"""`Ukrainian officials` says less of where than `in Ukraine`."""
SMALLEST_SHARE: Final = 0.1
MOST_AREAS: Final = 5

_DIVIDED = (PlaceKind.ADMIN1, PlaceKind.ADMIN2, PlaceKind.CITY, PlaceKind.SITE)


def focus_of(decisions: Sequence[Decision], gazetteer: Gazetteer, hints: Sequence[Hint] = ()) -> Focus:
    """Best first, of equals the one that is named first.

    Beside the best one, an area with less than a tenth of the evidence of its kind is left out.
    A sheriff and a telephone number count like a mention each: many an article names no place that is known. A city in
    the article's address counts there as in a headline (`_filed`).
    """
    countries: dict[int, float] = defaultdict(float)
    regions: dict[int, float] = defaultdict(float)
    cities: dict[int, float] = defaultdict(float)
    for decision in decisions:
        place = decision.place
        if place is None:
            continue
        weight = _weight(decision)
        _add(place, weight, countries, regions, gazetteer)
        if place.kind is PlaceKind.CITY:
            cities[place.id] += _weight(decision, first=FIRST_WEIGHT) + _filed(decision, place, gazetteer)
    for hint in hints:
        _add(hint.place, hint.mentions, countries, regions, gazetteer)
    return Focus(
        countries=_areas(countries, gazetteer), regions=_areas(regions, gazetteer), cities=_areas(cities, gazetteer)
    )


def _add(
    place: GazetteerPlace,
    weight: float,
    countries: dict[int, float],
    regions: dict[int, float],
    gazetteer: Gazetteer,
) -> None:
    """Count a place for its country and division."""
    country = gazetteer.area(place.country) if place.country else None
    division = gazetteer.area(place.admin1_code) if place.admin1_code and place.kind in _DIVIDED else None
    if country is not None:
        countries[country.id] += weight
    if division is not None:
        regions[division.id] += weight


def _weight(decision: Decision, first: float = LEAD_WEIGHT) -> float:
    """How much a group of mentions says, its confidence included; `first` is what each in the first sentence does."""
    total = 0.0
    for spot in decision.spots:
        if spot.part is Part.TITLE:
            total += TITLE_WEIGHT
        elif spot.part is None or spot.start < FIRST_CHARS:
            total += first
        else:
            total += LEAD_WEIGHT if spot.start < LEAD_CHARS else 1.0
    return total * decision.confidence * (DEMONYM_WEIGHT if decision.role is Role.DEMONYM else 1.0)


def _filed(decision: Decision, place: GazetteerPlace, gazetteer: Gazetteer) -> float:
    """What the article's address says for a city: as much as a headline, unless it may speak of the city's division.

    ``/estados/veracruz/`` is the state, most of which lies outside the city of that name; ``/berlin/`` is both.
    """
    if not decision.in_address:
        return 0.0
    division = gazetteer.area(place.admin1_code) if place.admin1_code else None
    if division is not None and division.population > 2 * place.population:
        bearers = (candidate.place.id for spot in decision.spots for candidate in gazetteer.lookup(spot.key))
        if division.id in bearers:
            return 0.0
    return TITLE_WEIGHT * decision.confidence


def _areas(weights: Mapping[int, float], gazetteer: Gazetteer) -> tuple[FocusArea, ...]:
    total = sum(weights.values())
    ranked = sorted(weights.items(), key=lambda item: -item[1])[:MOST_AREAS]
    shares = [(place_id, weight / total) for place_id, weight in ranked]
    kept = shares[:1] + [(place_id, share) for place_id, share in shares[1:] if share >= SMALLEST_SHARE]
    found = ((gazetteer.place(place_id), share) for place_id, share in kept)
    return tuple(_area(place, share) for place, share in found if place is not None)


def _area(place: GazetteerPlace, share: float) -> FocusArea:
    return FocusArea(
        geoname_id=place.id,
        name=place.name,
        kind=place.kind,
        country_code=place.country,
        score=round(min(share, 1.0), 4),
    )
