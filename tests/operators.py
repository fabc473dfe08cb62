"""Operators of a Dateline, for tests of what they do at the command line."""

from collections.abc import Callable

import httpx
from conftest import article
from ledger_steps import claim, failure
from structlog.testing import capture_logs
from unit.api.application import serving

from cli.api_client import ApiClient
from cli.connection import ApiAddress
from schemas import FeedSummary, Ref
from store import Scope, Store

Printed = Callable[[], str]


def operating(store: Store, scope: Scope = Scope.OPERATE) -> ApiClient:
    """A client of an API of the test's own."""

    def forward(request: httpx.Request) -> httpx.Response:
        with capture_logs(), serving(store) as api:
            answer = api.request(
                request.method, str(request.url.raw_path, "ascii"), headers=request.headers, content=request.content
            )
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    token, _ = store.access.create("operator", frozenset({scope}))
    return ApiClient(ApiAddress("http://api.test", token), httpx.MockTransport(forward))


def in_quarantine(store: Store, number: int) -> Ref:
    store.ledger.accept([article(number)])
    taken = claim(store)
    store.ledger.quarantine(taken.refs[0], taken.token, failure("Boom"), FeedSummary())
    return taken.refs[0]
