"""The feed: every outcome once, in one total order, with cursors that work for every kind of reader."""

import json
import re
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import redis

from schemas import DatelineError, FeedEntry, FeedPage, Outcome, Ref
from store.errors import translated
from store.keys import Keys
from store.records import moment

START = "0-0"
"""The cursor before the first entry."""
_CURSOR = re.compile(r"[0-9]{1,15}-[0-9]{1,10}")
_AHEAD_MS = 86_400_000
"""By how much the clocks of two machines may differ: a cursor that is further ahead is none of this feed."""


class BadCursor(DatelineError):
    """The cursor was not given out by this feed."""


def checked_cursor(cursor: str) -> str:
    """The cursor itself.

    Raises:
        BadCursor: It does not have the form of a cursor.
    """
    if not _CURSOR.fullmatch(cursor):
        raise BadCursor("The cursor is not one that the feed gave out; start without one, or use `next_cursor`.")
    return cursor


def position(cursor: str) -> tuple[int, int]:
    """Milliseconds since 1970 and number within the millisecond. Positions have the order of the feed."""
    milliseconds, number = cursor.split("-")
    return int(milliseconds), int(number)


def _entry(cursor: bytes, fields: dict[bytes, bytes]) -> FeedEntry:
    ref = Ref.parse(fields[b"ref"].decode())
    known = {
        "cursor": cursor.decode(),
        "article_id": ref.article_id,
        "revision": ref.revision,
        "outcome": Outcome(fields[b"outcome"].decode()),
        "finished_at": moment(fields[b"at"]),
        "again": b"again" in fields,
    }
    # A newer Dateline may have added fields, which are ignored.
    return FeedEntry.model_validate(json.loads(fields[b"entry"]) | known, extra="ignore")


class Feed:
    """Reads the stream of outcomes. Writing to it is the ledger's business."""

    def __init__(self, client: "redis.Redis", keys: Keys) -> None:
        self._client = client
        self._key = keys.feed

    def page(self, after: str = START, limit: int = 100) -> FeedPage:
        """The entries that follow a cursor.

        Raises:
            BadCursor: The cursor has another form, or lies in the future: its reader would wait for ever.
        """
        start = "(" + checked_cursor(after)
        with translated():
            rows: Any = self._client.xrange(self._key, min=start, count=limit + 1)
        if not rows:
            self.refuse_the_future(after)
        items = tuple(_entry(cursor, fields) for cursor, fields in rows[:limit])
        return FeedPage(items=items, next_cursor=items[-1].cursor if items else after, more=len(rows) > limit)

    def refuse_the_future(self, cursor: str) -> None:
        """Let a cursor pass that can have been given out.

        Raises:
            BadCursor: It lies in the future: whoever goes on after it would wait for ever.
        """
        # A restored store may be behind the cursors that it has given out, but they are of the past all the same.
        ahead = position(cursor)[0] > time.time() * 1000 + _AHEAD_MS
        if ahead and position(cursor) > position(self.newest()):
            raise BadCursor("The cursor lies in the future; start with `latest`, or use `next_cursor`.")

    def newest(self) -> str:
        """The cursor of the last entry, to follow only what comes next."""
        with translated():
            rows: Any = self._client.xrevrange(self._key, count=1)
        return rows[0][0].decode() if rows else START

    def lags(self, cursors: Iterable[str], now: datetime) -> dict[str, float]:
        """Age in seconds of the first entry after each cursor, by cursor; 0 if there is none.

        An entry's id contains its time.
        """
        asked = sorted(set(cursors))
        pipe = self._client.pipeline(transaction=False)
        for cursor in asked:
            pipe.xrange(self._key, min=f"({checked_cursor(cursor)}", count=1)
        with translated():
            rows = pipe.execute()
        now_ms = now.timestamp() * 1000
        return {
            cursor: round(max(0.0, now_ms - position(found[0][0].decode())[0]) / 1000, 3) if found else 0.0
            for cursor, found in zip(asked, rows, strict=True)
        }

    def wait(self, after: str, milliseconds: int) -> bool:
        """Block until an entry follows a cursor or the time is over; returns whether one does."""
        with translated():
            return bool(self._client.xread({self._key: checked_cursor(after)}, count=1, block=milliseconds))
