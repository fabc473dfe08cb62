"""Talking to the API: one place that turns refusals and silence into something a person can act on."""

import gzip
import math
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx

from cli.connection import ApiAddress, api_address
from cli.errors import Trouble
from cli.exits import Exit

BUSY = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})
"""Statuses that say: later."""
_LONGEST_PAUSE_S = 60.0
_DEFAULT_PAUSE_S = 2.0
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_TRIES = 2
"""Broken connections in one call before it is given up: a server that restarts is back by then or needs a person."""

Pause = Callable[[float], None]
Call = Callable[[], httpx.Response]


def is_busy(response: httpx.Response) -> bool:
    """Whether the same request will do later. 409 with a time: it is still being answered (Idempotency-Key)."""
    waits = response.status_code == httpx.codes.CONFLICT and "Retry-After" in response.headers
    return waits or response.status_code in BUSY


def retry_after(response: httpx.Response, now: float | None = None) -> float:
    """Seconds that a busy server asks to wait: a number or a date, bounded, 2 when it does not say."""
    value = response.headers.get("Retry-After", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - (time.time() if now is None else now)
        except (ValueError, OverflowError):
            seconds = _DEFAULT_PAUSE_S
    return min(max(seconds, 0.1), _LONGEST_PAUSE_S) if math.isfinite(seconds) else _DEFAULT_PAUSE_S


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _faults(problem: dict[str, Any]) -> list[str]:
    """What is wrong with single fields and parameters."""
    errors = problem.get("errors")
    return [
        f"{error.get('parameter') or error.get('pointer') or 'The body'} {error.get('message')}."
        for error in (errors if isinstance(errors, list) else ())
    ]


def refusal(response: httpx.Response) -> Trouble:
    """What to tell about an answer that is an error."""
    problem = _problem(response)
    title = problem.get("title") or response.reason_phrase or "an error"
    detail = " ".join(_faults(problem)) or problem.get("detail") or ""
    said = f"The API answered {response.status_code}: {title}."
    match response.status_code:
        case httpx.codes.UNAUTHORIZED:
            step = "Set DATELINE_API_KEY to a key made with `dateline keys create NAME --scope submit --scope read`."
            return Trouble(said, step, Exit.REFUSED)
        case httpx.codes.FORBIDDEN:
            return Trouble(said, detail or "Use a key that has the scope for this.", Exit.REFUSED)
        case httpx.codes.NOT_FOUND:
            return Trouble(
                said, detail or "Check the id; `dateline tail --from-start` lists what exists.", Exit.MISSING
            )
        case code if code in BUSY:
            return Trouble(said, f"Try again in {retry_after(response):.0f} s.", Exit.UNREACHABLE)
        case _:
            return Trouble(said, detail or "Look into the log of the API.", Exit.FOUND)


class ApiClient:
    """The calls that the command makes."""

    def __init__(self, address: ApiAddress | None = None, transport: httpx.BaseTransport | None = None) -> None:
        self.address = address or api_address()
        headers = {"User-Agent": "dateline-cli"}
        if self.address.key:
            headers["Authorization"] = f"Bearer {self.address.key}"
        self._reached = False
        self._http = httpx.Client(
            base_url=self.address.url,
            headers=headers,
            timeout=_TIMEOUT,
            transport=transport,
            trust_env=not self._is_local,  # a proxy would not find this machine's loopback
        )

    @property
    def _is_local(self) -> bool:
        return urlsplit(self.address.url).hostname in ("127.0.0.1", "localhost", "::1")

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
            self._reached = True
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Trouble(
                f"{self.address.url} is not a web address.", "Correct DATELINE_API_URL.", Exit.USAGE
            ) from error
        except httpx.TransportError as error:
            raise Trouble(
                f"The API at {self.address.url} cannot be reached ({type(error).__name__}).",
                "Start it with `dateline up`, or set DATELINE_API_URL to where it runs.",
                Exit.UNREACHABLE,
            ) from error

    def get(self, path: str, **params: str | int) -> Any:
        """The JSON at a path."""
        with self._reaching():
            response = self._http.get(path, params=params)
        return self.checked(response)

    def page(self, path: str, accept: str, params: Mapping[str, str | int]) -> httpx.Response:
        """A page of a list in another form than JSON."""
        with self._reaching():
            return self._http.get(path, params=dict(params), headers={"Accept": accept})

    def post(self, path: str, order: Mapping[str, Any]) -> Any:
        """Send an order; the JSON that it is answered with."""
        return self.checked(self.send(path, order))

    def send(self, path: str, order: Mapping[str, Any]) -> httpx.Response:
        """Send an order."""
        with self._reaching():
            return self._http.post(path, json=order)

    def delete(self, path: str) -> None:
        """Delete what is at a path."""
        with self._reaching():
            response = self._http.delete(path)
        if not response.is_success:
            raise refusal(response)

    @staticmethod
    def checked(response: httpx.Response) -> Any:
        """The JSON of an answer.

        Raises:
            Trouble: It is an error.
        """
        if not response.is_success:
            raise refusal(response)
        return response.json()

    def one(self, line: bytes) -> Call:
        """The call that submits one article on the live lane; every try of it carries the same idempotency key."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        return partial(self._post, "/v1/articles", line, headers)

    def batch(self, lines: Sequence[bytes], written_in: str | None = None, lane: str | None = None) -> Call:
        """The call that submits articles as gzipped NDJSON.

        Args:
            lines: The articles.
            written_in: Their format; `None` for submissions.
            lane: `None` for the one that batches take.
        """
        body = gzip.compress(b"\n".join(lines) + b"\n", compresslevel=3)
        headers = {
            "Content-Type": "application/x-ndjson",
            "Content-Encoding": "gzip",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        given = {name: value for name, value in {"format": written_in, "lane": lane}.items() if value}
        return partial(self._post, "/v1/articles:batch", body, headers, given)

    def _post(
        self, path: str, body: bytes, headers: dict[str, str], params: dict[str, str] | None = None
    ) -> httpx.Response:
        with self._reaching():
            return self._http.post(path, content=body, headers=headers, params=params)

    def patiently(self, call: Call, deadline: float, pause: Pause) -> httpx.Response:
        """Repeat a call while the server is busy or the connection breaks, until a deadline (monotonic seconds).

        Repeating is safe: the same submission is answered with the article that already exists.
        """
        broken = 0
        while True:
            try:
                response = call()
            except Trouble as trouble:
                broken += 1
                wait = 0.5 * 2**broken
                late = time.monotonic() + wait > deadline or broken > _TRIES
                if late or not self._reached or trouble.exit_code != Exit.UNREACHABLE:
                    raise
            else:
                if not is_busy(response):
                    return response
                wait = retry_after(response)
                if time.monotonic() + wait > deadline:
                    raise refusal(response)
            pause(wait)

    @contextmanager
    def events(self, last_event_id: str | None) -> Iterator[Iterator[str]]:
        """The lines of the feed as server-sent events, from after an event on."""
        headers = {"Accept": "text/event-stream"}
        if last_event_id:
            headers["Last-Event-ID"] = last_event_id
        timeout = httpx.Timeout(5.0, read=60.0)
        with self._reaching(), self._http.stream("GET", "/v1/feed", headers=headers, timeout=timeout) as response:
            if not response.is_success:
                response.read()
                raise refusal(response)
            yield response.iter_lines()
