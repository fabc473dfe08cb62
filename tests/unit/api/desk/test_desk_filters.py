"""The desk's filters are the parameters of `GET /v1/articles`, and its fields are fields of a result."""

import re

import pytest
from fastapi.testclient import TestClient
from unit.api.application import serving

from api.desk.files import read_files
from store import Store

NOT_FILTERS = {"fields", "cursor", "limit"}


def module(name: str) -> str:
    return read_files()[f"js/{name}"].body.decode()


@pytest.fixture
def described(store: Store) -> set[str]:
    with serving(store) as client:
        parameters = client.get("/openapi.json").json()["paths"]["/v1/articles"]["get"]["parameters"]
    return {one["name"] for one in parameters if one["in"] == "query"}


def test_every_filter_of_the_api_is_one_of_the_desk_and_none_else(described: set[str]) -> None:
    listed = re.search(r"FILTERS = Object\.freeze\(\[(.*?)\]", module("address.js"), re.DOTALL)
    assert listed
    assert set(re.findall(r'"(\w+)"', listed[1])) == described - NOT_FILTERS


def test_the_list_asks_for_fields_that_exist(store: Store) -> None:
    text = module("listing.js").partition("const FIELDS = [")[2].partition("]")[0]
    fields = re.findall(r'"([\w.]+)"', text)
    assert "clean.title" in fields
    with serving(store) as client:
        assert ask(client, fields) == 200
        assert ask(client, [*fields, "clean.nothing"]) == 422


def ask(client: TestClient, fields: list[str]) -> int:
    return client.get("/v1/articles", params={"fields": ",".join(fields)}).status_code
