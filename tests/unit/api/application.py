"""What the API's tests share: an application over a store in memory, and a pipeline that finishes articles."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient

from api import create_app
from schemas import Failure, FeedSummary, Lane, Outcome, Ref, StageName, StageRecord, StageStatus
from store import STAGES, Advance, Messages, Store
from tasks.tracing import UNTRACED, Tracer
from workers.settings import Settings

AT = "2026-11-12T08:00:00Z"
NDJSON = {"Content-Type": "application/x-ndjson"}


@dataclass
class CountingWakeups:
    """Counts top-ups; raises what it is told to."""

    calls: int = 0
    error: Exception | None = None

    def top_up(self) -> int:
        self.calls += 1
        if self.error:
            raise self.error
        return 1

    def wake_for_canary(self) -> None:
        if self.error:
            raise self.error

    def messages(self) -> Messages | None:
        return None if self.error else {(Lane.LIVE, StageName.CLEAN): self.calls}


def settings(**fields: Any) -> Settings:
    return Settings(_env_file=None, **fields)


@contextmanager
def serving(
    store: Store, wakeups: CountingWakeups | None = None, tracer: Tracer = UNTRACED, **fields: Any
) -> Iterator[TestClient]:
    """A client of an application with these settings."""
    with TestClient(create_app(settings(**fields), store, wakeups or CountingWakeups(), tracer)) as client:
        yield client


def body(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A valid submission that differs from others by its number."""
    return {"url": f"https://news.example/{number}", "text": f"Article number {number}.", **fields}


def finish(store: Store, *, quarantine: bool = False) -> list[Ref]:
    """Give all waiting articles their outcome, as workers would."""
    claim = store.ledger.claim(limit=1_000, max_bytes=10**9, lease_ms=60_000, bulk_share=0.1)
    for ref in claim.refs:
        if quarantine:
            failure = Failure(
                stage=None, error="ValueError", message="It broke.", attempts=1, worker="w", version="0", at=AT
            )
            store.ledger.quarantine(ref, claim.token, failure, FeedSummary())
        else:
            store.ledger.advance(_commits(ref), claim.token, 60_000)
    return list(claim.refs)


def _commits(ref: Ref) -> list[Advance]:
    records = [
        StageRecord(stage=s, status=StageStatus.SKIPPED, version=1, attempts=1, milliseconds=1, finished_at=AT)
        for s in STAGES
    ]
    *early, last = records
    return [Advance(ref, r, None) for r in early] + [Advance(ref, last, None, Outcome.DONE, FeedSummary(title="T"))]
