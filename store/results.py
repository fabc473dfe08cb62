"""Reading articles by id and revision."""

import json
from collections.abc import Sequence
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
from store.keys import Keys
from store.records import STAGES, moment

PENDING = (State.WAITING, State.LEASED, State.DELAYED)


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
    if state in PENDING:
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
