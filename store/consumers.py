"""Named consumers of the feed: how far each has read, and what the retention deleted before it was read.

A consumer keeps its own cursor together with its data. The copy here shows operators how far behind it is, and lets the
retention count the entries that it deletes before the consumer has read them.
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
    """The name of a consumer has characters that are not allowed, or is too long."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """A reader of the feed that reports its position."""

    name: str
    kind: str
    """Kind of consumer, for people: `files`, `postgres`."""
    cursor: str
    """Everything up to here is safe with it."""
    reached: str
    """It has read everything up to here; some of it may be in a file that is still open."""
    reported_at: datetime
    missed: int
    """Outcomes that the retention deleted before it had read them."""


class Consumers:
    """Registers consumers and lists them."""

    def __init__(self, client: "redis.Redis", keys: Keys, scripts: Scripts) -> None:
        self._client = client
        self._keys = keys
        self._scripts = scripts

    def report(self, name: str, kind: str, cursor: str, reached: str | None = None) -> int:
        """Record the position of a consumer. The first report registers it.

        Args:
            name: Its name.
            kind: Kind of consumer, for people.
            cursor: Everything up to here is safe with it. Later entries that the retention deletes count as missed.
            reached: It has read everything up to here; its lag counts from here. The same as ``cursor`` by default.

        Returns:
            How many outcomes the retention deleted before the consumer had them; see `overlook`.

        Raises:
            BadName: The name has characters other than letters, digits, dots, dashes and underscores.
            BadCursor: The cursor has another form.
        """
        if not _NAME.fullmatch(name):
            step = "choose one of letters, digits, dots, dashes and underscores, 64 at most."
            raise BadName(f"That is no name for a consumer; {step}")
        with translated():
            return int(
                self._scripts.run("consumer_report", name, kind, *map(checked_cursor, (cursor, reached or cursor)))
            )

    def list(self) -> list[Consumer]:
        """All consumers by name."""
        return [_consumer(*entry) for entry in registered(self._client, self._keys.consumers, self._keys.consumer)]

    def overlook(self, name: str) -> int | None:
        """Reset the number of missed outcomes and return it; ``None`` if there is no such consumer."""
        with translated():
            pipe = self._client.pipeline()
            pipe.hget(self._keys.consumer(name), "missed")
            pipe.hdel(self._keys.consumer(name), "missed")
            pipe.exists(self._keys.consumer(name))
            missed, _, known = pipe.execute()
        return int(missed or 0) if known else None

    def forget(self, name: str) -> bool:
        """Remove a consumer from the registry. False if there is none of this name."""
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
