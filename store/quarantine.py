"""The quarantine: articles that could not be processed, kept until an operator decides."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import redis

from schemas import Failure, FeedSummary, Outcome, Ref
from store._cursors import Row, read_row, written_row
from store._scripts import Scripts
from store.errors import translated
from store.keys import Keys
from store.records import moment


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One article in quarantine and why it is there."""

    ref: Ref
    accepted_at: datetime
    url: str | None
    source: str | None
    failure: Failure


@dataclass(frozen=True, slots=True)
class QuarantinedPage:
    """A run of them, and the cursor of the next one, if there are more."""

    items: tuple[Quarantined, ...]
    next_cursor: str | None


class QuarantineList:
    """Lists, retries and drops quarantined articles."""

    def __init__(self, client: "redis.Redis", keys: Keys, scripts: Scripts) -> None:
        self._client = client
        self._keys = keys
        self._scripts = scripts

    def list(self, limit: int = 100) -> list[Quarantined]:
        """The articles in quarantine, oldest acceptance first."""
        return [*self.page(limit=limit).items]

    def page(self, cursor: str | None = None, limit: int = 100) -> QuarantinedPage:
        """The same page by page; what leaves the quarantine meanwhile moves nothing.

        Raises:
            BadCursor: The cursor was not given out by `page`.
        """
        rows = self._rows(read_row(cursor) if cursor else None, limit + 1)
        shown = rows[:limit]
        items = tuple(self._read([Ref.parse(ref) for _, ref in shown]))
        return QuarantinedPage(items, written_row(shown[-1]) if len(rows) > limit else None)

    def _rows(self, after: Row | None, limit: int) -> Sequence[Row]:
        """So many rows behind one, which need not be there any more."""
        index = self._keys.by_outcome(Outcome.QUARANTINED)
        pipe = self._client.pipeline()
        if after:
            pipe.zrangebyscore(index, after[0], after[0], withscores=True)
        pipe.zrangebyscore(index, f"({after[0]}" if after else "-inf", "+inf", start=0, num=limit, withscores=True)
        with translated():
            found: Any = pipe.execute()
        rows = ((int(score), ref.decode()) for part in found for ref, score in part)
        return [*islice((row for row in rows if after is None or row > after), limit)]

    def show(self, ref: Ref) -> Quarantined | None:
        """One article in quarantine; ``None`` when it is not there."""
        return next(self._read([ref]), None)

    def _read(self, refs: Sequence[Ref]) -> Iterator[Quarantined]:
        """Those of them that are in quarantine, in one round trip."""
        pipe = self._client.pipeline(transaction=False)
        for ref in refs:
            pipe.hmget(self._keys.record(ref), ["state", "accepted", "meta", "source", "failure"])
        with translated():
            rows = pipe.execute()
        found = zip(refs, rows, strict=True)
        return (_quarantined(ref, row) for ref, row in found if row[0] == Outcome.QUARANTINED.value.encode())

    def retry(self, ref: Ref) -> bool:
        """Send an article through the pipeline again, from the stage that failed; false when it is not there."""
        with translated():
            return bool(self._scripts.run("retry", str(ref)))

    def drop(self, ref: Ref) -> bool:
        """Give an article up: its outcome becomes ``withdrawn``; false when it is not there."""
        entry = self.show(ref)
        if entry is None:
            return False
        summary = FeedSummary(url=entry.url, source=entry.source).model_dump_json(exclude_none=True)
        with translated():
            return bool(self._scripts.run("drop", str(ref), summary))


def _quarantined(ref: Ref, row: Sequence[Any]) -> Quarantined:
    _, accepted, meta, source, failure = row
    return Quarantined(
        ref=ref,
        accepted_at=moment(accepted),
        url=json.loads(meta or b"{}").get("url"),
        source=(source or b"").decode() or None,
        failure=Failure.stored(failure),
    )
