"""Examples for the OpenAPI document. A test holds each against its schema."""

import json
from typing import Any

_ID = "q3x7m5k2vbn4ohd6e7ytzcw2pa"
_AT = "2026-11-12T08:30:00Z"

SUBMISSION: dict[str, Any] = {
    "url": "https://news.example.org/2026/11/12/bridge-reopens",
    "title": "Bridge over the Daugava reopens in Riga",
    "text": "RIGA, Nov 12 - The stone bridge in the Latvian capital reopened on Thursday.\n\nThe mayor cut a ribbon.",
    "authors": ["Jānis Bērziņš"],
    "published_at": "2026-11-12T08:15:00+02:00",
    "source_name": "Example News",
}
ARRAY: list[dict[str, Any]] = [SUBMISSION, {"external_id": "4711", "source_domain": "example.net", "text": "Short."}]
NDJSON = '{"url": "https://news.example.org/1", "text": "First."}\n{"external_id": "4711", "text": "Second."}\n'

RECEIPT: dict[str, Any] = {
    "id": _ID,
    "revision": 1,
    "answer": "accepted",
    "status_url": f"/v1/articles/{_ID}?revision=1",
    "warnings": [
        {"field": "modified_at", "code": "unreadable", "message": "could not be read and was dropped"},
    ],
}
EXISTING: dict[str, Any] = {**RECEIPT, "answer": "existing", "warnings": []}
PROBLEM: dict[str, Any] = {
    "type": "urn:dateline:problem:invalid",
    "title": "The request is not valid",
    "status": 422,
    "detail": "The article is not valid; see errors for the fields to correct.",
    "instance": "urn:dateline:request:0b9d1f6f0b4c4f0f8f3e4d1f5f0a7c11",
    "errors": [{"pointer": "/text", "code": "string_type", "message": "must be a string"}],
}
BATCH: dict[str, Any] = {
    "accepted": 1,
    "existing": 0,
    "rejected": 1,
    "items": [
        {"line": 1, "status": 202, "receipt": RECEIPT, "problem": None},
        {"line": 2, "status": 422, "receipt": None, "problem": {**PROBLEM, "line": 2, "instance": None}},
    ],
}
STATUS: dict[str, Any] = {
    "id": _ID,
    "revision": 1,
    "latest_revision": 1,
    "url": SUBMISSION["url"],
    "source": "news.example.org",
    "external_id": None,
    "lane": "live",
    "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    "accepted_at": _AT,
    "warnings": [],
    "stages": [],
    "state": "waiting",
    "attempts": 0,
    "last_failure": None,
}
_MENTION = {"start": 0, "end": 4, "text": "Riga", "part": "text"}
RESULT: dict[str, Any] = {
    **{name: value for name, value in STATUS.items() if name not in {"state", "attempts", "last_failure"}},
    "outcome": "done",
    "finished_at": "2026-11-12T08:30:01Z",
    "cursor": "1794472201000-0",
    "clean": {
        "title": SUBMISSION["title"],
        "text": "Riga reopened its stone bridge on Thursday.",
        "language": "en",
        "form": "text",
        "quality": {"words": 7, "degraded": False, "boilerplate_only": False, "score": 1.0},
    },
    "entities": {
        "entities": [
            {"id": "LOC:riga", "label": "LOC", "name": "Riga", "mentions": [_MENTION], "count": 1, "salience": 1}
        ],
    },
    "geotags": {
        "places": [
            {
                "geoname_id": 456172,
                "name": "Riga",
                "kind": "city",
                "latitude": 56.946,
                "longitude": 24.10589,
                "country_code": "LV",
                "feature_class": "P",
                "feature_code": "PPLC",
                "precision": "point",
                "admin1_code": "LV.25",
                "admin1_name": "Riga",
                "admin2_code": None,
                "admin2_name": None,
                "population": 742572,
                "roles": ["dateline", "mention", "focus"],
                "mentions": [
                    {**_MENTION, "role": "mention", "confidence": 0.98, "metonymy": False, "recovered": False}
                ],
                "confidence": 0.98,
                "runner_up": None,
                "margin": None,
                "evidence": ["capital"],
            }
        ],
        "unresolved": [],
        "focus": {"countries": [], "regions": [], "cities": []},
        "dateline": {"text": "RIGA", "geoname_id": 456172},
        "bounding_box": {"south": 56.946, "west": 24.10589, "north": 56.946, "east": 24.10589},
        "coverage": {"toponyms": 1, "resolved": 1},
        "memory": {"version": 41, "articles": 41, "home": None},
        "gazetteer": "2.1-0a1b2c3d",
    },
    "duplicates": {
        "relation": "original",
        "canonical_id": _ID,
        "cluster_id": _ID,
        "score": 0,
        "jaccard": 0,
        "index_version": 1,
    },
    "failure": None,
}
_PLACE = RESULT["geotags"]["places"][0]
GEOJSON: dict[str, Any] = {
    "type": "FeatureCollection",
    "bbox": [24.10589, 56.946, 24.10589, 56.946],
    "features": [
        {
            "type": "Feature",
            "id": f"{_ID}:1:456172",
            "geometry": {"type": "Point", "coordinates": [24.10589, 56.946]},
            "properties": {"article_id": _ID, "revision": 1, "url": SUBMISSION["url"], "title": SUBMISSION["title"]}
            | {name: value for name, value in _PLACE.items() if name not in {"latitude", "longitude"}},
        }
    ],
    "article_id": _ID,
    "revision": 1,
    "geotag": "done",
}
ENTRY: dict[str, Any] = {
    "cursor": RESULT["cursor"],
    "article_id": _ID,
    "revision": 1,
    "outcome": "done",
    "finished_at": RESULT["finished_at"],
    "url": SUBMISSION["url"],
    "source": "news.example.org",
    "title": SUBMISSION["title"],
    "language": "en",
    "relation": "original",
    "canonical_id": _ID,
}
NINJS: dict[str, Any] = {
    "uri": f"urn:dateline:article:{_ID}",
    "type": "text",
    "representationType": "full",
    "version": "1",
    "pubStatus": "usable",
    "language": "en",
    "headlines": [{"role": "main", "value": SUBMISSION["title"]}],
    "standard": {"name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"},
}
FEED: dict[str, Any] = {"items": [ENTRY], "next_cursor": RESULT["cursor"], "more": False}
STREAM = (
    f'retry: 3000\n\nid: {RESULT["cursor"]}\nevent: outcome\ndata: {{"article_id": "{_ID}", …}}\n\n: still here\n\n'
)
READY: dict[str, Any] = {
    "status": "ready",
    "detail": "An article went through every stage in 0.2 s.",
    "seconds": 0.2,
    "age_seconds": 4.1,
}
FEED_LINES = json.dumps(FEED["items"][0]) + "\n"
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": FEED["items"][0]["cursor"],
    "source": "urn:dateline:feed:dl",
    "type": "dateline.article.processed",
    "subject": f"{_ID}:1",
    "time": _AT,
    "datacontenttype": "application/json",
    "dataschema": "urn:dateline:schema:event",
    "data": {**FEED["items"][0], "href": f"/v1/articles/{_ID}?revision=1", "result": None},
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
    "at": _AT,
}
QUARANTINE: dict[str, Any] = {
    "items": [
        {
            "id": _ID,
            "revision": 1,
            "accepted_at": _AT,
            "url": "https://news.example.org/1",
            "source": "news.example.org",
            "failure": FAILURE,
        }
    ],
    "more": False,
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
            "at": _AT,
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

STORY: dict[str, Any] = {
    "id": _ID,
    "size": 2,
    "first_at": _AT,
    "last_at": "2026-11-12T11:05:00Z",
    "headline": SUBMISSION["title"],
    "central_article_id": _ID,
    "outlets": [{"value": "example.net", "articles": 1}, {"value": "news.example.org", "articles": 1}],
    "outlet_count": 2,
    "places": [{"geoname_id": 456172, "name": "Riga", "articles": 2}],
    "countries": [{"value": "LV", "articles": 2}],
    "entities": [],
    "articles": [
        {"article_id": _ID, "revision": 1, "at": _AT, "status_url": f"/v1/articles/{_ID}?revision=1"},
        {
            "article_id": "b" * 26,
            "revision": 1,
            "at": "2026-11-12T11:05:00Z",
            "status_url": f"/v1/articles/{'b' * 26}?revision=1",
        },
    ],
}
PAGE = "<html><body><h1>Bridge closed</h1><p>The bridge over the river was closed on Monday.</p></body></html>"
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
    "created_at": _AT,
    "state": "active",
    "reason": None,
    "cursor": "1794472201000-0",
    "delivered": 12,
    "attempts": 0,
    "last_answer": "204",
    "last_called_at": _AT,
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
    "at": _AT,
    "accepted": 1200,
    "pending": 46,
    "balanced": True,
    "lanes": {
        "live": {"waiting": 34, "oldest_seconds": 1.2, "stages": {**dict.fromkeys(_STAGES, _IDLE), "entities": _BUSY}},
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
