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
    StageStatus,
    State,
    Status,
    Submission,
)
from store.codec import unpack
from store.errors import translated
from store.formats import format_of, is_newer
from store.keys import Keys
from store.records import STAGES, moment

PENDING = (State.WAITING, State.LEASED, State.DELAYED)


class Results:
    """Reads articles from the ledger."""

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
        """The submission of a revision; ``None`` if the retention has deleted it."""
        with translated():
            body = cast("bytes | None", self._client.hget(self._keys.record(ref), "body"))
        return Submission.stored(unpack(body)) if body else None

    def sizes(self, refs: Sequence[Ref]) -> list[int]:
        """Bytes that were submitted for each revision, which its result is about as large as; 0 if it is gone."""
        pipe = self._client.pipeline(transaction=False)
        for ref in refs:
            pipe.hget(self._keys.record(ref), "size")
        with translated():
            return [int(size or 0) for size in pipe.execute()]

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
    known = _known(ref, fields, latest)
    state = State(fields[b"state"].decode())
    failure = Failure.stored(fields[b"failure"]) if b"failure" in fields else None
    if state in PENDING:
        return Status(**known, state=state, attempts=int(fields.get(b"attempts", 0)), last_failure=failure)
    clean, entities, geotags, duplicates = (_output(stage, fields) for stage in STAGES)
    return Result(
        **known,
        outcome=Outcome(state.value),
        finished_at=moment(fields[b"finished"]),
        cursor=fields.get(b"cursor", b"").decode(),
        clean=CleanText.stored(clean) if clean else None,
        entities=Entities.stored(entities) if entities else None,
        geotags=Geotags.stored(geotags) if geotags else None,
        duplicates=Duplicates.stored(duplicates) if duplicates else None,
        failure=failure,
    )


def _known(ref: Ref, fields: dict[bytes, bytes], latest: int) -> dict[str, Any]:
    """The fields that a status and a result have in common."""
    meta = json.loads(fields.get(b"meta", b"{}"))
    return {
        "id": ref.article_id,
        "revision": ref.revision,
        "latest_revision": latest,
        "url": meta.get("url"),
        "source": fields.get(b"source", b"").decode() or None,
        "external_id": meta.get("external_id"),
        "lane": Lane(fields[b"lane"].decode()),
        "trace_id": meta.get("trace_id", ""),
        "accepted_at": moment(fields[b"accepted"]),
        "warnings": meta.get("warnings", ()),
        "stages": tuple(_record(stage, fields) for stage in STAGES if f"record:{stage}".encode() in fields),
    }


def _output(stage: StageName, fields: dict[bytes, bytes]) -> bytes | None:
    """The unpacked output of a stage; ``None`` if there is none or only a newer Dateline can read it."""
    packed = fields.get(f"output:{stage}".encode())
    newer = is_newer(format_of(fields.get(f"record:{stage}".encode())))
    return unpack(packed) if packed and not newer else None


def _record(stage: StageName, fields: dict[bytes, bytes]) -> StageRecord:
    """The record of a stage. If a newer Dateline wrote it, the record says that its output is not available here."""
    written = fields[f"record:{stage}".encode()]
    if not is_newer(format_of(written)):
        return StageRecord.stored(written)
    known = json.loads(written)
    return StageRecord(
        stage=stage,
        status=StageStatus.UNAVAILABLE,
        version=known.get("version", 1),
        reason=f"Written by a newer Dateline, in format {format_of(written)}; ask a server of that version.",
        attempts=known.get("attempts", 1),
        milliseconds=known.get("milliseconds", 0),
        finished_at=known.get("finished_at") or moment(fields[b"accepted"]),
    )
