"""Examples for the OpenAPI document. A test holds each against its schema."""

from api.examples._operating import (
    ACCEPTING,
    AUDIT,
    CHANGED,
    PIPELINE,
    QUARANTINE,
    READY,
    REPROCESS,
    WEBHOOK,
    WEBHOOK_SECRET,
)
from api.examples._reading import ENTRY, EVENT, FEED, FEED_LINES, GEOJSON, NINJS, RESULT, STATUS, STORY, STREAM
from api.examples._submitting import ARRAY, BATCH, EXISTING, NDJSON, PAGE, PROBLEM, RECEIPT, SUBMISSION

__all__ = [
    "ACCEPTING",
    "ARRAY",
    "AUDIT",
    "BATCH",
    "CHANGED",
    "ENTRY",
    "EVENT",
    "EXISTING",
    "FEED",
    "FEED_LINES",
    "GEOJSON",
    "NDJSON",
    "NINJS",
    "PAGE",
    "PIPELINE",
    "PROBLEM",
    "QUARANTINE",
    "READY",
    "RECEIPT",
    "REPROCESS",
    "RESULT",
    "STATUS",
    "STORY",
    "STREAM",
    "SUBMISSION",
    "WEBHOOK",
    "WEBHOOK_SECRET",
]
