"""Idempotency-Key: a request that is sent again with the same key gets the first answer.

Only final answers are kept. A refusal, or a batch in which a line failed for a passing reason, frees its key, so that
the repeated request is processed.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

import anyio
import structlog
from anyio import to_thread
from fastapi import Request, Response

from api.caller import caller
from api.problems import Kind, Refused
from schemas import RetryLater
from store import Hold, IdempotencyKeys, InProgress, StoredAnswer

HEADER = "Idempotency-Key"
NAME = r'^("[\x21\x23-\x7e]{1,255}"|[\x21\x23-\x7e]{1,255})$'
"""The draft's quoted string, or the bare word that most clients send."""
_PAUSE_SECONDS = 1
_log = structlog.get_logger(__name__)


class Fingerprint:
    """Digest of what makes two requests the same: address and decompressed body.

    Args:
        request: The request.
        wanted: Whether the digest will be needed.
    """

    def __init__(self, request: Request, *, wanted: bool) -> None:
        self._wanted = wanted
        self._hash = hashlib.blake2b(str(request.url.path + "?" + request.url.query).encode(), digest_size=16)

    def update(self, piece: bytes) -> None:
        """Add the next piece of the body."""
        if self._wanted:
            self._hash.update(piece)

    def digest(self) -> str:
        """The digest of what was read."""
        return self._hash.hexdigest()


Work = Callable[[Fingerprint], Awaitable[Response]]
Read = Callable[[Fingerprint], Awaitable[None]]


class Once:
    """Answers requests once for each idempotency key."""

    def __init__(self, keys: IdempotencyKeys, keep: timedelta) -> None:
        self._keys = keys
        self._keep_ms = int(keep.total_seconds() * 1000)

    async def answer(self, request: Request, work: Work, read: Read) -> Response:
        """Process the request, or repeat its first answer.

        Args:
            request: With or without the header.
            work: Reads the body and answers.
            read: Only reads the body, for the digest.

        Raises:
            Refused: The first request is still being answered, or it had another body.
        """
        name = request.headers.get(HEADER)
        fingerprint = Fingerprint(request, wanted=name is not None)
        if name is None:
            return await work(fingerprint)
        key = caller(request)
        found = await to_thread.run_sync(self._keys.begin, key.id if key else "", name.strip('"'))
        match found:
            case InProgress():
                detail = "A request with this Idempotency-Key is still being answered; repeat it a little later."
                raise Refused(Kind.IN_PROGRESS, detail, headers={"Retry-After": str(_PAUSE_SECONDS)})
            case StoredAnswer():
                await read(fingerprint)
                return _repeated(found, fingerprint)
            case Hold():
                return await self._first(found, fingerprint, work)

    async def _first(self, hold: Hold, fingerprint: Fingerprint, work: Work) -> Response:
        answer: StoredAnswer | None = None
        try:
            response = await work(fingerprint)
            if response.status_code < Kind.BAD_REQUEST.status and "Retry-After" not in response.headers:
                answer = _stored(response, fingerprint)
            return response
        finally:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(self._settle, hold, answer)

    def _settle(self, hold: Hold, answer: StoredAnswer | None) -> None:
        try:
            if answer:
                self._keys.keep(hold, answer, self._keep_ms)
            else:
                self._keys.release(hold)
        except RetryLater as error:
            # The articles are safe; a repeat finds the key held for two minutes, and then is done again, harmlessly.
            _log.warning("answer.not_kept", error=type(error).__name__)


def _stored(response: Response, fingerprint: Fingerprint) -> StoredAnswer:
    headers = {name: response.headers[name] for name in ("content-type", "location") if name in response.headers}
    body = bytes(response.body).decode()
    return StoredAnswer(request_digest=fingerprint.digest(), status=response.status_code, headers=headers, body=body)


def _repeated(answer: StoredAnswer, fingerprint: Fingerprint) -> Response:
    if answer.request_digest != fingerprint.digest():
        detail = "This Idempotency-Key came before with another body or address; use a new key for a new request."
        raise Refused(Kind.KEY_REUSED, detail)
    return Response(answer.body, answer.status, {**answer.headers, "Idempotency-Replayed": "true"})
