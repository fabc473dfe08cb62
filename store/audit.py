"""The audit log of the operate API and the command line: who asked for what, when, and with which result.

It is a stream, like the feed. A call adds two entries: one before it acts, so that nothing is done unrecorded, and one
when it has ended. If there is no second entry, the server died during the call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import redis

from schemas import AuditEntry
from store.errors import translated
from store.feed import checked_cursor
from store.keys import Keys
from store.records import moment

_KEPT = 200_000
"""Stream entries, two a call: 30 MB at most."""
_SUBJECT_CHARS = 500


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes the call."""

    key_id: str = ""
    key_name: str = ""


class AuditLog:
    """Adds to the log and reads it. Entries cannot be changed."""

    def __init__(self, client: "redis.Redis", keys: Keys) -> None:
        self._client = client
        self._key = keys.audit

    def begin(self, actor: Actor, action: str, subject: str, request_id: str = "") -> str:
        """Record a call before it acts; returns the entry's id, for `end`."""
        return self._add(
            {
                "key_id": actor.key_id,
                "key_name": actor.key_name,
                "action": action,
                "subject": subject[:_SUBJECT_CHARS],
                "request_id": request_id,
            }
        )

    def end(self, entry: str, outcome: str, result: str = "") -> None:
        """Record the result of a call."""
        self._add({"of": entry, "outcome": outcome, "result": result[:_SUBJECT_CHARS]})

    def newest(self, limit: int = 100, before: str | None = None) -> Sequence[AuditEntry]:
        """Calls, newest first.

        Args:
            limit: At most so many.
            before: Id of a call: only older ones are returned.

        Raises:
            BadCursor: It is not an id of this log.
        """
        until = "(" + checked_cursor(before) if before else "+"
        ends = self._ends_after(before) if before else {}
        found: list[AuditEntry] = []
        while len(found) < limit:
            with translated():
                rows: Any = self._client.xrevrange(self._key, max=until, count=2 * limit)
            if not rows:
                break
            for entry_id, fields in rows:
                if b"of" in fields:
                    ends[fields[b"of"]] = fields
                elif len(found) < limit:
                    found.append(_entry(entry_id, fields, ends.get(entry_id, {})))
            until = "(" + rows[-1][0].decode()
        return found

    def _ends_after(self, entry: str) -> dict[bytes, dict[bytes, bytes]]:
        """Results of older calls that were added after an entry: calls overlap, but only a few at a time."""
        with translated():
            rows: Any = self._client.xrange(self._key, min=entry, count=1_000)
        return {fields[b"of"]: fields for _, fields in rows if b"of" in fields}

    def _add(self, fields: dict[str, str]) -> str:
        with translated():
            entry: Any = self._client.xadd(self._key, fields, maxlen=_KEPT, approximate=True)  # type: ignore[arg-type]
        return str(entry.decode())


def _entry(entry_id: bytes, asked: dict[bytes, bytes], ended: dict[bytes, bytes]) -> AuditEntry:
    def text(fields: dict[bytes, bytes], name: str, default: str = "") -> str:
        return fields.get(name.encode(), default.encode()).decode()

    return AuditEntry(
        id=entry_id.decode(),
        at=moment(entry_id.partition(b"-")[0]),
        key_id=text(asked, "key_id"),
        key_name=text(asked, "key_name"),
        action=text(asked, "action"),
        subject=text(asked, "subject"),
        request_id=text(asked, "request_id"),
        outcome=text(ended, "outcome", "unknown"),
        result=text(ended, "result"),
    )
