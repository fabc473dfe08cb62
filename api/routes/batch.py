"""Submitting: many articles as NDJSON, or as a JSON array."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response

from api import examples
from api.batches import Batch
from api.bodies import pieces, whole
from api.context import request_id, trace
from api.documentation import REF, answer, body, problems
from api.lines import MAX_ARRAY_BYTES, Line, Lines, elements
from api.negotiation import JSON, NDJSON, best_answer, body_type
from api.once import Fingerprint
from api.parameters import OnceKey
from api.problems import Refused, respond
from api.resources import Requires, Resources, resources
from schemas import Format, Item, Lane
from store import Scope

router = APIRouter(tags=["submit"])
_ARRAY = {
    "schema": {"type": "array", "items": {"$ref": REF.format(model="Submission")}, "minItems": 1},
    "example": examples.ARRAY,
}
_LINES_PER_ARTICLE = 4
"""Some put a blank line between articles; millions of them are no batch."""
_LINES = {"schema": {"type": "string"}, "example": examples.NDJSON}
_ABOUT = "One article a line, read as a stream, or an array (up to 16 MiB, held in memory). Gzip allowed."
_NONE = answer("No article was accepted; `items` says why, if there are any.", "BatchReceipt")
_PROBLEMS = problems(400, 409, 413, 415, 429)


@router.post(
    "/v1/articles:batch",
    summary="Submit many articles",
    status_code=202,
    responses={
        **_PROBLEMS,
        202: answer("All articles are safe.", "BatchReceipt"),
        207: answer("Some are safe, some were refused: see `items`.", "BatchReceipt", mixed=examples.BATCH),
        422: {**_NONE, "content": {**_NONE["content"], **_PROBLEMS[422]["content"]}},
    },
    openapi_extra=body(_ABOUT, **{NDJSON[0]: _LINES, JSON: _ARRAY, **dict.fromkeys(NDJSON[1:], _LINES)}),
    dependencies=[Depends(Requires(Scope.SUBMIT))],
)
async def submit_batch(
    request: Request,
    lane: Annotated[Lane, Query(description="`bulk` lets single submissions go first.")] = Lane.BULK,
    written_in: Annotated[
        Format, Query(alias="format", description="How each article is written; `auto` finds out line by line.")
    ] = Format.DATELINE,
    idempotency_key: OnceKey = None,  # noqa: ARG001 - read where it is honoured, and described here
) -> Response:
    """Accept many articles. `items` answers every line, in order; one bad line costs nothing but itself.

    With `format`, lines are what trafilatura, newspaper4k, news-please or feedparser give, or JSON-LD, or ninjs; fields
    that Dateline does not know are kept under `extra`.

    What was accepted before a failure stays accepted. Sending a batch again is harmless.
    """
    best_answer(request, JSON)
    found = resources(request)
    media_type = body_type(request, (*NDJSON, JSON))
    take = partial(found.intake.many, lane=lane, trace=trace(request), written_in=written_in)

    async def accept(seen: Fingerprint) -> Response:
        batch = Batch(found.settings.max_batch_items)
        lines = _array(request, found, seen) if media_type == JSON else _stream(request, found, seen, batch)
        try:
            async for chunk in batch.chunks(lines):
                await _take(request, lane, batch, chunk, take)
        except Refused as refused:
            batch.end_early(refused)
        if batch.whole_refusal:
            return respond(batch.whole_refusal, request_id(request))
        return Response(batch.receipt(), batch.status, batch.headers, media_type=JSON)

    async def read(seen: Fingerprint) -> None:
        async for _ in pieces(request, found.settings.max_batch_bytes, seen):
            pass

    return await found.once.answer(request, accept, read)


async def _take(
    request: Request, lane: Lane, batch: Batch, chunk: list[Line], take: Callable[[list[Line]], list[Item]]
) -> None:
    """Accept a chunk, or what the gate lets pass of it; after the first refusal nobody is asked again."""
    if batch.stopped:
        batch.refuse(chunk, batch.stopped)
        return
    found = resources(request)
    admitted = await found.gate.many(request, lane, len(chunk))
    passing, rest = chunk[: admitted.articles], chunk[admitted.articles :]
    if passing:
        batch.add(await to_thread.run_sync(take, passing))
        found.waker.wake()
    if admitted.refused:
        batch.refuse(rest, admitted.refused)


async def _stream(request: Request, found: Resources, seen: Fingerprint, batch: Batch) -> AsyncIterator[Line]:
    most = _LINES_PER_ARTICLE * found.settings.max_batch_items
    lines = Lines(found.settings.max_body_bytes, most)
    try:
        async for piece in pieces(request, found.settings.max_batch_bytes, seen):
            for line in lines.feed(piece):
                yield line
        for line in lines.finish():
            yield line
    except Refused:
        batch.next_number = lines.next_number
        raise


async def _array(request: Request, found: Resources, seen: Fingerprint) -> AsyncIterator[Line]:
    content = await whole(request, min(found.settings.max_batch_bytes, MAX_ARRAY_BYTES), seen)
    for line in await to_thread.run_sync(elements, content, found.settings.max_batch_items):
        yield line
