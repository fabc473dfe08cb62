"""Reading articles: one by id and revision, or many by page."""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import redis

from schemas import (
    Article,
    CleanText,
    Duplicates,
    Entities,
    Failure,
    Geotags,
    Lane,
    Outcome,
    Ref,
    Result,
    StageName,
    StageRecord,
    State,
    Status,
    Submission,
)
from store.codec import unpack
from store.errors import translated
from store.feed import BadCursor
from store.keys import Keys
from store.records import STAGES, moment

_PENDING = (State.WAITING, State.LEASED, State.DELAYED)
_SCAN = 200
"""Refs read at a time while a page is being filled."""


@dataclass(frozen=True, slots=True)
class Query:
    """Which articles to list, newest acceptance first. ``outcome="pending"`` lists those without an outcome."""

    outcome: Outcome | str | None = None
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A run of articles, and the cursor of the next one, if there is more."""

    items: tuple[Article, ...]
    next_cursor: str | None


class Results:
    """Reads what the ledger holds of articles."""

    def __init__(self, client: "redis.Redis", keys: Keys) -> None:
        self._client = client
        self._keys = keys

    def get(self, article_id: str, revision: int | None = None) -> Article | None:
        """One article; its latest revision unless another is asked for; ``None`` where there is none."""
        with translated():
            latest = int(cast("bytes | None", self._client.hget(self._keys.head(article_id), "revision")) or 0)
        if not latest:
            return None
        found = self.many([Ref(article_id, revision or latest)])
        return found[0] if found else None

    def submission(self, ref: Ref) -> Submission | None:
        """What was submitted, as long as the retention keeps it."""
        with translated():
            body = cast("bytes | None", self._client.hget(self._keys.record(ref), "body"))
        return Submission.model_validate_json(unpack(body)) if body else None

    def many(self, refs: Sequence[Ref]) -> list[Article]:
        """Articles by reference, in order; those that are gone are left out."""
        pipe = self._client.pipeline(transaction=False)
        for ref in refs:
            pipe.hgetall(self._keys.record(ref))
            pipe.hget(self._keys.head(ref.article_id), "revision")
        with translated():
            rows = pipe.execute()
        pairs = zip(refs, rows[::2], rows[1::2], strict=True)
        return [_article(ref, fields, int(newest or ref.revision)) for ref, fields, newest in pairs if fields]

    def page(self, query: Query, cursor: str | None = None, limit: int = 50) -> Page:
        """A page of articles, newest acceptance first, stable while others are written.

        Raises:
            BadCursor: The cursor was not given out by `page`.
        """
        matches = self._matching(query, _decode(cursor) if cursor else None)
        found: list[tuple[int, Ref]] = []
        for match in matches:
            found.append(match)
            if len(found) > limit:
                break
        last = found[limit - 1] if len(found) > limit else None
        items = self.many([ref for _, ref in found[:limit]])
        return Page(tuple(items), _encode(*last) if last else None)

    def _matching(self, query: Query, after: tuple[int, str] | None) -> Iterator[tuple[int, Ref]]:
        index = self._index(query)
        low = str(_ms(query.since)) if query.since else "-inf"
        high = f"({_ms(query.until)}" if query.until else "+inf"
        offset = 0
        if after:
            high = str(after[0]) if not query.until or after[0] < _ms(query.until) else high
        while True:
            with translated():
                rows: Any = self._client.zrevrangebyscore(index, high, low, start=offset, num=_SCAN, withscores=True)
            offset += len(rows)
            candidates = [(int(score), Ref.parse(member.decode())) for member, score in rows]
            if after:
                candidates = [c for c in candidates if (c[0], str(c[1])) < after]
            yield from self._in_state(candidates, query)
            if len(rows) < _SCAN:
                return

    def _in_state(self, candidates: list[tuple[int, Ref]], query: Query) -> Iterator[tuple[int, Ref]]:
        """Those with the outcome that was asked for, where the index does not already say so."""
        if query.outcome is None or (query.source is None and query.outcome != "pending"):
            yield from candidates
            return
        pipe = self._client.pipeline(transaction=False)
        for _, ref in candidates:
            pipe.hget(self._keys.record(ref), "state")
        with translated():
            states = pipe.execute()
        for candidate, state in zip(candidates, states, strict=True):
            value = (state or b"").decode()
            if value == query.outcome or (query.outcome == "pending" and value in _PENDING):
                yield candidate

    def _index(self, query: Query) -> str:
        if query.source is not None:
            return self._keys.by_source(query.source)
        if query.outcome is None or query.outcome == "pending":
            return self._keys.every
        return self._keys.by_outcome(Outcome(query.outcome))


def _ms(time: datetime) -> int:
    return int(time.timestamp() * 1000)


def _encode(score: int, ref: Ref) -> str:
    return base64.urlsafe_b64encode(f"{score}/{ref}".encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[int, str]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        score, _, ref = text.partition("/")
        return int(score), str(Ref.parse(ref))
    except ValueError as error:
        raise BadCursor("The cursor is not one that this list gave out; start without one.") from error


def _article(ref: Ref, fields: dict[bytes, bytes], latest: int) -> Article:
    def text(name: str) -> str | None:
        value = fields.get(name.encode())
        return value.decode() if value is not None else None

    def output(stage: StageName) -> bytes | None:
        packed = fields.get(f"output:{stage}".encode())
        return unpack(packed) if packed else None

    meta = json.loads(fields.get(b"meta", b"{}"))
    failure = fields.get(b"failure")
    state = State(fields[b"state"].decode())
    known: dict[str, Any] = {
        "id": ref.article_id,
        "revision": ref.revision,
        "latest_revision": latest,
        "url": meta.get("url"),
        "source": text("source") or None,
        "external_id": meta.get("external_id"),
        "lane": Lane(text("lane") or ""),
        "trace_id": meta.get("trace_id", ""),
        "accepted_at": moment(fields[b"accepted"]),
        "warnings": meta.get("warnings", ()),
        "stages": tuple(
            StageRecord.model_validate_json(fields[name])
            for name in (f"record:{stage}".encode() for stage in STAGES)
            if name in fields
        ),
    }
    if state in _PENDING:
        last = Failure.model_validate_json(failure) if failure else None
        return Status(**known, state=state, attempts=int(text("attempts") or 0), last_failure=last)
    clean, entities, geotags, duplicates = (output(stage) for stage in STAGES)
    return Result(
        **known,
        outcome=Outcome(state.value),
        finished_at=moment(fields[b"finished"]),
        cursor=text("cursor") or "",
        clean=CleanText.model_validate_json(clean) if clean else None,
        entities=Entities.model_validate_json(entities) if entities else None,
        geotags=Geotags.model_validate_json(geotags) if geotags else None,
        duplicates=Duplicates.model_validate_json(duplicates) if duplicates else None,
        failure=Failure.model_validate_json(failure) if failure else None,
    )
