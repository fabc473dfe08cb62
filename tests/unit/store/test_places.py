from typing import Any

import pytest
from conftest import article
from ledger_steps import LEASE_MS, claim, record

from schemas import FeedSummary, Geotags, Outcome, Place, PlaceKind, PlaceMention, Precision, Ref, StageName
from store import STAGES, Advance, Found, Near, Query, Store, place_lines

RIGA = {"geoname_id": 456172, "name": "Riga", "latitude": 56.946, "longitude": 24.1059, "country_code": "LV"}
JURMALA = {"geoname_id": 459279, "name": "Jūrmala", "latitude": 56.968, "longitude": 23.7704, "country_code": "LV"}
SALEM = {"geoname_id": 5750162, "name": "Salem", "latitude": 44.9429, "longitude": -123.0351, "country_code": "US"}
LATVIA = {"geoname_id": 458258, "name": "Latvia", "latitude": 57.0, "longitude": 25.0, "country_code": "LV"}
NEAR_RIGA = Near(56.95, 24.1, 50)


def place(kind: PlaceKind = PlaceKind.CITY, confidence: float = 0.9, **fields: Any) -> Place:
    mention = PlaceMention(start=0, end=4, text="Name", confidence=confidence)
    return Place(kind=kind, confidence=confidence, mentions=(mention,), **fields)


def publish(store: Store, number: int, *places: Place, outcome: Outcome = Outcome.DONE, **fields: Any) -> Ref:
    """An article with an outcome that names these places; a later one has a higher number."""
    store.scripts.clock_ms = 1_000_000 + number
    store.ledger.accept([article(number, **fields)])
    taken = claim(store)
    work(store, taken.refs[0], taken.token, Geotags(places=places), outcome)
    return taken.refs[0]


def work(store: Store, ref: Ref, token: str, geotags: Geotags, outcome: Outcome = Outcome.DONE) -> None:
    for stage in STAGES:
        found = Found(place_lines(geotags)) if stage is StageName.GEOTAG else None
        entry = FeedSummary(title="t") if stage is STAGES[-1] else None
        store.ledger.advance([Advance(ref, record(stage), None, outcome, entry, found)], token, LEASE_MS)


def listed(store: Store, limit: int = 50, **query: Any) -> list[str]:
    """Ids of all pages, in order."""
    found: list[str] = []
    cursor = None
    while True:
        page = store.listing.page(Query(**query), cursor, limit)
        assert len(page.items) <= limit
        found += [item.id for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


def test_articles_are_found_by_place_country_division_and_point(any_store: Store) -> None:
    riga = publish(any_store, 1, place(**RIGA, admin1_code="LV.25"), place(PlaceKind.COUNTRY, **LATVIA)).article_id
    salem = publish(any_store, 2, place(**SALEM, admin1_code="US.OR")).article_id
    publish(any_store, 3)
    assert listed(any_store, place=456172) == [riga]
    assert listed(any_store, country="LV") == [riga]
    assert listed(any_store, country="US") == [salem]
    assert listed(any_store, admin1="US.OR") == [salem]
    assert listed(any_store, near=NEAR_RIGA) == [riga]
    assert listed(any_store, near=Near(0, 0, 1000)) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_near_a_point_hold_each_article_once_newest_first(any_store: Store, limit: int) -> None:
    refs = [
        publish(any_store, n, *([place(**RIGA)] * (n % 3 > 0)), *([place(**JURMALA)] * (n % 3 < 2))) for n in range(30)
    ]
    expected = [ref.article_id for ref in reversed(refs)]
    assert listed(any_store, limit, near=NEAR_RIGA) == expected
    assert listed(any_store, limit, country="LV") == expected


def test_pages_near_a_point_stay_stable_while_others_are_written(any_store: Store) -> None:
    refs = [publish(any_store, n, place(**RIGA)).article_id for n in range(4)]
    first = any_store.listing.page(Query(near=NEAR_RIGA), None, 2)
    publish(any_store, 9, place(**JURMALA))
    second = any_store.listing.page(Query(near=NEAR_RIGA), first.next_cursor, 2)
    assert [item.id for item in (*first.items, *second.items)] == refs[::-1]


def test_conditions_on_places_hold_together_with_all_others(any_store: Store) -> None:
    both = publish(any_store, 1, place(**RIGA), place(**SALEM)).article_id
    publish(any_store, 2, place(**RIGA), outcome=Outcome.PARTIAL)
    other = publish(any_store, 3, place(**RIGA), url="https://other.example/3").article_id
    assert listed(any_store, country="LV", place=5750162) == [both]
    assert listed(any_store, near=NEAR_RIGA, country="US") == [both]
    assert listed(any_store, near=NEAR_RIGA, source="other.example") == [other]
    assert len(listed(any_store, near=NEAR_RIGA, outcome=Outcome.DONE)) == 2
    assert listed(any_store, place=456172, outcome=Outcome.PARTIAL, source="other.example") == []


def test_a_large_place_has_no_point_that_an_article_could_be_near_to(any_store: Store) -> None:
    publish(any_store, 1, place(PlaceKind.COUNTRY, precision=Precision.AREA, **LATVIA))
    assert listed(any_store, near=Near(57.0, 25.0, 100)) == []
    assert len(listed(any_store, country="LV")) == 1


def test_a_place_that_is_more_likely_wrong_than_right_lists_nothing(any_store: Store) -> None:
    publish(any_store, 1, place(confidence=0.49, **RIGA))
    even = publish(any_store, 2, place(confidence=0.5, **RIGA))
    assert listed(any_store, place=456172) == [even.article_id]


def test_an_article_on_its_way_is_not_listed_under_its_places(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    found = Found(place_lines(Geotags(places=(place(**RIGA),))))
    for stage in STAGES[:3]:
        advance = Advance(taken.refs[0], record(stage), None, found=found if stage is StageName.GEOTAG else None)
        any_store.ledger.advance([advance], taken.token, LEASE_MS)
    assert listed(any_store, place=456172) == []


def test_a_forgotten_article_leaves_no_trace_in_the_lists(any_store: Store) -> None:
    publish(any_store, 1, place(**RIGA, admin1_code="LV.25"))
    publish(any_store, 2, place(**SALEM))
    any_store.ledger.forget(results_before_ms=1_000_002, bodies_before_ms=0)
    assert listed(any_store, country="LV") == []
    assert any_store.client.keys("*index:place:456172*") == []
    assert any_store.client.keys("*LV*") == []
    assert any_store.client.zrange(any_store.keys.points, 0, -1) == [b"5750162"]


def test_names_with_the_separators_of_the_lists_cannot_break_them() -> None:
    lines = place_lines(Geotags(places=(place(**{**RIGA, "name": "a|b\nc"}),)))
    assert lines == "456172|LV||24.1059|56.9460\n"
