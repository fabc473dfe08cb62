"""Steps of an article through the ledger, for tests that need one somewhere on its way."""

from conftest import article

from schemas import Failure, FeedSummary, Outcome, Ref, StageName, StageRecord, StageStatus
from store import STAGES, Advance, Claim, Store, Verdict

LEASE_MS = 10_000


def claim(store: Store, limit: int = 32, max_bytes: int = 10**6, bulk_share: float = 0.125) -> Claim:
    return store.ledger.claim(limit=limit, max_bytes=max_bytes, lease_ms=LEASE_MS, bulk_share=bulk_share)


def record(stage: StageName) -> StageRecord:
    return StageRecord(
        stage=stage,
        status=StageStatus.DONE,
        version=1,
        attempts=1,
        milliseconds=1.0,
        finished_at="2026-01-01T00:00:00Z",
    )


def failure(error: str = "Boom") -> Failure:
    return Failure(
        stage=StageName.CLEAN,
        error=error,
        message="m",
        attempts=1,
        worker="w",
        version="v",
        at="2026-01-01T00:00:00Z",
    )


def advance(store: Store, ref: Ref, token: str, stage: StageName, output: str | None = None) -> Verdict:
    entry = FeedSummary(title="A title") if stage is STAGES[-1] else None
    return store.ledger.advance([Advance(ref, record(stage), output, Outcome.DONE, entry)], token, LEASE_MS)[0]


def finish(store: Store, number: int = 1) -> Ref:
    store.ledger.accept([article(number)])
    taken = claim(store)
    for stage in STAGES:
        advance(store, taken.refs[0], taken.token, stage)
    return taken.refs[0]
