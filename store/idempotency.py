"""Idempotency keys (draft-ietf-httpapi-idempotency-key-header-07): the first answer, kept for repeats."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import redis

from schemas.base import Model
from store._scripts import Scripts
from store.codec import pack, unpack
from store.errors import translated
from store.keys import Keys

_PENDING = b"pending:"
_LOCK_MS = 120_000
"""How long a request that died keeps its key: longer than the largest batch takes. A repeat that comes later than that
runs beside the first one, which is harmless, because accepting is idempotent by itself."""


class StoredAnswer(Model):
    """An answer, and the digest of the request that it was given to."""

    request_digest: str
    status: int
    headers: dict[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Hold:
    """The claim on a key by the first request with it: whoever holds it must `keep` an answer or `release` it."""

    place: str
    mark: bytes


class InProgress:
    """The first request under this key has not been answered yet."""


class IdempotencyKeys:
    """Remembers answers by the keys that clients chose, separately for each access key."""

    def __init__(self, client: "redis.Redis", keys: Keys, scripts: Scripts) -> None:
        self._client = client
        self._keys = keys
        self._scripts = scripts

    def begin(self, caller: str, name: str) -> Hold | InProgress | StoredAnswer:
        """Return the answer that is kept for a key, or claim the key.

        Args:
            caller: Id of the access key; empty where none is needed.
            name: What the client wrote into ``Idempotency-Key``.
        """
        place = hashlib.blake2b(f"{caller}\0{name}".encode(), digest_size=16).hexdigest()
        mark = _PENDING + secrets.token_hex(8).encode()
        with translated():
            taken = self._client.set(self._keys.once(place), mark, nx=True, px=_LOCK_MS)
            found: Any = None if taken else self._client.get(self._keys.once(place))
        if taken:
            return Hold(place, mark)
        if found is None or found.startswith(_PENDING):
            return InProgress()
        return StoredAnswer.stored(unpack(found))

    def keep(self, hold: Hold, answer: StoredAnswer, milliseconds: int) -> None:
        """Keep an answer for some time."""
        self._settle(hold, pack(answer.model_dump_json()), milliseconds)

    def release(self, hold: Hold) -> None:
        """Forget the key: nothing was done, or what was done has to be tried again."""
        self._settle(hold, b"", 0)

    def _settle(self, hold: Hold, value: bytes, milliseconds: int) -> None:
        with translated():
            self._scripts.run("settle", hold.place, hold.mark, value, milliseconds)
