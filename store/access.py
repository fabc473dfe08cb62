"""Access keys of the API: random secrets, stored only as hashes, each with the scopes it opens."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

import redis
from pydantic import Field

from schemas.base import Model
from store.errors import translated
from store.keys import Keys

_PREFIX = "dl"
_ID_BYTES = 6
_SECRET_BYTES = 32
"""256 random bits need no slow hash: OWASP asks for one only where a person chose the secret."""


class Scope(StrEnum):
    """What a key may do."""

    SUBMIT = "submit"
    READ = "read"
    OPERATE = "operate"
    METRICS = "metrics"


class AccessKey(Model):
    """What is kept of a key. The secret itself is shown once, when it is made."""

    id: str
    name: str
    scopes: frozenset[Scope]
    sha256: str = Field(repr=False)
    created_at: datetime
    expires_at: datetime | None = Field(default=None, description="When a key that was rotated stops working.")
    articles_per_minute: int | None = Field(default=None, ge=1, description="Its own quota instead of the general one.")

    def is_expired(self, now: datetime) -> bool:
        """Whether it has stopped working."""
        return self.expires_at is not None and now >= self.expires_at


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _made(name: str, scopes: frozenset[Scope], articles_per_minute: int | None) -> tuple[str, AccessKey]:
    key_id, secret = secrets.token_hex(_ID_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    record = AccessKey(
        id=key_id,
        name=name,
        scopes=scopes,
        sha256=_hash(secret),
        created_at=datetime.now(UTC),
        articles_per_minute=articles_per_minute,
    )
    return f"{_PREFIX}_{key_id}_{secret}", record


class AccessKeys:
    """Creates, finds, rotates, lists and revokes access keys."""

    def __init__(self, client: "redis.Redis", keys: Keys) -> None:
        self._client = client
        self._key = keys.access

    def create(
        self, name: str, scopes: frozenset[Scope], articles_per_minute: int | None = None
    ) -> tuple[str, AccessKey]:
        """Make a key; returns its token, ``dl_<id>_<secret>``, which cannot be shown again, and its record."""
        token, record = _made(name, scopes, articles_per_minute)
        with translated():
            self._client.hset(self._key, record.id, record.model_dump_json())
        return token, record

    def find(self, token: str) -> AccessKey | None:
        """The record of a valid token, else ``None``. The comparison takes the same time for every secret."""
        prefix, _, rest = token.partition("_")
        key_id, _, secret = rest.partition("_")
        if prefix != _PREFIX or not key_id or not secret:
            return None
        with translated():
            stored: Any = self._client.hget(self._key, key_id)
        record = AccessKey.stored(stored) if stored else None
        expected = record.sha256 if record else _hash("")
        matches = hmac.compare_digest(_hash(secret), expected)
        return record if matches and record and not record.is_expired(datetime.now(UTC)) else None

    def rotate(self, key_id: str, keep: timedelta) -> tuple[str, AccessKey] | None:
        """Make a new key with the same name, scopes and quota. The old one keeps working for a while.

        Args:
            key_id: The key to replace.
            keep: How much longer the old key works.

        Returns:
            As `create`; ``None`` when there is no such key.
        """

        def replace(pipe: Any) -> tuple[str, AccessKey] | None:
            stored = pipe.hget(self._key, key_id)
            pipe.multi()
            if stored is None:
                return None
            old = AccessKey.stored(stored)
            token, record = _made(old.name, old.scopes, old.articles_per_minute)
            ending = old.model_copy(update={"expires_at": datetime.now(UTC) + keep})
            pipe.hset(self._key, mapping={one.id: one.model_dump_json() for one in (record, ending)})
            return token, record

        # Watched: a key that is revoked meanwhile must not come back.
        with translated():
            made: Any = self._client.transaction(replace, self._key, value_from_callable=True)  # type: ignore[arg-type]
        return cast("tuple[str, AccessKey] | None", made)

    def list(self) -> list[AccessKey]:
        """All keys, oldest first."""
        with translated():
            stored: Any = self._client.hvals(self._key)
        return sorted(map(AccessKey.stored, stored), key=lambda key: key.created_at)

    def any(self) -> bool:
        """Whether there is at least one key."""
        with translated():
            return bool(self._client.exists(self._key))

    def revoke(self, key_id: str) -> bool:
        """Delete a key; false when there is none with this id."""
        with translated():
            return bool(self._client.hdel(self._key, key_id))
