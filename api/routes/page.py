"""Submitting: one page as the bytes that were fetched."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from api import examples
from api.context import trace
from api.documentation import answer, body, problems
from api.negotiation import HTML, JSON, best_answer, page_type
from api.parameters import OnceKey
from api.resources import Requires, resources
from api.taking import taken
from schemas import Lane
from store import Scope

router = APIRouter(tags=["submit"])
_ABOUT = (
    "The page, byte for byte as it was fetched, in any charset. What `Content-Type` or the page itself declares is "
    "evidence; where the bytes say otherwise, they are believed, and a warning tells. Gzip allowed."
)
_PAGE = {"schema": {"type": "string", "format": "binary"}, "example": examples.PAGE}
_ACCEPTED = answer("The page is safe; it will be processed.", "Receipt", accepted=examples.RECEIPT)
_EXISTING = answer("The same page is there already; nothing new is done.", "Receipt", existing=examples.EXISTING)


@router.post(
    "/v1/pages",
    summary="Submit a page as it was fetched",
    status_code=202,
    responses={202: _ACCEPTED, 200: _EXISTING, **problems(400, 409, 413, 415, 429)},
    openapi_extra=body(_ABOUT, **dict.fromkeys(HTML, _PAGE)),
    dependencies=[Depends(Requires(Scope.SUBMIT))],
)
async def submit_page(  # noqa: PLR0913, PLR0917 - each is a field of the submission
    request: Request,
    url: Annotated[str | None, Query(description="Where the page was fetched from.")] = None,
    external_id: Annotated[str | None, Query(description="Your own id.")] = None,
    title: Annotated[str | None, Query(description="The headline, if you know it.")] = None,
    language: Annotated[str | None, Query(description="BCP 47 tag.")] = None,
    published_at: Annotated[str | None, Query(description="ISO 8601, RFC 2822 or Unix seconds.")] = None,
    fetched_at: Annotated[str | None, Query(description="Likewise.")] = None,
    source_name: Annotated[str | None, Query(description="Name of the outlet.")] = None,
    lane: Annotated[Lane, Query(description="`live` goes before `bulk`.")] = Lane.LIVE,
    idempotency_key: OnceKey = None,  # noqa: ARG001 - read where it is honoured, and described here
) -> Response:
    """Accept one page. It becomes the `html` of a submission, decoded; everything after that is as with JSON."""
    best_answer(request, JSON)
    charset = page_type(request)
    known: dict[str, Any] = {
        "url": url,
        "external_id": external_id,
        "title": title,
        "language": language,
        "published_at": published_at,
        "fetched_at": fetched_at,
        "source_name": source_name,
    }
    intake = resources(request).intake
    return await taken(
        request, lane, partial(intake.page, charset=charset, known=known, lane=lane, trace=trace(request))
    )
