"""The audit log at the operate API: a call is written down before it acts, and once more when it is answered.

A call that is refused before it could act (another key, a wrong form, no such address) is written down with its answer.
Only whoever has no valid key leaves nothing there: the API does not know who it is.
"""

from anyio import to_thread
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from api.caller import caller, is_remembered
from api.context import request_id
from api.keyring import Keyring
from api.problems import Refused
from api.resources import resources
from schemas import RetryLater
from store import AccessKey, Actor, AuditLog

_ENTRY = "dateline.audit_entry"
_RESULT = "dateline.audit_result"
_FAILED = 500
_REFUSED = 400
_WATCHED = "/v1/operate/"
_NOTHING_DONE = "refused; nothing was done"


def _action(request: Request) -> str:
    return f"{request.method} {request.url.path}"


def _actor(key: AccessKey | None) -> Actor:
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
        log.begin, _actor(caller(request)), _action(request), subject, request_id(request) or ""
    )


def did(request: Request, result: str) -> None:
    """Say what was done, for the entry's end."""
    request.scope[_RESULT] = result


class AuditTrail:
    """ASGI middleware: ends the entry of a call just before its answer goes out; makes it where it was refused."""

    def __init__(self, app: ASGIApp, log: AuditLog, keyring: Keyring) -> None:
        self._app = app
        self._log = log
        self._keyring = keyring

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
        if scope["type"] != "http" or not scope["path"].startswith(_WATCHED):
            return
        try:
            entry, result = scope.pop(_ENTRY, None), scope.get(_RESULT, "")
            if not entry and status >= _REFUSED:
                entry, result = await self._begin_refused(Request(scope)), _NOTHING_DONE
            if entry:
                await to_thread.run_sync(self._log.end, entry, str(status), result)
        except RetryLater:
            return  # an entry without an end says that the call was made, and that nobody knows how it ended

    async def _begin_refused(self, request: Request) -> str | None:
        """An entry for a call that was refused before it was written down; none where its sender is not known."""
        try:
            key = caller(request) if is_remembered(request) else await self._identify(request)
        except Refused:
            return None
        return await to_thread.run_sync(self._log.begin, _actor(key), _action(request), "", request_id(request) or "")

    async def _identify(self, request: Request) -> AccessKey | None:
        return await self._keyring.identify(request.headers.get("authorization"))
