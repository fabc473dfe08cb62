"""The feed: every outcome once, in one order, as pages or as server-sent events."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from starlette.responses import StreamingResponse

from api import examples
from api.documentation import answer, problems, stream
from api.follower import Wanted, events, when_there
from api.negotiation import CLOUDEVENTS, EVENTS, JSON, NDJSON, best_answer
from api.parameters import PLAIN
from api.resources import Requires, Resources, resources
from schemas import FeedEntry, FeedPage, Outcome, cloud_events, event_source
from store import START, Feed, Scope

router = APIRouter(tags=["read"], dependencies=[Depends(Requires(Scope.READ))])
_LATEST = "latest"
_AFTER = r"^([0-9]{1,15}-[0-9]{1,10}|latest)?$"
_FILTERED_READ = 500
"""Entries read at a time when some are left out."""
_FILTERED_READS = 10
"""Reads for one answer at most, so that a rare outcome in a long feed costs several short requests and no long one."""
_LONGEST_WAIT_S = 60
"""Proxies give up on an answer after a minute or so."""
_ANSWER = stream(answer("Oldest first.", "FeedPage", page=examples.FEED))
_STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Proxies are told to pass events on at once."""


def filtered(feed: Feed, after: str, limit: int, wanted: Wanted) -> FeedPage:
    """A page of the entries that are wanted; `more` is true if there may be others after it."""
    kept: list[FeedEntry] = []
    for _ in range(_FILTERED_READS):
        page = feed.page(after, _FILTERED_READ)
        for read, entry in enumerate(page.items, start=1):
            after = entry.cursor
            if wanted(entry):
                kept.append(entry)
            if len(kept) == limit:
                return FeedPage(items=tuple(kept), next_cursor=after, more=page.more or read < len(page.items))
        if not page.more:
            break
    return FeedPage(items=tuple(kept), next_cursor=after, more=page.more)


def _start(feed: Feed, after: str) -> str:
    """The cursor that a request's `after` means."""
    return feed.newest() if after == _LATEST else after or START


def _page(feed: Feed, after: str, limit: int, wanted: Wanted) -> FeedPage:
    cursor = _start(feed, after)
    return filtered(feed, cursor, limit, wanted) if wanted.is_filter else feed.page(cursor, limit)


def _written(page: FeedPage, media_type: str, found: Resources) -> str:
    if media_type == NDJSON[0]:
        return "".join(entry.model_dump_json() + "\n" for entry in page.items)
    if media_type == CLOUDEVENTS:
        source, base = event_source(found.store.keys.prefix), found.settings.public_url.rstrip("/")
        events_ = (event for entry in page.items for event in cloud_events(entry, source, base))
        return f"[{','.join(event.model_dump_json() for event in events_)}]"
    return page.model_dump_json()


@router.get(
    "/v1/feed",
    summary="Follow the outcomes",
    responses={200: _ANSWER, **problems()},
)
async def read_feed(  # noqa: PLR0913, PLR0917 - each is a parameter
    request: Request,
    after: Annotated[
        str,
        Query(
            pattern=_AFTER,
            description="A cursor: entries after it. `latest`: only what comes from now on.",
            examples=["1795744231814-2"],
        ),
    ] = START,
    limit: Annotated[int, Query(ge=1, le=1_000, description="For pages only."), PLAIN] = 100,
    outcome: Annotated[list[Outcome] | None, Query(max_length=10, description="Only these; may be repeated.")] = None,
    originals: Annotated[bool, Query(description="Without copies of other articles.")] = False,  # noqa: FBT002 - a query parameter
    wait: Annotated[
        float, Query(ge=0, le=_LONGEST_WAIT_S, description="For pages: seconds to wait while there is nothing new.")
    ] = 0,
    last_event_id: Annotated[
        str, Header(pattern=_AFTER, description="Sent by a reconnecting EventSource; goes before `after`.")
    ] = "",
) -> Response:
    """Read outcomes, oldest first, from a cursor on.

    With `Accept: text/event-stream` the answer is an endless stream of events named `outcome`, whose ids are cursors:
    a reader that comes back with `Last-Event-ID` misses nothing and gets nothing twice.

    With `application/x-ndjson` a page has one entry a line, with `application/cloudevents-batch+json` it is an array of
    CloudEvents. Both name the next page in `Link` (`rel="next"`), as a page in JSON does too.
    """
    found = resources(request)
    feed, wanted = found.store.feed, Wanted(frozenset(outcome or ()), originals=originals)
    media_type = best_answer(request, JSON, EVENTS, NDJSON[0], CLOUDEVENTS)
    if media_type != EVENTS:
        page = await when_there(found.follower, lambda cursor: _page(feed, cursor, limit, wanted), after, wait)
        link = request.url.include_query_params(after=page.next_cursor)
        headers = {"Link": f'<{link.path}?{link.query}>; rel="next"', "Vary": "Accept"}
        return Response(_written(page, media_type, found), media_type=media_type, headers=headers)
    start = await to_thread.run_sync(_start, feed, last_event_id or after)
    # Read once before the answer begins, so that a missing store still gets its problem.
    await to_thread.run_sync(feed.page, start, 1)
    return StreamingResponse(events(feed, found.follower, start, wanted), headers=_STREAM_HEADERS, media_type=EVENTS)
