"""Following the feed: one blocking thread for the whole process, and an event stream for each reader."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import anyio
import structlog
from anyio import CapacityLimiter, to_thread

from schemas import COPIES, FeedEntry, FeedPage, Outcome, RetryLater
from store import Feed

HEARTBEAT_SECONDS = 15.0
"""Proxies commonly close a connection after 30 to 60 silent seconds."""
_BLOCK_MS = 1_000
"""Also how long a stopping process may have to wait for the blocked thread."""
_PAUSE_SECONDS = 0.05
"""Pause between two announcements, so that a busy feed is read in pages and not entry by entry."""
_RETRY_SECONDS = 1.0
_PAGE = 100
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries of the feed a reader wants."""

    outcomes: frozenset[Outcome] = frozenset()
    """Only these, if any are given."""
    originals: bool = False
    """Without copies of other articles."""

    @property
    def is_filter(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.outcomes) or self.originals

    def __call__(self, entry: FeedEntry) -> bool:
        """Whether this entry is one of them."""
        if self.outcomes and entry.outcome not in self.outcomes:
            return False
        return not (self.originals and entry.relation in COPIES)


class Follower:
    """Tells readers that the feed has grown. Asks the store only while a reader listens."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._thread = CapacityLimiter(1)
        self._grown = asyncio.Event()
        self._listened_to = asyncio.Event()
        self._listeners = 0
        self.generation = 0
        """Rises with every announcement. Read it before a page, so that no announcement is missed in between."""
        self.stopping = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Receive announcements inside this block."""
        self._listeners += 1
        self._listened_to.set()
        try:
            yield
        finally:
            self._listeners -= 1
            if not self._listeners:
                self._listened_to.clear()

    async def beyond(self, generation: int, seconds: float) -> bool:
        """Wait for an announcement after a generation; false if the time is over first."""
        if self.generation == generation and not self.stopping:
            with anyio.move_on_after(seconds):
                await self._grown.wait()
        return self.generation != generation

    async def run(self) -> None:
        """Follow until cancelled."""
        self.stopping = False
        while True:
            await self._listened_to.wait()
            try:
                await self._follow()
            except RetryLater as error:
                _log.warning("feed.not_followed", error=type(error).__name__)
                await anyio.sleep(_RETRY_SECONDS)

    def stop(self) -> None:
        """End all streams, so that the server can shut down. Readers come back with their cursor."""
        self.stopping = True
        self._announce()

    async def _follow(self) -> None:
        cursor = await to_thread.run_sync(self._feed.newest)
        self._announce()
        while self._listeners:
            if await to_thread.run_sync(
                self._feed.wait, cursor, _BLOCK_MS, limiter=self._thread, abandon_on_cancel=True
            ):
                cursor = await to_thread.run_sync(self._feed.newest)
                self._announce()
                await anyio.sleep(_PAUSE_SECONDS)

    def _announce(self) -> None:
        self.generation += 1
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()


async def when_there(follower: Follower, read: Callable[[str], FeedPage], after: str, seconds: float) -> FeedPage:
    """A page of the feed as soon as it has an entry, or an empty one when the time is over.

    Args:
        follower: Tells when to read again.
        read: Reads a page after a cursor.
        after: Where to begin.
        seconds: How long to wait.
    """
    deadline = anyio.current_time() + seconds
    with follower.listening():
        while True:
            seen = follower.generation
            page = await to_thread.run_sync(read, after)
            left = deadline - anyio.current_time()
            if page.items or left <= 0 or follower.stopping:
                return page
            after = page.next_cursor
            if not page.more:
                await follower.beyond(seen, left)


def event(entry: FeedEntry) -> str:
    """One feed entry as a server-sent event; its id is the cursor to resume from."""
    return f"id: {entry.cursor}\nevent: outcome\ndata: {entry.model_dump_json()}\n\n"


async def events(feed: Feed, follower: Follower, after: str, wanted: Wanted | None = None) -> AsyncIterator[str]:
    """The event stream after a cursor. It ends when the server stops or the store does not answer.

    Args:
        feed: Where to read.
        follower: Tells when to read again.
        after: The cursor of the last entry that the reader has.
        wanted: Which entries; all of them, unless given.
    """
    yield "retry: 3000\n\n"
    try:
        with follower.listening():
            while not follower.stopping:
                seen = follower.generation
                page = await to_thread.run_sync(feed.page, after, _PAGE)
                after = page.next_cursor
                if text := "".join(event(entry) for entry in page.items if wanted is None or wanted(entry)):
                    yield text
                if not page.more and not await follower.beyond(seen, HEARTBEAT_SECONDS):
                    yield ": still here\n\n"
    except RetryLater as error:
        _log.warning("feed.stream_ended", error=type(error).__name__)
