"""A Dateline of the test's own, behind a transport that needs no network."""

import gzip
import json
import threading
from collections.abc import Callable
from typing import Any

import httpx

Reply = httpx.Response | Exception | Callable[[list[dict[str, Any]]], httpx.Response]


def receipt(number: int, answer: str = "accepted") -> dict[str, Any]:
    return {"id": f"article{number}", "revision": 1, "answer": answer, "status_url": "/", "warnings": []}


def item(line: int, status: int = 202, **more: Any) -> dict[str, Any]:
    if status < 300:
        return {"line": line, "status": status, "receipt": receipt(line), "problem": None, **more}
    return {"line": line, "status": status, "receipt": None, "problem": problem(status), **more}


def problem(status: int, detail: str = "") -> dict[str, Any]:
    return {"type": "urn:dateline:problem:x", "title": "A problem", "status": status, "detail": detail, "errors": []}


def batch(*items: dict[str, Any], status: int = 207, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"items": list(items)}, headers=headers)


def refused(status: int, detail: str = "", **headers: str) -> httpx.Response:
    return httpx.Response(status, json=problem(status, detail), headers=headers)


class Service:
    """Plays prepared replies first, then accepts everything that has a body; remembers what it was sent."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self._lock = threading.Lock()
        self.requests: list[httpx.Request] = []
        self.batches: list[list[dict[str, Any]]] = []

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [line for found in self.batches for line in found]

    @property
    def keys(self) -> list[str]:
        return [request.headers["Idempotency-Key"] for request in self.requests]

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        body = request.content
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        lines = [json.loads(line) for line in body.splitlines()]
        with self._lock:
            self.requests.append(request)
            reply = self._replies.pop(0) if self._replies else None
            if isinstance(reply, Exception):
                raise reply
            if isinstance(reply, httpx.Response):
                return reply
            self.batches.append(lines)
        if reply:
            return reply(lines)
        good = ["text" in line or "html" in line for line in lines]
        return batch(*(item(n, 202 if fine else 422) for n, fine in enumerate(good, start=1)))
