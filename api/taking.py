"""Answers a request with one submission, an article or a page: admission, body, receipt."""

from collections.abc import Callable

from anyio import to_thread
from fastapi import Request, Response

from api.bodies import whole
from api.intake import status_of
from api.negotiation import JSON
from api.once import Fingerprint
from api.resources import resources
from schemas import Answer, Lane, Receipt


async def taken(request: Request, lane: Lane, accept: Callable[[bytes], Receipt]) -> Response:
    """Answer a request whose body is one submission, once for each idempotency key.

    Args:
        request: The request, its body not yet read.
        lane: Where the article will wait.
        accept: Stores the submission in a body and returns its receipt; runs in a thread.
    """
    found = resources(request)
    limit = found.settings.max_body_bytes

    async def first(seen: Fingerprint) -> Response:
        await found.gate.one(request, lane)
        receipt = await to_thread.run_sync(accept, await whole(request, limit, seen))
        if receipt.answer is not Answer.EXISTING:
            found.waker.wake()
        headers = {"Location": receipt.status_url}
        return Response(receipt.model_dump_json(), status_of(receipt.answer), headers, media_type=JSON)

    async def again(seen: Fingerprint) -> None:
        await whole(request, limit, seen)

    return await found.once.answer(request, first, again)
