"""Examples of what operators ask for and get."""

from typing import Any

from api.examples._reading import AT
from api.examples._submitting import ID

READY: dict[str, Any] = {
    "status": "ready",
    "detail": "An article went through every stage in 0.2 s.",
    "seconds": 0.2,
    "age_seconds": 4.1,
}
ACCEPTING: dict[str, Any] = {
    "status": "accepting",
    "waiting": {"live": 3, "bulk": 1200},
    "oldest_waiting_seconds": {"live": 0.4, "bulk": 31.0},
    "leased": 64,
    "delayed": 0,
    "pending": 1267,
    "accepted": 90210,
}
FAILURE: dict[str, Any] = {
    "stage": "clean",
    "error": "DeliveryLimit",
    "message": "Its workers died over it; look at their logs, then retry it.",
    "attempts": 5,
    "worker": "worker-1:42",
    "version": "0.1.0",
    "at": AT,
}
QUARANTINE: dict[str, Any] = {
    "items": [
        {
            "id": ID,
            "revision": 1,
            "accepted_at": AT,
            "url": "https://news.example.org/1",
            "source": "news.example.org",
            "failure": FAILURE,
        }
    ],
    "next_cursor": None,
}
CHANGED: dict[str, Any] = {"changed": 2, "not_in_quarantine": [], "more": False}
REPROCESS: dict[str, Any] = {
    "dry_run": True,
    "examined": 500,
    "matching": 120,
    "sent": 0,
    "skipped": {},
    "next_cursor": "MTc5NDQ3MjIwMTAwMA",
}
AUDIT: dict[str, Any] = {
    "items": [
        {
            "id": "1794472201000-0",
            "at": AT,
            "key_id": "0123456789ab",
            "key_name": "night shift",
            "action": "POST /v1/operate/quarantine:retry",
            "subject": "everything",
            "request_id": "0b9d1f6f0b4c4f0f8f3e4d1f5f0a7c11",
            "outcome": "200",
            "result": "2 changed, 0 not in quarantine",
        }
    ],
    "next_before": None,
}
WEBHOOK: dict[str, Any] = {
    "id": "0123456789abcdef",
    "url": "https://alerts.example.org/dateline",
    "name": "alerts",
    "filter": {
        "types": ["dateline.article.processed", "dateline.article.withdrawn"],
        "sources": [],
        "languages": [],
        "countries": ["LV"],
        "places": [],
        "entities": [{"name": "Latvijas Banka", "label": "ORG"}],
        "stories": [],
        "originals": True,
    },
    "include": "link",
    "created_at": AT,
    "state": "active",
    "reason": None,
    "cursor": "1794472201000-0",
    "delivered": 12,
    "attempts": 0,
    "last_answer": "204",
    "last_called_at": AT,
    "next_call_at": None,
}
WEBHOOK_SECRET: dict[str, Any] = {
    "webhook": WEBHOOK,
    "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    "old_secret_until": None,
}
_STAGES = ("clean", "entities", "geotag", "dedupe")
_FIGURES: dict[str, Any] = {
    "answers": {"accepted": 1180, "revised": 20, "existing": 64},
    "outcomes": {"done": 1150, "partial": 0, "quarantined": 3, "withdrawn": 1},
    "retries": {"clean": 0, "entities": 0, "geotag": 0, "dedupe": 2},
    "quarantined": {"clean": 3, "entities": 0, "geotag": 0, "dedupe": 0},
    "lost": 0,
    "expired": 0,
    "claims": 410,
    "claimed": 1198,
    "stages": {name: {"done": 1140, "skipped": 10, "unavailable": 0} for name in _STAGES},
    "relations": {
        "original": 820,
        "exact": 40,
        "near": 160,
        "contained_in": 50,
        "contains": 20,
        "same_story": 55,
        "low_information": 5,
    },
    "unrelated": 0,
    "covered": {"language": 1148, "entities": 1128, "places": 1083, "focus": 1070},
    "coverage": {"articles": 1150, "language": 0.998, "entities": 0.981, "places": 0.942, "focus": 0.93},
    "passage": {
        "live": {"articles": 950, "mean_seconds": 0.41, "median_seconds": 0.35, "p95_seconds": 0.92},
        "bulk": {"articles": 200, "mean_seconds": 3.4, "median_seconds": 3.1, "p95_seconds": 6.2},
    },
}
_WINDOW = {"seconds": 61.2, "accepted_per_second": 19.6, "finished_per_second": 18.86, "figures": _FIGURES}
_IDLE = {"in_work": 0, "oldest_seconds": None, "messages": 0}
_BUSY = {"in_work": 12, "oldest_seconds": 0.8, "messages": 1}
PIPELINE: dict[str, Any] = {
    "at": AT,
    "accepted": 1200,
    "pending": 46,
    "balanced": True,
    "lanes": {
        "live": {
            "waiting": 34,
            "oldest_seconds": 1.2,
            "stages": {**dict.fromkeys(_STAGES, _IDLE), "entities": _BUSY},
        },
        "bulk": {"waiting": 0, "oldest_seconds": None, "stages": dict.fromkeys(_STAGES, _IDLE)},
    },
    "leased": 12,
    "delayed": 0,
    "outcomes": _FIGURES["outcomes"],
    "feed": 1154,
    "broker": True,
    "followers": [
        {"kind": "group", "name": "indexer", "cursor": "1794472201000-0", "lag_seconds": 0.4, "pending": 8},
        {"kind": "consumer", "name": "archive", "cursor": "1794472201200-0", "lag_seconds": 0.1, "missed": 0},
    ],
    "webhooks": {"active": 1, "disabled": 0, "ended": 0, "dead": 0},
    "memory": {"used_bytes": 84_000_000, "limit_bytes": 2_147_483_648, "durable": True},
    "total": _FIGURES,
    "last": {"minute": _WINDOW, "quarter": _WINDOW},
}
