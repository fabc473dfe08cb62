"""Counts requests by route and status, and measures the time until their answers begin."""

import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workers.metrics import Instruments

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER: Final = "other"
"""Replaces routes and methods that do not exist: a label must have few values."""


class Metering:
    """ASGI middleware, the outermost one."""

    def __init__(self, app: ASGIApp, instruments: Instruments) -> None:
        self._app = app
        self._instruments = instruments
        self._in_flight = instruments.gauge("dateline_http_in_flight")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, begun = time.perf_counter(), list[tuple[int, float]]()

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append((message["status"], time.perf_counter() - started))
            await send(message)

        self._in_flight.inc()
        try:
            await self._app(scope, receive, noting)
        finally:
            self._in_flight.dec()
            self._count(scope, begun)

    def _count(self, scope: Scope, begun: list[tuple[int, float]]) -> None:
        """Count a request that was answered; clients that left before are not counted."""
        route = getattr(scope.get("route"), "path", _OTHER)
        method = scope["method"] if scope["method"] in _METHODS else _OTHER
        for status, seconds in begun:
            self._instruments.counter("dateline_http_requests_total", method, route, str(status)).inc()
            self._instruments.histogram("dateline_http_response_seconds", route).observe(seconds)
