"""Who may do what: access keys, looked up in the store once in some seconds and not once a request."""

import hashlib
import time
from collections.abc import Callable

from anyio import to_thread

from api.problems import Kind, Refused
from store import AccessKey, AccessKeys, Scope

REMEMBER_SECONDS = 5.0
"""How long a revoked key may still work, and a new first key may not yet be demanded."""
_REMEMBERED = 4_096
"""Tokens remembered, wrong ones included, so that guessing costs neither memory nor round trips."""


class Keyring:
    """Decides whether a request may pass.

    Without any key, everything is open where the server listens on loopback only, and nothing is elsewhere.
    """

    def __init__(self, keys: AccessKeys, *, local: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._keys = keys
        self._local = local
        self._clock = clock
        self._known: dict[bytes, tuple[float, AccessKey | None]] = {}
        self._open = (float("-inf"), False)

    async def check(self, authorization: str | None, scope: Scope) -> AccessKey | None:
        """Let a request pass.

        Args:
            authorization: The request's Authorization header.
            scope: What it wants to do.

        Returns:
            Whose request it is; ``None`` where everything is open.

        Raises:
            Refused: It may not.
        """
        if authorization is None:
            if self._local and await self._is_open():
                return None
            raise _unauthenticated('Bearer realm="dateline"', "Send an access key as Authorization: Bearer dl_….")
        kind, _, token = authorization.partition(" ")
        key = await self._find(token.strip()) if kind.lower() == "bearer" else None
        if key is None and not (self._local and await self._is_open()):
            challenge = 'Bearer realm="dateline", error="invalid_token"'
            raise _unauthenticated(challenge, "The access key is not known here; ask the operator for one.")
        if key is not None and scope not in key.scopes:
            raise _forbidden(scope)
        return key

    async def _is_open(self) -> bool:
        until, is_open = self._open
        if self._clock() >= until:
            is_open = not await to_thread.run_sync(self._keys.any)
            self._open = (self._clock() + REMEMBER_SECONDS, is_open)
        return is_open

    async def _find(self, token: str) -> AccessKey | None:
        digest = hashlib.sha256(token.encode()).digest()
        until, key = self._known.get(digest, (float("-inf"), None))
        if self._clock() >= until:
            key = await to_thread.run_sync(self._keys.find, token)
            self._remember(digest, key)
        return key

    def _remember(self, digest: bytes, key: AccessKey | None) -> None:
        self._known.pop(digest, None)
        if len(self._known) >= _REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[digest] = (self._clock() + REMEMBER_SECONDS, key)


def _unauthenticated(challenge: str, detail: str) -> Refused:
    return Refused(Kind.UNAUTHENTICATED, detail, headers={"WWW-Authenticate": challenge})


def _forbidden(scope: Scope) -> Refused:
    challenge = f'Bearer realm="dateline", error="insufficient_scope", scope="{scope}"'
    detail = f"This needs a key with the scope {scope}; ask the operator for one."
    return Refused(Kind.FORBIDDEN, detail, headers={"WWW-Authenticate": challenge})
