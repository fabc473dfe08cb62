"""Reading back: one article, or pages of them."""

import hashlib
import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from api import examples
from api.documentation import answer, problems
from api.negotiation import JSON, best_answer
from api.problems import Kind, Refused
from api.resources import Requires, resources
from schemas import Article, ArticlePage, Outcome
from store import Query as ArticleQuery
from store import Scope

router = APIRouter(tags=["read"], dependencies=[Depends(Requires(Scope.READ))])
_ID = re.compile(r"[a-z2-7]{26}")
_NUMBER = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")
_ETAG = {"ETag": {"description": "For If-None-Match.", "schema": {"type": "string"}}}
_FOUND = answer(
    "Its status while it is pending, its whole result once it has an outcome.",
    "Article",
    done=examples.RESULT,
    pending=examples.STATUS,
)
_PAGE = answer(
    "Newest acceptance first.", "ArticlePage", page={"items": [examples.RESULT], "next_cursor": "MTc5NDQ3MjIwMTAwMA"}
)


def _not_a_number(value: Any) -> Any:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        raise PydanticCustomError("datetime_parsing", "is not a time")
    return value


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, BeforeValidator(_not_a_number), AfterValidator(_in_utc)]
"""ISO 8601. A bare number could be seconds, milliseconds or a year."""


def _etag(body: bytes) -> str:
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def _known(request: Request, etag: str) -> bool:
    """Whether the reader has this representation already."""
    tags = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    return etag in tags or "*" in tags


@router.get(
    "/v1/articles/{article_id}",
    summary="Read an article",
    responses={
        200: {**_FOUND, "headers": _FOUND["headers"] | _ETAG},
        304: {"description": "It is what If-None-Match says."},
        **problems(404),
    },
)
async def read_article(
    request: Request,
    article_id: Annotated[str, Path(description="As in the receipt.", examples=[examples.RECEIPT["id"]])],
    revision: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="The latest one, unless given.")] = None,
) -> Response:
    """Read an article's status or result."""
    best_answer(request, JSON)
    article: Article | None = None
    if _ID.fullmatch(article_id):
        article = await to_thread.run_sync(resources(request).store.results.get, article_id, revision)
    if article is None:
        raise Refused(Kind.NOT_FOUND, "There is no such article or revision, or its retention is over; check the id.")
    body = article.model_dump_json().encode()
    etag = _etag(body)
    if _known(request, etag):
        return Response(status_code=304, headers={"ETag": etag})
    return Response(body, headers={"ETag": etag}, media_type=JSON)


@router.get(
    "/v1/articles",
    summary="List articles",
    responses={200: _PAGE, **problems()},
)
async def list_articles(  # noqa: PLR0913, PLR0917 - each is a query parameter
    request: Request,
    outcome: Annotated[Outcome | Literal["pending"] | None, Query(description="Only these.")] = None,
    source: Annotated[str | None, Query(max_length=255, description="Only of this host.")] = None,
    since: Annotated[Moment | None, Query(description="Accepted then or later; UTC unless it says otherwise.")] = None,
    until: Annotated[Moment | None, Query(description="Accepted before then.")] = None,
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """List articles, newest acceptance first. `next_cursor` is null on the last page."""
    best_answer(request, JSON)
    host = source.strip().lower().removeprefix("www.") if source else None
    query = ArticleQuery(outcome=outcome, source=host, since=since, until=until)
    page = await to_thread.run_sync(resources(request).store.listing.page, query, cursor, limit)
    return Response(ArticlePage(items=page.items, next_cursor=page.next_cursor).model_dump_json(), media_type=JSON)
