"""Reading: one article, or pages of articles."""

import hashlib
import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

from api import examples, representation
from api.documentation import answer, mapped, paged, problems
from api.fields import include
from api.negotiation import NDJSON
from api.parameters import PLAIN
from api.problems import Kind, Refused
from api.resources import Requires, resources
from schemas import Article, ArticlePage, FieldError, Outcome, normal_source
from store import NamedEntity, Near, Scope
from store import Query as ArticleQuery

router = APIRouter(tags=["read"], dependencies=[Depends(Requires(Scope.READ))])
_RADIUS_KM = 50.0
_ID = re.compile(r"[a-z2-7]{26}")
_NUMBER = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")
_ETAG = {"ETag": {"description": "For If-None-Match.", "schema": {"type": "string"}}}
_FOUND = mapped(
    answer(
        "Its status while it is pending, its whole result once it has an outcome.",
        "Article",
        done=examples.RESULT,
        pending=examples.STATUS,
    )
)
_PAGE = paged(
    answer(
        "Newest acceptance first.",
        "ArticlePage",
        page={"items": [examples.RESULT], "next_cursor": "MTc5NDQ3MjIwMTAwMA"},
    )
)


def _not_a_number(value: Any) -> Any:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        raise PydanticCustomError("datetime_parsing", "is not a time")
    return value


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_DEGREES_NORTH = r"-?(?:(?:[0-8]?[0-9])(?:\.[0-9]{1,12})?|90(?:\.0{1,12})?)"
_DEGREES_EAST = r"-?(?:(?:1[0-7][0-9]|[0-9]{1,2})(?:\.[0-9]{1,12})?|180(?:\.0{1,12})?)"
Point = Annotated[str, StringConstraints(pattern=f"^{_DEGREES_NORTH},{_DEGREES_EAST}$")]
"""Latitude and longitude in degrees, joined with a comma: `50.45,30.52`."""
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}$", to_upper=True)]
Admin1Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}\.[A-Za-z0-9]{1,20}$", to_upper=True)]
Fields = Annotated[
    str | None,
    Query(
        max_length=2_000,
        description="Only these, separated by commas, dots inside; `id` and `revision` always come.",
        examples=["clean.title,geotags.focus"],
    ),
]
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
    revision: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="The latest one, unless given."), PLAIN
    ] = None,
    fields: Fields = None,
) -> Response:
    """Read an article's status or result."""
    wanted = include(fields)
    media_type = representation.chosen(request, wanted)
    article: Article | None = None
    if _ID.fullmatch(article_id):
        article = await to_thread.run_sync(resources(request).store.results.get, article_id, revision)
    if article is None:
        raise Refused(Kind.NOT_FOUND, "There is no such article or revision, or its retention is over; check the id.")
    body = representation.of_article(article, media_type, wanted)
    etag = _etag(body)
    if _known(request, etag):
        return Response(status_code=304, headers={"ETag": etag, "Vary": "Accept"})
    return Response(body, headers={"ETag": etag, "Vary": "Accept"}, media_type=media_type)


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
    near: Annotated[
        Point | None,
        Query(description="Near this point: latitude,longitude.", examples=["50.45,30.52"]),
    ] = None,
    radius_km: Annotated[
        float | None, Query(gt=0, le=1_000, description=f"How near; {_RADIUS_KM:.0f} unless given. Needs `near`.")
    ] = None,
    place: Annotated[
        int | None, Query(ge=-(2**31), le=2**31 - 1, description="This very place, by id.", examples=[703448])
    ] = None,
    country: Annotated[CountryCode | None, Query(description="A place in this country.", examples=["UA"])] = None,
    admin1: Annotated[Admin1Code | None, Query(description="A place in this division.", examples=["US.MI"])] = None,
    entity: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=255,
            description="With this entity: a name, `ORG:` and a name, or an id.",
            examples=["ORG:NATO"],
        ),
    ] = None,
    story: Annotated[
        str | None, Query(max_length=60, description="Of this story; see `GET /v1/stories`.", examples=["a" * 26])
    ] = None,
    originals: Annotated[bool, Query(description="Without copies of other articles.")] = False,  # noqa: FBT002 - a query parameter
    fields: Fields = None,
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200), PLAIN] = 50,
) -> Response:
    """List articles, newest acceptance first; all conditions have to hold. `next_cursor` is null on the last page.

    Conditions on places hold for articles that name such a place with a confidence of .5 or more. A country or another
    large place has no point that something could be near. `entity` and `originals` look into the articles that fulfil
    the other conditions, 2,000 in one call; several conditions on source, outcome and places, and `outcome=pending`,
    look at 10,000: a page may then hold fewer than `limit`, or none, and a next one still follow. There is no full-text
    search here; `dateline sink postgres` keeps an archive that has one.
    """
    wanted = include(fields)
    media_type = representation.chosen(request, wanted, NDJSON[0])
    host = normal_source(source) if source else None
    circle, named = _circle(near, radius_km), NamedEntity.parse(entity) if entity else None
    query = ArticleQuery(outcome, host, since, until, circle, place, country, admin1, named, story, originals)
    found = await to_thread.run_sync(resources(request).store.listing.page, query, cursor, limit)
    page = ArticlePage(items=found.items, next_cursor=found.next_cursor)
    headers = {"Vary": "Accept"} | _link(request, page.next_cursor)
    return Response(representation.of_page(page, media_type, wanted), media_type=media_type, headers=headers)


def _link(request: Request, cursor: str | None) -> dict[str, str]:
    if cursor is None:
        return {}
    following = request.url.include_query_params(cursor=cursor)
    return {"Link": f'<{following.path}?{following.query}>; rel="next"'}


def _circle(near: str | None, radius_km: float | None) -> Near | None:
    if near is None:
        if radius_km is not None:
            error = FieldError(parameter="radius_km", code="needs_near", message="needs near=LATITUDE,LONGITUDE")
            raise Refused(Kind.INVALID, "A radius needs a point; add near=LATITUDE,LONGITUDE.", errors=[error])
        return None
    latitude, longitude = map(float, near.split(","))
    return Near(latitude, longitude, radius_km or _RADIUS_KM)
