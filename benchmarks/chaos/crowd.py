"""The people around Dateline: scrapers that push on through every fault, and a reader who follows the feed."""

import itertools
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import httpx

from schemas import FeedEntry, Ref, RetryLater, Submission
from store import START, Store

_AGAIN_S = 0.1
_PATIENCE_S = 60.0
_BATCH = 20


@dataclass(frozen=True)
class Push:
    """What a scraper sends at once: one article on the live lane, or some on the bulk lane."""

    articles: tuple[Submission, ...]

    @property
    def is_live(self) -> bool:
        """Whether it is a single article."""
        return len(self.articles) == 1

    def body(self) -> bytes:
        """The request's body."""
        lines = [article.model_dump_json(exclude_none=True) for article in self.articles]
        return "\n".join(lines).encode()


def pushes(articles: Sequence[Submission]) -> Iterator[Push]:
    """Every third article alone, the others in batches."""
    bulk: list[Submission] = []
    for number, article in enumerate(articles):
        if number % 3 == 0:
            yield Push((article,))
            continue
        bulk.append(article)
        if len(bulk) == _BATCH:
            yield Push(tuple(bulk))
            bulk = []
    if bulk:
        yield Push(tuple(bulk))


class Scraper:
    """Pushes until it is told that the articles are safe: that, and nothing else, counts as accepted."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = httpx.Client(timeout=5.0, trust_env=False)
        self.repeated = 0

    def push(self, push: Push) -> list[Ref]:
        """Send it, again and again if need be; returns what was accepted, in order."""
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            try:
                accepted = self._send(push)
            except httpx.TransportError:
                accepted = None
            if accepted is not None:
                return accepted
            self.repeated += 1
            time.sleep(_AGAIN_S)
        raise RuntimeError(f"the API took nothing for {_PATIENCE_S:.0f} s")

    def _send(self, push: Push) -> list[Ref] | None:
        if push.is_live:
            headers = {"Content-Type": "application/json"}
            response = self._client.post(f"{self._url}/v1/articles", content=push.body(), headers=headers)
            return [_ref(response.json())] if response.is_success else None
        headers = {"Content-Type": "application/x-ndjson"}
        response = self._client.post(f"{self._url}/v1/articles:batch", content=push.body(), headers=headers)
        if not response.is_success:
            return None
        items = response.json()["items"]
        refs = [_ref(item["receipt"]) for item in items if item.get("receipt")]
        return refs if len(refs) == len(push.articles) else None

    def close(self) -> None:
        """Hang up."""
        self._client.close()


def _ref(receipt: dict[str, str | int]) -> Ref:
    return Ref(str(receipt["id"]), int(receipt["revision"]))


@dataclass
class Reader:
    """Follows the feed while it grows, from the cursor of what it saw last, whatever happens to Redis."""

    store: Store
    seen: list[FeedEntry] = field(default_factory=list)
    _done: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin at the beginning."""
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def finish(self) -> list[FeedEntry]:
        """Read to the end; returns all that it has seen, in order."""
        self._done.set()
        assert self._thread
        self._thread.join(timeout=60)
        return self.seen

    def _follow(self) -> None:
        cursor = START
        while True:
            finishing = self._done.is_set()
            try:
                page = self.store.feed.page(cursor, 500)
            except RetryLater:
                time.sleep(_AGAIN_S)
                continue
            self.seen += page.items
            cursor = page.next_cursor
            if finishing and not page.more:
                return
            if not page.more:
                time.sleep(0.05)


def written(entries: Sequence[FeedEntry]) -> str:
    """A feed, one line for each entry, for whoever looks into a run that failed."""
    return "".join(json.dumps([e.cursor, e.article_id, e.revision, e.outcome]) + "\n" for e in entries)


def is_in_order(entries: Sequence[FeedEntry]) -> Iterator[bool]:
    """Whether each entry stands behind the one before it, by cursor and by time."""
    for before, after in itertools.pairwise(entries):
        yield _place(after.cursor) > _place(before.cursor) and after.finished_at >= before.finished_at


def _place(cursor: str) -> tuple[int, int]:
    milliseconds, _, number = cursor.partition("-")
    return int(milliseconds), int(number)
