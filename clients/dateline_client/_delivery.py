"""The delivery of one batch as a conversation: what to send, how long to wait, what the answers mean. Does no I/O.

`deliver` is a generator. It yields `Post` and `Pause`; its driver sends it the response, or the transport's error, and
gets the answers when it returns. So the synchronous and the asynchronous client behave alike.
"""

import gzip
import math
import random
import time
import uuid
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from dateline_client._answers import Answer, Kind, Problem
from dateline_client._buffer import Queued
from dateline_client._errors import GaveUp, Refused
from dateline_client._options import Options

_LATER = frozenset({429, 503})
"""Statuses of an item that mean: not now."""
_RETRIED = _LATER | {408, 409, 425, 500, 502, 504}
"""Statuses of a whole answer that pass. 409: the same request is still being answered (Idempotency-Key)."""
_TOO_LARGE = 413
_LONGEST_PAUSE_S = 60.0
_FIRST_PAUSE_S = 0.5
_GZIP_LEVEL = 3
_STEPS = {
    401: "Give the client a key made with `dateline keys create NAME --scope submit`.",
    403: "Use a key with the scope `submit`.",
    404: "Check the address: it is the API's root, without /v1.",
}


@dataclass(frozen=True, slots=True)
class Post:
    """Send this."""

    content: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait so many seconds."""

    seconds: float


Heard = httpx.Response | httpx.TransportError | None
Delivery = Generator[Post | Pause, Heard, list[Answer]]


def retry_after(response: httpx.Response, now: float) -> float | None:
    """Seconds that the server asks to wait: a number or a date (RFC 9110 10.2.3); ``None`` when it does not say."""
    value = response.headers.get("Retry-After", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - now
        except (ValueError, OverflowError):
            return None
    return min(max(seconds, 0.1), _LONGEST_PAUSE_S) if math.isfinite(seconds) else None


def _document(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def deliver(batch: Sequence[Queued], options: Options, clock: Callable[[], float] = time.monotonic) -> Delivery:
    """Deliver a batch until each article has an answer that stands.

    Args:
        batch: The articles.
        options: How patient to be, and whether to compress.
        clock: Seconds of a clock that never goes back.

    Raises:
        GaveUp: The server was busy or away for too long.
        Refused: It refuses the request itself.
    """
    answers: dict[int, Answer] = {}
    groups = deque([list(range(len(batch)))])
    patience = _Patience(options.patience, clock)
    while groups:
        group = groups.popleft()
        response = yield from _answered([batch[i].line for i in group], options, patience)
        before = len(answers)
        rest, wait = _note(batch, group, response, answers)
        if len(answers) > before:
            patience.renew()
        if wait is not None:
            yield patience.pause(f"HTTP {response.status_code}", wait)
        groups.extendleft(reversed(rest))
    return [answers[i] for i in range(len(batch))]


class _Patience:
    """How long to wait until the next try, and when to stop trying."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._deadline = clock() + seconds
        self._failures = 0

    def renew(self) -> None:
        """Something was answered."""
        self._deadline = self._clock() + self._seconds
        self._failures = 0

    def pause(self, reason: str, asked: float | None = None) -> Pause:
        """The pause that the server asks for, else one that grows each time, with jitter."""
        self._failures += 1
        backoff = min(_FIRST_PAUSE_S * 2 ** (self._failures - 1), _LONGEST_PAUSE_S)
        wait = asked if asked is not None else backoff * random.uniform(0.7, 1.3)  # noqa: S311 - not secret
        if self._clock() + wait > self._deadline:
            raise GaveUp(
                f"Dateline took no more articles for {self._seconds:.0f} s ({reason}). Start it or give it more "
                "workers, then submit what `undelivered` holds again."
            )
        return Pause(wait)


def _answered(
    lines: list[bytes], options: Options, patience: _Patience
) -> Generator[Post | Pause, Heard, httpx.Response]:
    """Send lines until there is an answer to them; every try carries the same idempotency key."""
    post = _post(lines, options)
    while True:
        heard = yield post
        if isinstance(heard, httpx.TransportError):
            yield patience.pause(type(heard).__name__)
        elif heard is None:
            raise TypeError("the driver sent no response")
        elif heard.status_code in _RETRIED and "items" not in _document(heard):
            yield patience.pause(f"HTTP {heard.status_code}", retry_after(heard, time.time()))
        else:
            return heard


def _post(lines: list[bytes], options: Options) -> Post:
    content = b"\n".join(lines) + b"\n"
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": uuid.uuid4().hex}
    if options.compress:
        content = gzip.compress(content, _GZIP_LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Post(content, headers)


def _note(
    batch: Sequence[Queued], group: list[int], response: httpx.Response, answers: dict[int, Answer]
) -> tuple[list[list[int]], float | None]:
    """Note the answers that stand; returns what has to be sent again, and how long to wait before that."""
    document = _document(response)
    items = document.get("items")
    if response.status_code == _TOO_LARGE and items is None:
        return _split(batch, group, document, answers), None
    if items is None:
        raise _refusal(response, document)
    later: list[int] = []
    for item in items:
        position = group[int(item["line"]) - 1]
        broke_off = item is items[-1] and len(items) < len(group) and item.get("receipt") is None
        if item["status"] in _LATER:
            later.append(position)
        elif not broke_off or len(items) == 1:
            answers[position] = Answer.read(item, batch[position].tag)
    unread = [i for i in group if i not in answers and i not in later]
    again = sorted([*later, *unread])
    wait = (retry_after(response, time.time()) or _FIRST_PAUSE_S * 4) if later else None
    return ([again] if again else []), wait


def _split(
    batch: Sequence[Queued], group: list[int], document: Mapping[str, Any], answers: dict[int, Answer]
) -> list[list[int]]:
    """A batch that is too large goes in two halves; an article that is too large alone is rejected."""
    if len(group) > 1:
        middle = len(group) // 2
        return [group[:middle], group[middle:]]
    (position,) = group
    answers[position] = Answer(Kind.REJECTED, _TOO_LARGE, problem=Problem.read(document), tag=batch[position].tag)
    return []


def _refusal(response: httpx.Response, document: Mapping[str, Any]) -> Refused:
    status = response.status_code
    said = str(Problem.read(document)) or response.reason_phrase or "no reason"
    step = _STEPS.get(status, "Check that the address is that of Dateline's API.")
    return Refused(status, f"Dateline refuses the request with {status}: {said.rstrip('.')}. {step}")
