import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator
from unit.api.application import CountingWakeups, body, finish, serving, settings

from api import create_app, examples, schema_export
from store import Store

FOLDER = Path(__file__).parents[3] / "docs" / "results"


@pytest.fixture
def app(store: Store) -> FastAPI:
    return create_app(settings(), store, CountingWakeups())


def published(name: str) -> Draft202012Validator:
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


def test_the_published_schemas_are_those_of_the_models() -> None:
    files = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")}
    assert files == schema_export.documents(), "run: python -m api.schema_export"


def test_the_schemas_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    assert schema_export.main(tmp_path / "new") == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == set(schema_export.documents())


@pytest.mark.parametrize("name", sorted(schema_export.documents()))
def test_each_published_schema_is_a_valid_one(name: str) -> None:
    Draft202012Validator.check_schema(json.loads(schema_export.documents()[name]))


@pytest.mark.parametrize(
    ("name", "example"),
    [
        ("submission", examples.SUBMISSION),
        ("submission", examples.ARRAY[1]),
        ("receipt", examples.RECEIPT),
        ("receipt", examples.EXISTING),
        ("batch-receipt", examples.BATCH),
        ("problem", examples.PROBLEM),
        ("status", examples.STATUS),
        ("result", examples.RESULT),
        ("feed-entry", examples.ENTRY),
        ("pipeline", examples.PIPELINE),
    ],
)
def test_each_example_is_valid(name: str, example: Any) -> None:
    published(name).validate(example)


def test_what_the_server_sends_is_valid(store: Store) -> None:
    with serving(store) as client:
        receipt = client.post("/v1/articles", json=body(published_at="soon")).json()
        published("receipt").validate(receipt)
        published("status").validate(client.get(receipt["status_url"]).json())
        finish(store)
        published("result").validate(client.get(receipt["status_url"]).json())
        published("feed-entry").validate(client.get("/v1/feed").json()["items"][0])
        published("problem").validate(client.post("/v1/articles", json={}).json())
        published("pipeline").validate(client.get("/v1/pipeline").json())
        published("batch-receipt").validate(client.post("/v1/articles:batch", json=[body(), 1]).json())


def test_the_openapi_document_is_valid(app: FastAPI) -> None:
    OpenAPIV31SpecValidator(app.openapi()).validate()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {o["operationId"]: o for path in document["paths"].values() for o in path.values()}


def test_every_operation_is_described(app: FastAPI) -> None:
    for operation in operations(app.openapi()).values():
        assert operation["summary"]
        assert operation["description"]
        assert operation["tags"]


def test_every_error_is_a_problem(app: FastAPI) -> None:
    for operation in operations(app.openapi()).values():
        for status, response in operation["responses"].items():
            if status >= "4":
                assert "application/problem+json" in response["content"]


def test_every_body_and_every_success_has_an_example(app: FastAPI) -> None:
    for operation in operations(app.openapi()).values():
        contents = [operation.get("requestBody", {}).get("content", {})]
        contents += [r.get("content", {}) for s, r in operation["responses"].items() if s < "3"]
        for content in contents:
            for media in content.values():
                assert media.get("example") or media.get("examples") or media["schema"].get("$ref", "")


def examples_of(media: dict[str, Any]) -> list[Any]:
    named = [example["value"] for example in media.get("examples", {}).values()]
    return [*named, media["example"]] if "example" in media else named


def test_every_example_of_a_body_is_valid(app: FastAPI) -> None:
    document = app.openapi()
    checked = 0
    for name, operation in operations(document).items():
        answers = [r.get("content", {}) for r in operation["responses"].values()]
        for content in (operation.get("requestBody", {}).get("content", {}), *answers):
            for media_type, media in content.items():
                # A schema's references lead to the components of the document.
                schema = media.get("schema", {}) | {"components": document["components"]}
                for example in examples_of(media):
                    found = [error.message for error in Draft202012Validator(schema).iter_errors(example)]
                    assert not found, f"{name} {media_type}: {found}"
                    checked += 1
    assert checked > 30


def test_routes_that_need_a_key_say_so(app: FastAPI) -> None:
    secured = {name for name, operation in operations(app.openapi()).items() if operation.get("security")}
    submit_and_read = {"submit_article", "submit_page", "submit_batch", "list_articles", "read_article", "read_feed"}
    submit_and_read |= {"read_pipeline", "read_metrics"}
    stories = {"list_stories", "read_story"}
    quarantine = {"list_quarantine", "show_quarantined", "retry_quarantined", "drop_quarantined"}
    webhooks = {f"{verb}_webhook" for verb in ("create", "show", "delete", "disable", "enable", "replay")}
    webhooks |= {"list_webhooks", "rotate_secret"}
    assert secured == submit_and_read | stories | quarantine | webhooks | {"reprocess", "read_audit"}


def test_the_document_is_made_once(app: FastAPI) -> None:
    assert app.openapi() is app.openapi()
