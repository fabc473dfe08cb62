"""The client for programs on asyncio."""

import asyncio
import time
from collections.abc import AsyncIterable, Callable, Iterable
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import httpx

from dateline_client._answers import Answer, Totals
from dateline_client._article import to_line
from dateline_client._buffer import Buffer, Queued
from dateline_client._delivery import Pause, deliver
from dateline_client._errors import ClientError
from dateline_client._http import http_settings
from dateline_client._options import Options


class AsyncClient:
    """As `Client`, with a task instead of a thread: ``submit`` waits without blocking while the buffer is full."""

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        on_answer: Callable[[Answer], None] | None = None,
        options: Options | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        **changes: Any,
    ) -> None:
        """Prepare; nothing is sent yet. The arguments are those of `Client`."""
        self.options = replace(options or Options(), **changes)
        self.totals = Totals()
        self._http = httpx.AsyncClient(transport=transport, **http_settings(url, key, self.options))
        self._on_answer = on_answer
        self._buffer = Buffer(self.options)
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._hurry = False
        self._closed = False
        self._error: Exception | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def submit(self, article: Any, *, tag: Any = None) -> None:
        """Take an article; waits while the buffer is full.

        Raises:
            ClientError: An earlier delivery failed for good.
        """
        queued = self._queued(article, tag)
        async with self._changed:
            await self._changed.wait_for(lambda: self._buffer.has_room(queued) or self._error is not None)
            self._complain()
            if self._closed:
                raise ClientError("The client is closed. Make a new one.")
            self._buffer.add(queued, time.monotonic())
            self._task = self._task or asyncio.create_task(self._run())
            self._changed.notify_all()

    async def send(self, articles: Iterable[Any] | AsyncIterable[Any]) -> list[Answer]:
        """Deliver articles now and return their answers, in order. Not buffered and not given to ``on_answer``.

        Raises:
            ClientError: They could not all be delivered. Sending them again is harmless.
        """
        aside = Buffer(self.options)
        answers: list[Answer] = []
        async for article in _each(articles):
            aside.add(self._queued(article, None), 0.0)
            if aside.due_in(0.0) == 0.0:
                answers += await self._deliver(aside.take())
        while batch := aside.take():
            answers += await self._deliver(batch)
        return answers

    async def flush(self) -> None:
        """Wait until everything that was submitted is answered.

        Raises:
            ClientError: The delivery failed for good.
        """
        async with self._changed:
            self._hurry = True
            self._changed.notify_all()
            await self._changed.wait_for(lambda: not len(self._buffer) or self._error is not None)
            self._hurry = False
            self._complain()

    async def close(self) -> None:
        """Deliver what is left and end. Does nothing the second time.

        Raises:
            ClientError: Something could not be delivered; `undelivered` holds it.
        """
        if self._closed:
            return
        async with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._task:
            await self._task
        await self._http.aclose()
        self._complain()

    @property
    def undelivered(self) -> list[bytes]:
        """What was submitted and is not answered, as lines of NDJSON."""
        return [queued.line for queued in self._buffer.articles]

    def _queued(self, article: Any, tag: Any) -> Queued:
        return Queued(to_line(article, foreign=self.options.format is not None), tag)

    def _complain(self) -> None:
        if self._error is not None:
            raise self._error

    async def _run(self) -> None:
        try:
            while batch := await self._next():
                for answer in await self._deliver(batch):
                    self.totals.add(answer)
                    if self._on_answer:
                        self._on_answer(answer)
                await self._tell(done=True)
        except Exception as error:  # noqa: BLE001 - it is raised where the articles come from
            self._error = error
            await self._tell(done=False)

    async def _next(self) -> list[Queued] | None:
        async with self._changed:
            while True:
                wait = self._buffer.due_in(time.monotonic())
                if wait is not None and (wait == 0.0 or self._closed or self._hurry):
                    return self._buffer.take()
                if wait is None and self._closed:
                    return None
                await self._woken(wait)

    async def _woken(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            pass

    async def _tell(self, *, done: bool) -> None:
        async with self._changed:
            if done:
                self._buffer.done()
            self._changed.notify_all()

    async def _deliver(self, batch: list[Queued]) -> list[Answer]:
        conversation = deliver(batch, self.options)
        heard: httpx.Response | httpx.TransportError | None = None
        self.totals.batches += 1
        while True:
            try:
                step = conversation.send(heard)
            except StopIteration as end:
                answers: list[Answer] = end.value
                return answers
            if isinstance(step, Pause):
                self.totals.pauses += 1
                heard = await asyncio.sleep(step.seconds, None)
            else:
                try:
                    heard = await self._http.post(self.options.path, content=step.content, headers=dict(step.headers))
                except httpx.TransportError as error:
                    heard = error


async def _each(articles: Iterable[Any] | AsyncIterable[Any]) -> AsyncIterable[Any]:
    if isinstance(articles, AsyncIterable):
        async for article in articles:
            yield article
    else:
        for article in articles:
            yield article
