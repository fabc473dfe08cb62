"""Submitting: one article as JSON."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api import examples
from api.context import trace
from api.documentation import REF, answer, body, problems
from api.negotiation import JSON, best_answer, body_type
from api.parameters import OnceKey
from api.resources import Requires, resources
from api.taking import taken
from schemas import Lane
from store import Scope

router = APIRouter(tags=["submit"])
_LOCATION = {"Location": {"description": "Where its status and result are.", "schema": {"type": "string"}}}
_ACCEPTED = answer("The article is safe; it will be processed.", "Receipt", accepted=examples.RECEIPT)
_EXISTING = answer("The same submission is there already; nothing new is done.", "Receipt", existing=examples.EXISTING)
_SCHEMA = {"schema": {"$ref": REF.format(model="Submission")}, "examples": {"article": {"value": examples.SUBMISSION}}}
_ABOUT = (
    "One article. `text` or `html` is needed; metadata that cannot be read is dropped with a warning. Gzip allowed."
)


@router.post(
    "/v1/articles",
    summary="Submit an article",
    status_code=202,
    responses={
        202: _ACCEPTED | {"headers": _ACCEPTED["headers"] | _LOCATION},
        200: _EXISTING | {"headers": _EXISTING["headers"] | _LOCATION},
        **problems(400, 409, 413, 415, 429),
    },
    openapi_extra=body(_ABOUT, **{JSON: _SCHEMA}),
    dependencies=[Depends(Requires(Scope.SUBMIT))],
)
async def submit_article(
    request: Request,
    lane: Annotated[Lane, Query(description="`live` goes before `bulk`.")] = Lane.LIVE,
    idempotency_key: OnceKey = None,  # noqa: ARG001 - read where it is honoured, and described here
) -> Response:
    """Accept one article. The answer comes when it is safe, not when it is processed.

    The same submission again is answered with what is there; the same identity with new content is a new revision.
    """
    best_answer(request, JSON)
    body_type(request, (JSON,))
    one = resources(request).intake.one
    return await taken(request, lane, partial(one, lane=lane, trace=trace(request)))
