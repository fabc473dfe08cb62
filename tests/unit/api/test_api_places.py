"""Asking for articles by place, and for places as GeoJSON."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from geojson_pydantic import FeatureCollection
from unit.api.application import body, finish, serving
from unit.store.test_places import JURMALA, LATVIA, RIGA, place, publish

from api import examples
from schemas import BoundingBox, FeedSummary, Geotags, PlaceKind, StageName, StageRecord, StageStatus
from store import STAGES, Advance, Store

GEOJSON = {"Accept": "application/geo+json"}
AT = "2026-01-01T00:00:00Z"


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with serving(store) as found:
        yield found


def ids(client: TestClient, **params: Any) -> list[str]:
    response = client.get("/v1/articles", params=params)
    assert response.status_code == 200, response.text
    return [item["id"] for item in response.json()["items"]]


def test_articles_are_listed_by_place_country_division_and_point(client: TestClient, store: Store) -> None:
    riga = publish(store, 1, place(**RIGA, admin1_code="LV.25")).article_id
    jurmala = publish(store, 2, place(**JURMALA)).article_id
    publish(store, 3)
    assert ids(client, near="56.95,24.1") == [jurmala, riga]
    assert ids(client, near="56.95,24.1", radius_km=5) == [riga]
    assert ids(client, place=456172) == [riga]
    assert ids(client, country="lv") == [jurmala, riga]
    assert ids(client, admin1="LV.25") == [riga]
    assert ids(client, country="LV", place=459279) == [jurmala]


def test_the_next_page_goes_on_where_the_last_one_ended(client: TestClient, store: Store) -> None:
    refs = [publish(store, number, place(**RIGA)).article_id for number in range(5)]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get("/v1/articles", params={"near": "56.95,24.1", "limit": 2, **cursor}).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == refs[::-1]


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"near": "Riga"}, "near"),
        ({"near": "91,0"}, "near"),
        ({"near": "0,181"}, "near"),
        ({"near": "1,2,3"}, "near"),
        ({"near": "nan,0"}, "near"),
        ({"near": "1,2", "radius_km": 0}, "radius_km"),
        ({"near": "1,2", "radius_km": 5000}, "radius_km"),
        ({"radius_km": 5}, "radius_km"),
        ({"country": "Latvia"}, "country"),
        ({"admin1": "MI"}, "admin1"),
        ({"place": "Riga"}, "place"),
        ({"place": 2**40}, "place"),
    ],
)
def test_a_condition_that_cannot_be_read_is_a_422_of_its_parameter(
    client: TestClient, params: dict[str, Any], parameter: str
) -> None:
    response = client.get("/v1/articles", params=params)
    assert response.status_code == 422
    assert [error["parameter"] for error in response.json()["errors"]] == [parameter]


def with_places(store: Store, status: StageStatus = StageStatus.DONE, geotags: Geotags | None = None) -> None:
    """Give the waiting article an outcome whose geotag stage ended so."""
    claim = store.ledger.claim(limit=1, max_bytes=10**9, lease_ms=60_000, bulk_share=0.1)
    for stage in STAGES:
        ended = status if stage is StageName.GEOTAG else StageStatus.DONE
        record = StageRecord(stage=stage, status=ended, version=1, attempts=1, milliseconds=1, finished_at=AT)
        output = geotags.model_dump_json() if geotags and stage is StageName.GEOTAG else None
        entry = FeedSummary() if stage is STAGES[-1] else None
        store.ledger.advance([Advance(claim.refs[0], record, output, entry=entry)], claim.token, 60_000)


def test_the_places_of_an_article_are_sent_as_geojson(client: TestClient, store: Store) -> None:
    article_id = client.post("/v1/articles", json=body(1)).json()["id"]
    box = BoundingBox(south=56.9, west=23.7, north=57.0, east=24.2)
    places = (place(**RIGA), place(**JURMALA), place(PlaceKind.COUNTRY, **LATVIA))
    with_places(store, geotags=Geotags(places=places, bounding_box=box))
    response = client.get(f"/v1/articles/{article_id}", headers=GEOJSON)
    assert response.headers["Content-Type"] == "application/geo+json"
    assert response.headers["Vary"] == "Accept"
    content = response.json()
    found = FeatureCollection.model_validate(content)
    assert found.bbox == (23.7, 56.9, 24.2, 57.0)
    assert [feature["properties"]["name"] for feature in content["features"]] == ["Riga", "Jūrmala", "Latvia"]
    assert content["features"][0]["geometry"]["coordinates"] == [24.1059, 56.946]
    assert (content["article_id"], content["geotag"]) == (article_id, "done")


def test_json_and_geojson_have_tags_of_their_own(client: TestClient, store: Store) -> None:
    article_id = client.post("/v1/articles", json=body(1)).json()["id"]
    with_places(store, geotags=Geotags(places=(place(**RIGA),)))
    tags = [client.get(f"/v1/articles/{article_id}", headers=accept).headers["ETag"] for accept in ({}, GEOJSON)]
    assert len(set(tags)) == 2
    again = client.get(f"/v1/articles/{article_id}", headers={**GEOJSON, "If-None-Match": tags[1]})
    assert again.status_code == 304


@pytest.mark.parametrize("status", [StageStatus.DONE, StageStatus.SKIPPED, StageStatus.UNAVAILABLE])
def test_no_places_and_no_answer_are_told_apart(client: TestClient, store: Store, status: StageStatus) -> None:
    article_id = client.post("/v1/articles", json=body(1)).json()["id"]
    pending = client.get(f"/v1/articles/{article_id}", headers=GEOJSON).json()
    assert (pending["features"], pending["geotag"]) == ([], "pending")
    with_places(store, status, Geotags() if status is StageStatus.DONE else None)
    content = client.get(f"/v1/articles/{article_id}", headers=GEOJSON).json()
    assert FeatureCollection.model_validate(content).features == []
    assert content["geotag"] == status.value


def test_a_page_is_sent_as_one_collection(client: TestClient, store: Store) -> None:
    client.post("/v1/articles", json=body(1))
    with_places(store, geotags=Geotags(places=(place(**RIGA),)))
    client.post("/v1/articles", json=body(2))
    content = client.get("/v1/articles", headers=GEOJSON).json()
    assert len(FeatureCollection.model_validate(content).features) == 1
    assert sorted(one["geotag"] for one in content["articles"]) == ["done", "pending"]
    assert content["next_cursor"] is None


def test_the_example_in_the_documentation_is_valid() -> None:
    FeatureCollection.model_validate(examples.GEOJSON)


def test_finish_gives_an_article_without_places(client: TestClient, store: Store) -> None:
    article_id = client.post("/v1/articles", json=body(1)).json()["id"]
    finish(store)
    assert client.get(f"/v1/articles/{article_id}", headers=GEOJSON).json()["geotag"] == "skipped"


@pytest.mark.parametrize(
    ("name", "value", "example"),
    [("near", "Riga", "50.45,30.52"), ("country", "Latvia", "UA"), ("admin1", "x", "US.MI")],
)
def test_a_filter_in_a_wrong_form_is_answered_with_an_example(
    client: TestClient, name: str, value: str, example: str
) -> None:
    response = client.get("/v1/articles", params={name: value})
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["parameter"] == name
    assert error["message"].endswith(f", as in {example}")
