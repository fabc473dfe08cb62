"""Examples of articles, stories and the feed as readers get them."""

import json
from typing import Any

from api.examples._submitting import ID, SUBMISSION

AT = "2026-11-12T08:30:00Z"

STATUS: dict[str, Any] = {
    "id": ID,
    "revision": 1,
    "latest_revision": 1,
    "url": SUBMISSION["url"],
    "source": "news.example.org",
    "external_id": None,
    "lane": "live",
    "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    "accepted_at": AT,
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
        "memory": {
            "version": 41,
            "articles": 41,
            "home": None,
            "areas": [
                {
                    "geoname_id": 456172,
                    "name": "Riga",
                    "kind": "city",
                    "latitude": 56.946,
                    "longitude": 24.10589,
                    "admin1_code": "LV.25",
                    "share": 0.62,
                }
            ],
        },
        "gazetteer": "2.1-0a1b2c3d",
    },
    "duplicates": {
        "relation": "original",
        "canonical_id": ID,
        "cluster_id": ID,
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
            "id": f"{ID}:1:456172",
            "geometry": {"type": "Point", "coordinates": [24.10589, 56.946]},
            "properties": {
                "article_id": ID,
                "revision": 1,
                "url": SUBMISSION["url"],
                "title": SUBMISSION["title"],
            }
            | {name: value for name, value in _PLACE.items() if name not in {"latitude", "longitude"}},
        }
    ],
    "article_id": ID,
    "revision": 1,
    "geotag": "done",
}
NINJS: dict[str, Any] = {
    "uri": f"urn:dateline:article:{ID}",
    "type": "text",
    "representationType": "full",
    "version": "1",
    "pubStatus": "usable",
    "language": "en",
    "headlines": [{"role": "main", "value": SUBMISSION["title"]}],
    "standard": {"name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"},
}
ENTRY: dict[str, Any] = {
    "cursor": RESULT["cursor"],
    "article_id": ID,
    "revision": 1,
    "outcome": "done",
    "finished_at": RESULT["finished_at"],
    "url": SUBMISSION["url"],
    "source": "news.example.org",
    "title": SUBMISSION["title"],
    "language": "en",
    "relation": "original",
    "canonical_id": ID,
}
FEED: dict[str, Any] = {"items": [ENTRY], "next_cursor": RESULT["cursor"], "more": False}
FEED_LINES = json.dumps(FEED["items"][0]) + "\n"
STREAM = f'retry: 3000\n\nid: {RESULT["cursor"]}\nevent: outcome\ndata: {{"article_id": "{ID}", …}}\n\n: still here\n\n'
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": FEED["items"][0]["cursor"],
    "source": "urn:dateline:feed:dl",
    "type": "dateline.article.processed",
    "subject": f"{ID}:1",
    "time": AT,
    "datacontenttype": "application/json",
    "dataschema": "urn:dateline:schema:event",
    "data": {**FEED["items"][0], "href": f"/v1/articles/{ID}?revision=1", "result": None},
}
STORY: dict[str, Any] = {
    "id": ID,
    "size": 2,
    "first_at": AT,
    "last_at": "2026-11-12T11:05:00Z",
    "headline": SUBMISSION["title"],
    "central_article_id": ID,
    "sources": [{"value": "example.net", "articles": 1}, {"value": "news.example.org", "articles": 1}],
    "source_count": 2,
    "places": [{"geoname_id": 456172, "name": "Riga", "articles": 2}],
    "countries": [{"value": "LV", "articles": 2}],
    "entities": [],
    "articles": [
        {"article_id": ID, "revision": 1, "at": AT, "status_url": f"/v1/articles/{ID}?revision=1"},
        {
            "article_id": "b" * 26,
            "revision": 1,
            "at": "2026-11-12T11:05:00Z",
            "status_url": f"/v1/articles/{'b' * 26}?revision=1",
        },
    ],
}
