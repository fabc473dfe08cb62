import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from conftest import ROOT, article
from contents import clean, entity, publish, relation, riga
from fastapi.testclient import TestClient
from geojson_pydantic import Point
from unit.api.application import serving

from schemas import Result
from store import Store

NINJS = {"Accept": "application/ninjs+json"}
LINES = {"Accept": "application/x-ndjson"}
ENTITIES = {
    "entities": [
        entity("PERSON", "Ada Lune"),
        entity("ORG", "Coast Wire"),
        entity("EVENT", "Tide Summit"),
        entity("WORK", "Sea Atlas"),
        entity("NORP", "Latvian", 0.25),
    ]
}


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with serving(store) as found:
        yield found


def whole(store: Store, number: int = 1) -> str:
    return publish(
        store,
        number,
        clean=clean(authors=["Ada Lune", "Per Falk"], published_at="2026-11-12T08:15:00+02:00"),
        entities=ENTITIES,
        geotag={"places": [riga(roles=["focus"]), riga(geoname_id=-7, name="Old Bridge", kind="site")]},
        dedupe=relation("near"),
    ).article_id


def validate(document: Any) -> None:
    schema = json.loads((ROOT / "tests/data/ninjs-3.1.schema.json").read_text())
    jsonschema.validate(document, schema, jsonschema.Draft202012Validator)
    for place in document.get("places", ()):
        Point.model_validate(place["geoJSON"])


def test_fields_are_chosen(client: TestClient, store: Store) -> None:
    name = whole(store)
    answer = client.get(
        f"/v1/articles/{name}?fields=clean.title,entities.entities.name,geotags.places.geoname_id,source"
    )
    assert answer.json() == {
        "id": name,
        "revision": 1,
        "source": "news.example",
        "clean": {"title": "Bridge reopens"},
        "entities": {"entities": [{"name": each["name"]} for each in ENTITIES["entities"]]},
        "geotags": {"places": [{"geoname_id": 456172}, {"geoname_id": -7}]},
    }


def test_fields_are_chosen_of_pages_and_of_what_is_pending(client: TestClient, store: Store) -> None:
    name = whole(store)
    store.ledger.accept([article(2)])
    items = client.get("/v1/articles?fields=outcome,state,clean.title").json()["items"]
    pending = article(2).id
    assert {item["id"]: item for item in items} == {
        name: {"id": name, "revision": 1, "outcome": "done", "clean": {"title": "Bridge reopens"}},
        pending: {"id": pending, "revision": 1, "state": "waiting"},
    }


@pytest.mark.parametrize("fields", ["titel", "clean.titel", "source.name", "clean..title", ",".join(["id"] * 51)])
def test_misspelt_fields_are_refused(client: TestClient, store: Store, fields: str) -> None:
    answer = client.get("/v1/articles", params={"fields": fields})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "fields"


def test_other_forms_have_fields_of_their_own(client: TestClient, store: Store) -> None:
    for accept in ("application/geo+json", "application/ninjs+json"):
        assert client.get("/v1/articles?fields=id", headers={"Accept": accept}).status_code == 422


def test_a_page_may_be_lines_and_names_the_next_one(client: TestClient, store: Store) -> None:
    names = {whole(store, number) for number in range(5)}
    answer = client.get("/v1/articles?limit=3&outcome=done", headers=LINES)
    lines = [Result.model_validate_json(line) for line in answer.text.splitlines()]
    rest = client.get(answer.links["next"]["url"], headers=LINES)
    lines += [Result.model_validate_json(line) for line in rest.text.splitlines()]
    assert len(lines) == 5
    assert {line.id for line in lines} == names
    assert "Link" not in rest.headers


def test_a_result_may_be_ninjs(client: TestClient, store: Store) -> None:
    name = whole(store)
    document = client.get(f"/v1/articles/{name}", headers=NINJS).json()
    validate(document)
    assert document["uri"] == f"urn:dateline:article:{name}"
    assert document["headlines"][0]["value"] == "Bridge reopens"
    assert document["bodies"][0]["value"] == "Riga has its bridge back."
    assert (document["by"], document["pubStatus"], document["version"]) == ("Ada Lune, Per Falk", "usable", "1")
    assert document["contentCreated"] == "2026-11-12T08:15:00+02:00"
    assert [place.get("uri") for place in document["places"]] == ["https://sws.geonames.org/456172/", None]
    assert [place["rel"] for place in document["places"]] == ["about", "mentions"]
    kinds = ("people", "organisations", "events", "objects", "subjects")
    assert [document[kind][0]["name"] for kind in kinds] == [each["name"] for each in ENTITIES["entities"]]
    assert document["subjects"][0]["relevance"] == 25
    assert document["associations"][0]["uri"] == f"urn:dateline:article:{'a' * 26}"


def test_a_page_of_ninjs_holds_what_cannot_be_used_as_well(client: TestClient, store: Store) -> None:
    whole(store)
    store.withdrawals.withdraw(publish(store, 2, clean=clean()))
    publish(store, 3)
    store.ledger.accept([article(4)])
    documents = client.get("/v1/articles", headers=NINJS).json()
    for document in documents:
        validate(document)
    assert sorted(document["pubStatus"] for document in documents) == ["canceled", "usable", "usable", "withheld"]
    withdrawn = next(document for document in documents if document["pubStatus"] == "canceled")
    assert "bodies" not in withdrawn


def test_filters_by_entity_and_story(client: TestClient, store: Store) -> None:
    name = whole(store)
    publish(store, 2)
    assert [item["id"] for item in client.get("/v1/articles?entity=ORG:coast wire").json()["items"]] == [name]
    store.client.zadd("dl:sty:m:s1", {f"{name}:1": 5})
    assert [item["id"] for item in client.get("/v1/articles?story=s1").json()["items"]] == [name]
    assert client.get("/v1/articles?entity=").status_code == 422
