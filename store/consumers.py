"""Named consumers of the feed: how far each one is, and what the retention deleted before it was there.

A consumer keeps its own cursor together with its data; what stands here is a copy, so that operators see how far behind
it is, and so that the retention can count what it deletes in front of it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import redis

from schemas import DatelineError
from store._registry import registered
from store._scripts import Scripts
from store.errors import translated
from store.feed import START, checked_cursor
from store.keys import Keys
from store.records import moment

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class BadName(DatelineError):
    """A consumer cannot be called that."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """A reader of the feed that tells how far it is."""

    name: str
    kind: str
    """What it is, for people: `files`, `postgres`."""
    cursor: str
    """Everything up to here is safe with it."""
    reached: str
    """Everything up to here it has read: some of it may stand in a file that is still open."""
    reported_at: datetime
    missed: int
    """Outcomes that the retention deleted before it had them."""


class Consumers:
    """Registers consumers and lists them."""

    def __init__(self, client: "redis.Redis", keys: Keys, scripts: Scripts) -> None:
        self._client = client
        self._keys = keys
        self._scripts = scripts

    def report(self, name: str, kind: str, cursor: str, reached: str | None = None) -> int:
        """Say how far a consumer is; the first time, this makes it known.

        Args:
            name: What it is called.
            kind: What it is, for people.
            cursor: Everything up to here is safe with it: what the retention deletes behind it counts as missed.
            reached: Everything up to here it has read: how far behind it is. The same as ``cursor`` unless given.

        Returns:
            How many outcomes the retention deleted before the consumer had them; see `overlook`.

        Raises:
            BadName: The name has characters other than letters, digits, dots, dashes and underscores.
            BadCursor: The cursor has another form.
        """
        if not _NAME.fullmatch(name):
            raise BadName("A consumer's name has letters, digits, dots, dashes and underscores, 64 at most.")
        with translated():
            return int(
                self._scripts.run("consumer_report", name, kind, *map(checked_cursor, (cursor, reached or cursor)))
            )

    def list(self) -> list[Consumer]:
        """All consumers by name."""
        return [_consumer(*entry) for entry in registered(self._client, self._keys.consumers, self._keys.consumer)]

    def overlook(self, name: str) -> int | None:
        """Go on without what was missed; returns how much that was, ``None`` where there is no such consumer."""
        with translated():
            pipe = self._client.pipeline()
            pipe.hget(self._keys.consumer(name), "missed")
            pipe.hdel(self._keys.consumer(name), "missed")
            pipe.exists(self._keys.consumer(name))
            missed, _, known = pipe.execute()
        return int(missed or 0) if known else None

    def forget(self, name: str) -> bool:
        """Delete what is known of a consumer that is no more. False where there is none."""
        with translated():
            pipe = self._client.pipeline()
            pipe.delete(self._keys.consumer(name))
            pipe.srem(self._keys.consumers, name)
            return bool(pipe.execute()[0])


def _consumer(name: str, fields: dict[bytes, bytes]) -> Consumer:
    return Consumer(
        name=name,
        kind=fields.get(b"kind", b"").decode(),
        cursor=fields.get(b"cursor", START.encode()).decode(),
        reached=fields.get(b"reached", START.encode()).decode(),
        reported_at=moment(fields.get(b"at", b"0")),
        missed=int(fields.get(b"missed", 0)),
    )
