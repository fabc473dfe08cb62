"""Follows the feed for a sink, page by page.

The sink keeps the cursor together with its data, and changes both in one step. So whatever is killed, and when, it goes
on after exactly what it has. An entry whose result has been replaced since is left out: a later entry has the new one.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from threading import Event
from typing import Protocol, TypeVar

import structlog

from schemas import FeedEntry, FeedPage, Ref, Result, RetryLater
from store import Store
from workers.heartbeat import beat
from workers.metrics import Instruments, Origin
from workers.sinks.errors import FeedTrimmed, SinkAway

_T = TypeVar("_T")
_log = structlog.get_logger(__name__)
_PAGE = 200
_PAGE_BYTES = 8 * 1024 * 1024
"""Submitted bytes of the results in memory at a time, at most: 200 usual ones have 1 MB, a single one up to 5."""
_WAIT_MS = 500
_AWAY_S = 1.0
_STORE, _KEEPING = "store", "sink"
_REPORT_S = 2.0
"""Seconds between two reports of how far the sink is, when there is much to do."""


class Sink(Protocol):
    """Something that keeps results."""

    name: str
    kind: str

    @property
    def cursor(self) -> str:
        """Everything up to here is safe in it, whatever happens."""

    @property
    def reached(self) -> str:
        """Everything up to here was taken; what is not safe yet is read again after a failure."""

    def resume(self) -> str:
        """Prepare, at the start and after any failure; returns the cursor to go on from.

        Raises:
            SinkAway: It does not answer; try again later.
            SinkError: It cannot go on until an operator has acted.
        """

    def take(self, page: FeedPage, results: Sequence[Result]) -> None:
        """Keep a page of the feed: its results, and that stories merged. They may become safe later.

        Args:
            page: The entries, without gap behind those of the page before.
            results: What they tell of, as it stands now; what another entry tells anew is not among them.

        Raises:
            SinkAway: It did not; go on from what `resume` says.
        """

    def idle(self) -> None:
        """Called at least once a second: a chance to make safe what has been open for long."""

    def close(self) -> None:
        """Make everything safe and end."""


def current_results(store: Store, entries: Sequence[FeedEntry]) -> list[Result]:
    """The results of feed entries, in their order, without those that were replaced since: a later entry has them."""
    told = {entry.cursor for entry in entries}
    found = store.results.many([Ref(entry.article_id, entry.revision) for entry in entries])
    return [article for article in found if isinstance(article, Result) and article.cursor in told]


def page_of(store: Store, cursor: str) -> FeedPage:
    """A page after a cursor, bounded by the size of its results."""
    page = store.feed.page(cursor, _PAGE)
    sizes = store.results.sizes([Ref(entry.article_id, entry.revision) for entry in page.items])
    fitting = sum(total <= _PAGE_BYTES for total in accumulate(sizes))
    if fitting == len(page.items):
        return page
    items = page.items[: max(1, fitting)]
    return FeedPage(items=items, next_cursor=items[-1].cursor, more=len(items) < len(page.items) or page.more)


@dataclass(slots=True)
class Runner:
    """Follows the feed for one sink."""

    store: Store
    sink: Sink
    heartbeat: Path | None = None
    """File to touch at every step; its age tells whether the process lives."""
    stop: Event = field(default_factory=Event)
    taken: int = 0
    """Results given to the sink so far."""
    instruments: Instruments = field(default_factory=lambda: Instruments(Origin.SINK))
    clock: Callable[[], float] = time.monotonic
    _reported: tuple[float, str] = (0.0, "")

    def run(self, *, once: bool = False) -> None:
        """Go on until told to stop, or until the end of the feed.

        Raises:
            FeedTrimmed: The retention deleted outcomes that the sink did not have.
            SinkError: The sink cannot go on.
        """
        self.instruments.begin("dateline_sink_results_total", self.sink.kind)
        self.instruments.begin("dateline_sink_away_total", _STORE, _KEEPING)
        try:
            self._follow(once=once)
        except FeedTrimmed:
            self.sink.close()  # what it has is good
            raise

    def _follow(self, *, once: bool) -> None:
        cursor = self._patiently(self._begin)
        if cursor is None:
            return
        _log.info("sink.ready", sink=self.sink.name, kind=self.sink.kind, cursor=cursor)
        more = True
        while not self.stop.is_set() and (more or not once):
            try:
                page = self._step(cursor)
                cursor, more = page.next_cursor, page.more
            except SinkAway as error:
                self._count_away(_KEEPING)
                _log.warning("sink.away", sink=self.sink.name, reason=str(error))
                cursor = self._patiently(self._begin) or cursor
            except RetryLater as error:
                self._count_away(_STORE)
                _log.warning("sink.store_away", sink=self.sink.name, error=type(error).__name__)
                self.stop.wait(_AWAY_S)
        self.sink.close()
        self._report()
        _log.info("sink.stopped", sink=self.sink.name, cursor=self.sink.cursor, results=self.taken)

    def _begin(self) -> str:
        cursor = self.sink.resume()
        self._report()
        return cursor

    def _step(self, cursor: str) -> FeedPage:
        """Take the page behind a cursor, or wait for one."""
        beat(self.heartbeat)
        page = page_of(self.store, cursor)
        if page.items:
            results = current_results(self.store, page.items)
            self.sink.take(page, results)
            self.taken += len(results)
            self.instruments.counter("dateline_sink_results_total", self.sink.kind).inc(len(results))
        self.sink.idle()
        reported_at, reported = self._reported
        if self.clock() - reported_at >= _REPORT_S or (not page.more and reported != self.sink.reached):
            self._report()
        if not page.items:
            self.store.feed.wait(cursor, _WAIT_MS)
        return page

    def _report(self) -> None:
        reached = self.sink.reached
        missed = self.store.consumers.report(self.sink.name, self.sink.kind, self.sink.cursor, reached)
        self._reported = (self.clock(), reached)
        if missed:
            raise FeedTrimmed(self.sink.name, missed)

    def _count_away(self, who: str) -> None:
        self.instruments.counter("dateline_sink_away_total", who).inc()

    def _patiently(self, do: Callable[[], _T]) -> _T | None:
        """Repeat an action until store and sink are available; ``None`` if told to stop meanwhile."""
        while True:
            beat(self.heartbeat)
            try:
                return do()
            except RetryLater as error:
                self._count_away(_KEEPING if isinstance(error, SinkAway) else _STORE)
                _log.warning("sink.not_ready", sink=self.sink.name, reason=str(error))
                if self.stop.wait(_AWAY_S):
                    return None
