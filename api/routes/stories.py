"""Stories: articles of several outlets about one event."""

import re
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api import examples
from api.documentation import answer, problems
from api.negotiation import JSON, best_answer
from api.problems import Kind, Refused
from api.resources import Requires, resources
from api.routes.read import CountryCode
from schemas import StoryDetail, StoryPage
from store import Scope, StoryOrder, StoryQuery

MODELS = (StoryPage, StoryDetail)
router = APIRouter(tags=["read"], dependencies=[Depends(Requires(Scope.READ))])
_ID = re.compile(r"[a-z2-7]{26}")
_STORY = answer("With its articles, oldest first.", "StoryDetail", story=examples.STORY)
_PAGE = answer(
    "Those that grew last, or the largest ones, first.",
    "StoryPage",
    page={"items": [{k: v for k, v in examples.STORY.items() if k != "articles"}], "next_cursor": None},
)


@router.get("/v1/stories/{story_id}", summary="Read a story", responses={200: _STORY, **problems(404)})
async def read_story(
    request: Request,
    story_id: Annotated[str, Path(description="`duplicates.story_id` of a result.", examples=[examples.RECEIPT["id"]])],
) -> Response:
    """Read a story. The id of a story that merged into another one leads to that one."""
    best_answer(request, JSON)
    story = None
    if _ID.fullmatch(story_id):
        story = await to_thread.run_sync(resources(request).store.stories.get, story_id)
    if story is None:
        raise Refused(Kind.NOT_FOUND, "There is no such story of two articles or more, or it is over; check the id.")
    return Response(story.model_dump_json(), media_type=JSON)


@router.get("/v1/stories", summary="List stories", responses={200: _PAGE, **problems()})
async def list_stories(  # noqa: PLR0913, PLR0917 - each is a query parameter
    request: Request,
    order: Annotated[StoryOrder, Query(description="Those that grew last first, or the largest.")] = StoryOrder.NEWEST,
    place: Annotated[
        int | None, Query(ge=-(2**31), le=2**31 - 1, description="With this place, by id.", examples=[703448])
    ] = None,
    country: Annotated[CountryCode | None, Query(description="With a place in this country.", examples=["UA"])] = None,
    entity: Annotated[
        str | None, Query(min_length=1, max_length=255, description="With this person, organisation or event, by name.")
    ] = None,
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """List stories of two articles or more; all conditions have to hold.

    A story that grows while you page moves to the front. Conditions look at the thousand stories of a place, a
    country or an entity that grew last.
    """
    best_answer(request, JSON)
    query = StoryQuery(order, place, country, entity)
    page = await to_thread.run_sync(resources(request).store.stories.page, query, cursor, limit)
    return Response(page.model_dump_json(), media_type=JSON)
