"""The parts of the OpenAPI document that routes have in common."""

import json
from collections.abc import Sequence
from typing import Any, Literal

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api import examples
from api.geojson import GEOJSON
from api.negotiation import CLOUDEVENTS, EVENTS, JSON, NDJSON
from api.ninjs import NINJS
from api.problems import MEDIA_TYPE, Kind
from schemas import Problem, Submission

Responses = dict[int | str, dict[str, Any]]
REF = "#/components/schemas/{model}"
_PROBLEM = {"schema": {"$ref": REF.format(model="Problem")}}
_COMMON = (401, 403, 405, 406, 422, 500, 503)
_HEADERS = {
    "X-Request-Id": {
        "description": "The request's own id: yours, if you sent one, else a new one.",
        "schema": {"type": "string"},
    }
}
_ARTICLE = {
    "title": "Article",
    "description": "A status while it is pending, a result once it has an outcome.",
    "anyOf": [{"$ref": REF.format(model="Status")}, {"$ref": REF.format(model="Result")}],
}
_CHOSEN = {
    "title": "Chosen",
    "description": "What `fields` chose of an article.",
    "type": "object",
    "required": ["id", "revision"],
}
_CHOSEN_PAGE = {
    "title": "ChosenPage",
    "type": "object",
    "required": ["items", "next_cursor"],
    "properties": {"items": {"type": "array", "items": {"$ref": REF.format(model="Chosen")}}},
}
_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
_QUOTA = {
    "RateLimit-Policy": {"description": "The quota: articles in a window of seconds.", "schema": {"type": "string"}},
    "RateLimit": {"description": "What is left of it, and seconds until it is whole.", "schema": {"type": "string"}},
}
_NEXT = {"Link": {"description": "Where to go on, as `rel=next`; of pages only.", "schema": {"type": "string"}}}
_CHALLENGE = {"WWW-Authenticate": {"description": "What is missing.", "schema": {"type": "string"}}}


def problems(*statuses: int) -> Responses:
    """The error responses of a route: those that every route has, and these."""
    return {status: _problem(status) for status in sorted({*_COMMON, *statuses})}


def _problem(status: int) -> dict[str, Any]:
    special = {401: _CHALLENGE, 403: _CHALLENGE, 409: _RETRY, 429: _RETRY | _QUOTA, 503: _RETRY}.get(status, {})
    title = Kind.of_status(status).title if status != Kind.BAD_REQUEST.status else "The body could not be read"
    return {"description": f"{title}.", "headers": _HEADERS | special, "content": {MEDIA_TYPE: _PROBLEM}}


def answer(description: str, model: str, **shown: Any) -> dict[str, Any]:
    """A JSON response of one of our models, with named examples."""
    named = {name: {"value": value} for name, value in shown.items()}
    content = {"schema": {"$ref": REF.format(model=model)}, "examples": named}
    return {"description": description, "headers": _HEADERS, "content": {JSON: content}}


def stream(response: dict[str, Any]) -> dict[str, Any]:
    """The same response, which is also sent as server-sent events, as lines and as CloudEvents."""
    events = {"schema": {"type": "string"}, "example": examples.STREAM}
    lines = {"schema": {"type": "string"}, "example": examples.FEED_LINES}
    batch = {
        "schema": {"type": "array", "items": {"$ref": REF.format(model="CloudEvent")}},
        "example": [examples.EVENT],
    }
    more = {EVENTS: events, NDJSON[0]: lines, CLOUDEVENTS: batch}
    return {**response, "headers": response["headers"] | _NEXT, "content": {**response["content"], **more}}


def mapped(response: dict[str, Any]) -> dict[str, Any]:
    """The same response, also sent as ninjs, and its places as GeoJSON."""
    shape = {"type": "object", "required": ["type", "features"]}
    geojson = {"schema": shape, "example": examples.GEOJSON}
    one = {"schema": {"type": "object", "required": ["uri"]}, "example": examples.NINJS}
    content = response["content"] | {JSON: _with_choice(response["content"][JSON], "Chosen")}
    return {**response, "content": {**content, GEOJSON: geojson, NINJS: one}}


def _with_choice(media: dict[str, Any], model: str) -> dict[str, Any]:
    """The same media type, which may also hold what `fields` chose."""
    return media | {"schema": {"anyOf": [media["schema"], {"$ref": REF.format(model=model)}]}}


def paged(response: dict[str, Any]) -> dict[str, Any]:
    """The same response, of many articles: `mapped`, and also as lines."""
    lines = {"schema": {"type": "string"}, "example": json.dumps(examples.RESULT) + "\n"}
    many = {"schema": {"type": "array", "items": {"type": "object"}}, "example": [examples.NINJS]}
    whole = _with_choice(response["content"][JSON], "ChosenPage")
    content = mapped(response)["content"] | {JSON: whole, NDJSON[0]: lines, NINJS: many}
    return {**response, "headers": response["headers"] | _NEXT, "content": content}


def body(description: str, **content: Any) -> dict[str, Any]:
    """The `openapi_extra` of a route that reads its body itself."""
    return {"requestBody": {"required": True, "description": description, "content": content}}


def _schemas(models: Sequence[type[BaseModel]]) -> dict[str, Any]:
    """The schemas that routes only refer to: what is submitted as it is validated, the rest as it is sent."""
    every: list[tuple[type[BaseModel], Literal["validation", "serialization"]]]
    every = [(Submission, "validation"), (Problem, "serialization")]
    every += [(model, "serialization") for model in models]
    _, definitions = models_json_schema(every, ref_template=REF)
    return {**definitions["$defs"], "Article": _ARTICLE, "Chosen": _CHOSEN, "ChosenPage": _CHOSEN_PAGE}


def _with_nulls(app: FastAPI, document: dict[str, Any]) -> None:
    """Put back the examples of answers as they were written: FastAPI takes every null out of them."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute) or not route.include_in_schema:
            continue
        for method in route.methods or ():
            told = document["paths"][route.path_format][method.lower()]["responses"]
            for status, response in route.responses.items():
                for media_type, media in response.get("content", {}).items():
                    own = {name: media[name] for name in ("example", "examples") if name in media}
                    told[str(status)]["content"][media_type] |= own


def install(app: FastAPI, *models: type[BaseModel]) -> None:
    """Let the application's document hold these models. It is made when somebody first asks for it."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            _with_nulls(app, document)
            components = document.setdefault("components", {})
            found = components.get("schemas", {}) | _schemas(models)
            unused = {"HTTPValidationError", "ValidationError"}
            components["schemas"] = {name: found[name] for name in sorted(found.keys() - unused)}
        return generate()

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's documentation shows
