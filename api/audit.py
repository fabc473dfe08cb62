"""The audit log at the operate API: a call is written down before it acts, and once more when it is answered."""

from anyio import to_thread
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from api.caller import caller
from api.context import request_id
from api.problems import Refused
from api.resources import Requires, resources
from schemas import RetryLater
from store import Actor, AuditLog, Scope

_ENTRY = "dateline.audit_entry"
_RESULT = "dateline.audit_result"
_FAILED = 500


def _action(request: Request) -> str:
    return f"{request.method} {request.url.path}"


def _actor(request: Request) -> Actor:
    key = caller(request)
    return Actor(key.id, key.name) if key else Actor()


async def asked(request: Request, subject: str = "") -> None:
    """Write down that somebody asks for something. What cannot be written down is not done.

    Args:
        request: Whose answer ends the entry.
        subject: Parameters and ids.

    Raises:
        StoreUnavailable: It cannot be written.
        StoreFull: Likewise.
    """
    log = resources(request).store.audit
    request.scope[_ENTRY] = await to_thread.run_sync(
        log.begin, _actor(request), _action(request), subject, request_id(request) or ""
    )


def did(request: Request, result: str) -> None:
    """Say what was done, for the entry's end."""
    request.scope[_RESULT] = result


class RequiresOperator(Requires):
    """Lets only keys with the scope `operate` pass, and writes down who tried with another one."""

    def __init__(self) -> None:
        super().__init__(Scope.OPERATE)

    async def __call__(self, request: Request) -> None:  # type: ignore[override]  # as `Requires`
        """Check the request.

        Raises:
            Refused: It may not pass.
        """
        try:
            await super().__call__(request)
        except Refused:
            if caller(request):
                await asked(request)
            raise


class AuditTrail:
    """ASGI middleware: ends the entry of a call just before its answer goes out."""

    def __init__(self, app: ASGIApp, log: AuditLog) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Serve one connection."""

        async def ending(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._end(scope, message["status"])
            await send(message)

        try:
            await self._app(scope, receive, ending)
        except Exception:
            await self._end(scope, _FAILED)
            raise

    async def _end(self, scope: AsgiScope, status: int) -> None:
        entry = scope.pop(_ENTRY, None)
        if not entry:
            return
        try:
            await to_thread.run_sync(self._log.end, entry, str(status), scope.get(_RESULT, ""))
        except RetryLater:
            return  # the entry says that the call was made, and that nobody knows how it ended
