"""An API of the test's own, behind a transport that needs no network."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import httpx

from cli.api_client import ApiClient
from cli.connection import ApiAddress

ADDRESS = ApiAddress("http://api.test", "dl_key")


def client(handler: Callable[[httpx.Request], httpx.Response]) -> ApiClient:
    """A client whose requests all go to a function."""
    return ApiClient(ADDRESS, httpx.MockTransport(handler))


def receipt(number: int, answer: str = "accepted") -> dict[str, Any]:
    return {"id": f"article{number}", "revision": 1, "answer": answer, "status_url": "/", "warnings": []}


def problem(status: int, title: str, detail: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}


class Recorder:
    """Accepts what it is sent, and remembers it."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.lines: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path == "/v1/articles":
            self.lines.append(json.loads(request.content))
            return httpx.Response(202, json=receipt(len(self.lines)))
        lines = [json.loads(line) for line in gzip.decompress(request.content).splitlines()]
        items = []
        for position, line in enumerate(lines, start=1):
            self.lines.append(line)
            good = "text" in line or "html" in line
            item: dict[str, Any] = {"line": position, "status": 202 if good else 422}
            item |= {"receipt": receipt(len(self.lines))} if good else {"problem": problem(422, "Not valid", "no body")}
            items.append(item)
        return httpx.Response(207, json={"accepted": 0, "existing": 0, "rejected": 0, "items": items})
