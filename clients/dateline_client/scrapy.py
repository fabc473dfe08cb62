"""A Scrapy item pipeline that pushes items to Dateline.

    ITEM_PIPELINES = {"dateline_client.scrapy.DatelinePipeline": 800}
    DATELINE_URL = "http://localhost:8000"
    DATELINE_KEY = "dl_…"

Items of every type that itemadapter knows. Nothing is dropped for want of room: while the buffer is full, items wait in
the pipeline, Scrapy sees that its spider is busy and stops downloading.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import fields
from threading import Thread
from typing import Any, Self

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import is_asyncio_available
from twisted.internet.defer import Deferred

from dateline_client._answers import Answer, Kind
from dateline_client._client import Client
from dateline_client._errors import ClientError
from dateline_client._options import Options

_log = logging.getLogger(__name__)


def options_of(get: Callable[[str], Any]) -> Options:
    """The options in Scrapy's settings: ``DATELINE_BATCH_ITEMS`` and so on, one for each field of `Options`."""
    given = {field.name: get(f"DATELINE_{field.name.upper()}") for field in fields(Options)}
    defaults = Options()
    return Options(**{name: _as(getattr(defaults, name), value) for name, value in given.items() if value is not None})


def _as(default: Any, value: Any) -> Any:
    """Settings from the command line are strings."""
    if isinstance(default, bool):
        return str(value).lower() not in {"0", "false", "no"}
    return type(default)(value) if isinstance(default, int | float) else value


class DatelinePipeline:
    """Pushes each item, and hands it on."""

    def __init__(self, crawler: Crawler) -> None:
        """Read the settings.

        Raises:
            NotConfigured: ``DATELINE_URL`` is missing.
        """
        settings = crawler.settings
        url = settings.get("DATELINE_URL")
        if not url:
            raise NotConfigured("DATELINE_URL is not set: the address of Dateline's API, such as http://localhost:8000")
        self._crawler = crawler
        self._client = Client(
            url,
            key=settings.get("DATELINE_KEY"),
            options=options_of(settings.get),
            on_answer=self._answered,
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """How Scrapy makes it."""
        return cls(crawler)

    async def process_item(self, item: Any, spider: Any = None) -> Any:  # noqa: ARG002 - older versions of Scrapy pass it
        """Take one item; waits for room without blocking the crawl."""
        article = ItemAdapter(item).asdict()
        tag = article.get("url")
        while not self._client.offer(article, tag=tag):
            wake, room = _signal()
            if self._client.offer(article, tag=tag, when_room=wake):
                break
            self._count("waits")
            await room
        return item

    async def close_spider(self, spider: Any = None) -> None:  # noqa: ARG002 - as above
        """Deliver the last batch before the spider counts as closed."""
        wake, closed = _signal()
        Thread(target=self._close, args=[wake], name="dateline-close").start()
        await closed
        totals = self._client.totals
        for kind in Kind:
            self._set(kind.value, totals[kind])
        self._set("undelivered", len(self._client.undelivered))
        self._set("batches", totals.batches)
        self._set("pauses", totals.pauses)

    def _close(self, wake: Callable[[], None]) -> None:
        """Called in a thread, since it may take as long as the server is busy."""
        try:
            self._client.close()
        except ClientError as error:
            _log.error("%d items were not delivered: %s", len(self._client.undelivered), error)
        finally:
            wake()

    def _answered(self, answer: Answer) -> None:
        """Called in the client's thread."""
        if answer.kind is Kind.REJECTED:
            _log.warning("Dateline rejected the item of %s: %s", answer.tag, answer.problem)

    def _count(self, name: str) -> None:
        if self._crawler.stats:
            self._crawler.stats.inc_value(f"dateline/{name}")

    def _set(self, name: str, value: int) -> None:
        if self._crawler.stats and value:
            self._crawler.stats.set_value(f"dateline/{name}", value)


def _signal() -> tuple[Callable[[], None], Awaitable[None]]:
    """Something to wait for, and what another thread calls to end the wait; with and without asyncio's reactor."""
    if is_asyncio_available():
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        return lambda: _soon(loop, future), future
    from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

    deferred: Deferred[None] = Deferred()
    return lambda: reactor.callFromThread(deferred.callback, None), deferred


def _soon(loop: asyncio.AbstractEventLoop, future: "asyncio.Future[None]") -> None:
    loop.call_soon_threadsafe(_finish, future)


def _finish(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
