"""Examples of what is pushed and of the answers to it."""

from typing import Any

ID = "q3x7m5k2vbn4ohd6e7ytzcw2pa"

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
PAGE = "<html><body><h1>Bridge closed</h1><p>The bridge over the river was closed on Monday.</p></body></html>"
RECEIPT: dict[str, Any] = {
    "id": ID,
    "revision": 1,
    "answer": "accepted",
    "status_url": f"/v1/articles/{ID}?revision=1",
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
