"""Turns exceptions, ours and FastAPI's, into problems."""

from typing import Any, Final

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.context import request_id
from api.problems import Kind, Refused, respond, store_refusal, unknown_cursor
from api.routes import ROUTERS
from api.validation import message_for, one_choice
from schemas import FieldError, RetryLater
from store import BadCursor

_log = structlog.get_logger(__name__)
_RESUMED: Final = "last-event-id"
_CURSORS: Final = ("cursor", "after", "before")
"""What routes call their cursors."""
_DETAILS = {
    404: "There is no such address; see /docs for those that exist.",
    405: "Use one of the methods in Allow.",
}


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return respond(error, request_id(request))


async def _store_failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RetryLater)
    _log.warning("store.refused", error=type(error).__name__, why=str(error))
    return respond(store_refusal(error), request_id(request))


async def _bad_cursor(request: Request, error: Exception) -> Response:
    assert isinstance(error, BadCursor)
    return respond(unknown_cursor(error, parameter=_place_of_cursor(request)), request_id(request))


def _place_of_cursor(request: Request) -> str:
    """Where a request has its cursor, if not in an order: in a header, or in a parameter of the route."""
    if request.headers.get(_RESUMED):
        return _RESUMED
    known = {parameter.alias for parameter in request.scope["route"].dependant.query_params}
    return next(name for name in _CURSORS if name in known)


async def _bad_parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    by_name: dict[str, list[Any]] = {}
    for fault in error.errors():
        by_name.setdefault(str(fault["loc"][1]), []).append(fault)
    faults = [
        FieldError(parameter=name, code=fault["type"], message=_told(request, name, fault))
        for name, found in by_name.items()
        for fault in one_choice(found)
    ]
    detail = "A parameter of the request is not valid; see errors for the ones to correct."
    return respond(Refused(Kind.INVALID, detail, errors=faults), request_id(request))


def _told(request: Request, name: object, fault: Any) -> str:
    """What is wrong with a parameter; where its form is, with what the description gives as an example."""
    message = message_for(fault)
    if fault["type"] != "string_pattern_mismatch":
        return message
    known = request.scope["route"].dependant
    examples = (
        parameter.field_info.examples
        for parameter in (*known.query_params, *known.header_params)
        if parameter.alias == name
    )
    example = next((found[0] for found in examples if found), None)
    return f"{message}, as in {example}" if example else message


def _allowed(request: Request) -> str:
    """Every method of this address: the framework names those of the first route that it finds."""
    routes = [route for router in ROUTERS for route in router.routes]
    found = [getattr(route, "methods", ()) for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return ", ".join(sorted({method for methods in found for method in methods}))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = Kind.of_status(error.status_code)
    detail = _DETAILS.get(error.status_code, f"{kind.title}; see /docs for what is possible here.")
    headers = dict(error.headers or {})
    if kind is Kind.METHOD_NOT_ALLOWED:
        headers["Allow"] = _allowed(request) or headers["Allow"]
    return respond(Refused(kind, detail, headers=headers), request_id(request))


def install(app: FastAPI) -> None:
    """Answer every foreseen exception with its problem. `RequestContext` catches the others."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RetryLater, _store_failed)
    app.add_exception_handler(BadCursor, _bad_cursor)
    app.add_exception_handler(RequestValidationError, _bad_parameters)
    app.add_exception_handler(HTTPException, _http)
