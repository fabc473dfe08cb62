"""Articles with results of a test's choice."""

import json
from typing import Any

from conftest import article

from schemas import Outcome, Ref, StageName, StageRecord, StageStatus
from schemas.events import FeedSummary
from store import STAGES, Advance, Store

AT = "2026-11-12T08:00:00Z"
SPAN = {"start": 0, "end": 4, "text": "Riga"}


def entity(label: str, name: str, salience: float = 0.5) -> dict[str, Any]:
    return {
        "id": f"{label.lower()}:{name.casefold()}",
        "label": label,
        "name": name,
        "mentions": [SPAN],
        "count": 1,
        "salience": salience,
    }


def riga(**fields: Any) -> dict[str, Any]:
    known = {"geoname_id": 456172, "name": "Riga", "kind": "city", "latitude": 56.9, "longitude": 24.1}
    return known | {"country_code": "LV", "mentions": [SPAN | {"confidence": 0.9}], "confidence": 0.9} | fields


def relation(kind: str, of: str = "a" * 26, **fields: Any) -> dict[str, Any]:
    known = {"relation": kind, "canonical_id": of, "cluster_id": of, "score": 0.9, "jaccard": 0.9, "index_version": 1}
    return known | fields


def clean(**fields: Any) -> dict[str, Any]:
    known = {"title": "Bridge reopens", "text": "Riga has its bridge back.", "language": "en", "form": "text"}
    return known | {"quality": {"words": 5}} | fields


def publish(store: Store, number: int, **outputs: dict[str, Any]) -> Ref:
    """Accept an article and give it a result: ``clean``, ``entities``, ``geotag`` and ``dedupe``, as far as given."""
    store.ledger.accept([article(number)])
    claim = store.ledger.claim(limit=1, max_bytes=10**9, lease_ms=60_000, bulk_share=0.1)
    [ref] = claim.refs

    def advance(stage: StageName) -> Advance:
        output = outputs.get(stage.value)
        status = StageStatus.DONE if output else StageStatus.SKIPPED
        record = StageRecord(stage=stage, status=status, version=1, attempts=1, milliseconds=1, finished_at=AT)
        text = json.dumps(output) if output else None
        if stage is not STAGES[-1]:
            return Advance(ref, record, text)
        return Advance(ref, record, text, Outcome.DONE, FeedSummary(title="T"))

    store.ledger.advance([advance(stage) for stage in STAGES], claim.token, 60_000)
    return ref
