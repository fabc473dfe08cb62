"""What every request gets: ids, a log line, and an answer to errors that nothing else caught."""

import re
import time
import uuid
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Kind, Refused, respond
from schemas import Trace
from tasks.failures import frames
from tasks.tracing import Kind as SpanKind
from tasks.tracing import Tracer

_TRACED: Final = frozenset({"/v1/articles", "/v1/articles:batch", "/v1/pages"})
"""Addresses that take submissions. Only these begin spans: reading is not part of processing an article."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_SERVER_ERROR = 500
_log = structlog.get_logger(__name__)


def trace(request: Request) -> Trace:
    """The position of the request in the sender's trace, or in a new one."""
    found: Trace = request.scope["dateline.trace"]
    return found


def request_id(request: Request) -> str | None:
    """The request's own id, as in its X-Request-Id."""
    return request.scope.get("dateline.request_id")


class RequestContext:
    """ASGI middleware: gives each request its ids, logs its end, and answers uncaught errors with a problem."""

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await _Exchange(scope, send, self._tracer).run(self._app, receive)


class _Exchange:
    """One request and its response."""

    def __init__(self, scope: Scope, send: Send, tracer: Tracer) -> None:
        headers = Headers(scope=scope)
        # A header that came twice says nothing (Trace Context, 3.2.2).
        trace = Trace.read(",".join(headers.getlist("traceparent"))) or Trace.fresh()
        self._span = None
        if scope["method"] == "POST" and scope["path"] in _TRACED:
            self._span = tracer.begin(f"POST {scope['path']}", trace, SpanKind.SERVER)
            trace = self._span.trace
        named = _REQUEST_ID.fullmatch(headers.get("x-request-id", ""))
        self.trace_id = trace.trace_id
        self.request_id = named[0] if named else uuid.uuid4().hex
        self._scope = scope
        self._send = send
        self._status = 0
        scope["dateline.trace"] = trace
        scope["dateline.request_id"] = self.request_id

    async def run(self, app: ASGIApp, receive: Receive) -> None:
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(trace_id=self.trace_id, request_id=self.request_id):
            try:
                await app(self._scope, receive, self.send)
            except ClientDisconnect:
                _log.info("request.abandoned")
            except Exception as error:  # noqa: BLE001 - the last net: without it, a traceback could quote an article
                _log.error("request.failed", error=type(error).__name__, at=frames(error))
                await self._apologise(receive)
            self._log_end(started)
        self._end_span()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.request_id
            for name, value in self._scope.get("dateline.headers", {}).items():
                headers[name] = value
        await self._send(message)

    async def _apologise(self, receive: Receive) -> None:
        if not self._status:
            refused = Refused(Kind.INTERNAL, "Dateline failed to answer this; report it with the request's id.")
            await respond(refused, self.request_id)(self._scope, receive, self.send)

    def _end_span(self) -> None:
        if self._span:
            about = {
                "http.request.method": "POST",
                "http.route": self._scope["path"],
                "http.response.status_code": self._status,
                "dateline.request_id": self.request_id,
            }
            self._span.end(about, error=str(self._status) if self._status >= _SERVER_ERROR else "")

    def _log_end(self, started: float) -> None:
        log = _log.error if self._status >= _SERVER_ERROR else _log.debug
        route = self._scope.get("route")
        log(
            "request.finished",
            method=self._scope["method"],
            route=getattr(route, "path", None),
            status=self._status,
            milliseconds=round((time.perf_counter() - started) * 1000, 1),
        )
