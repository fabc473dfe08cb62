"""Metrics of this process and of the whole installation, for Prometheus."""

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from prometheus_client.core import Metric as Family

from api.documentation import problems
from api.negotiation import best_answer
from api.resources import Requires, Resources, resources
from schemas import Lane, RetryLater
from store import Scope
from workers.metrics import CONTENT_TYPE
from workers.metrics.whole import absent, whole

router = APIRouter(tags=["health"], dependencies=[Depends(Requires(Scope.METRICS))])
_TEXT = "text/plain"
_EXAMPLE = "# HELP dateline_articles_accepted_total Articles and revisions that the ledger accepted.\n"
_ANSWER = {
    "description": "In Prometheus' text format.",
    "content": {_TEXT: {"schema": {"type": "string"}, "example": _EXAMPLE}},
}


@router.get("/metrics", summary="Metrics", response_class=Response, responses={200: _ANSWER, **problems()})
async def read_metrics(request: Request) -> Response:
    """Tell Prometheus how this process and the whole installation are. Scope `metrics`.

    While the store does not answer, `dateline_store_up` is 0 and nothing else is told of it.
    """
    best_answer(request, _TEXT)
    found = resources(request)
    text = await to_thread.run_sync(found.instruments.text, await _whole(found))
    return Response(text, media_type=CONTENT_TYPE)


async def _whole(found: Resources) -> list[Family]:
    try:
        look = await found.overview.look()
    except RetryLater:
        return absent()
    limits = {Lane.LIVE: found.settings.max_waiting_live, Lane.BULK: found.settings.max_waiting_bulk}
    return whole(look, limits)
