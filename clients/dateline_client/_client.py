"""The client for programs with threads."""

import atexit
import logging
import time
import weakref
from collections.abc import Callable, Iterable
from dataclasses import replace
from threading import Condition, Thread
from types import TracebackType
from typing import Any, Self

import httpx

from dateline_client._answers import Answer, Totals
from dateline_client._article import to_line
from dateline_client._buffer import Buffer, Queued
from dateline_client._delivery import Pause, deliver
from dateline_client._errors import ClientError, GaveUp
from dateline_client._http import http_settings
from dateline_client._options import Options

_LAST_CHANCE_S = 30.0
_log = logging.getLogger("dateline_client")


class Client:
    """Sends articles in batches from a thread of its own; bounded in memory, patient with a busy server.

    ``submit`` returns as soon as the article is buffered, and waits only while the buffer is full. Answers go to
    ``on_answer``, in the order of submission, from that thread. ``close`` delivers what is left.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        on_answer: Callable[[Answer], None] | None = None,
        options: Options | None = None,
        transport: httpx.BaseTransport | None = None,
        **changes: Any,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            url: Root of the API, such as ``http://localhost:8000``.
            key: An access key with the scope ``submit``.
            on_answer: Called with each answer.
            options: How to batch and deliver.
            transport: How to reach the server, for tests and special networks.
            changes: Single fields of `Options`, such as ``batch_items=100``.
        """
        self.options = replace(options or Options(), **changes)
        self.totals = Totals()
        self._http = httpx.Client(transport=transport, **http_settings(url, key, self.options))
        self._on_answer = on_answer
        self._buffer = Buffer(self.options)
        self._changed = Condition()
        self._thread: Thread | None = None
        self._hurry = False
        self._closed = False
        self._error: BaseException | None = None
        self._room_wanted: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def submit(self, article: Any, *, tag: Any = None) -> None:
        """Take an article; waits while the buffer is full.

        Args:
            article: A mapping or a dataclass with the fields of a submission; others go under ``extra``.
            tag: Comes back with the answer.

        Raises:
            ClientError: An earlier delivery failed for good.
        """
        queued = self._queued(article, tag)
        with self._changed:
            while not self._buffer.has_room(queued) and self._error is None:
                self._changed.wait()
            self._add(queued)

    def offer(self, article: Any, *, tag: Any = None, when_room: Callable[[], None] | None = None) -> bool:
        """Take an article if there is room, without waiting.

        Args:
            article: As in `submit`.
            tag: Comes back with the answer.
            when_room: Called once, from the client's thread, when it is worth offering again; only after ``False``.

        Raises:
            ClientError: An earlier delivery failed for good.
        """
        queued = self._queued(article, tag)
        with self._changed:
            room = self._buffer.has_room(queued) or self._error is not None
            if room:
                self._add(queued)
            elif when_room:
                self._room_wanted.append(when_room)
            return room

    def send(self, articles: Iterable[Any]) -> list[Answer]:
        """Deliver articles now and return their answers, in order. Not buffered and not given to ``on_answer``.

        Raises:
            ClientError: They could not all be delivered. Sending them again is harmless.
        """
        aside = Buffer(self.options)
        answers: list[Answer] = []
        for article in articles:
            aside.add(self._queued(article, None), 0.0)
            if aside.due_in(0.0) == 0.0:
                answers += self._deliver(aside.take())
        while batch := aside.take():
            answers += self._deliver(batch)
        return answers

    def flush(self) -> None:
        """Wait until everything that was submitted is answered.

        Raises:
            ClientError: The delivery failed for good.
        """
        with self._changed:
            self._hurry = True
            self._changed.notify_all()
            while len(self._buffer) and self._error is None:
                self._changed.wait()
            self._hurry = False
            self._complain()

    def close(self, timeout: float | None = None) -> None:
        """Deliver what is left and end. Does nothing the second time.

        Args:
            timeout: Seconds to wait for it at most; `None` for as long as ``patience`` allows.

        Raises:
            ClientError: Something could not be delivered; `undelivered` holds it.
        """
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join(timeout)
            if self._thread.is_alive():
                told = f"{len(self._buffer)} articles were not delivered within {timeout:.0f} s."
                raise GaveUp(f"{told} Submit what `undelivered` holds again.")
        self._http.close()
        self._complain()

    @property
    def undelivered(self) -> list[bytes]:
        """What was submitted and is not answered, as lines of NDJSON."""
        with self._changed:
            return [queued.line for queued in self._buffer.articles]

    def _queued(self, article: Any, tag: Any) -> Queued:
        return Queued(to_line(article, foreign=self.options.format is not None), tag)

    def _add(self, queued: Queued) -> None:
        self._complain()
        if self._closed:
            raise ClientError("The client is closed. Make a new one.")
        self._buffer.add(queued, time.monotonic())
        if self._thread is None:
            self._start()
        self._changed.notify_all()

    def _complain(self) -> None:
        if self._error is not None:
            raise self._error

    def _start(self) -> None:
        """Only when it is needed: a process may fork before that, and a thread does not survive it."""
        self._thread = Thread(target=self._run, name="dateline-client", daemon=True)
        self._thread.start()
        atexit.register(_close, weakref.ref(self))

    def _run(self) -> None:
        try:
            while batch := self._next():
                for answer in self._deliver(batch):
                    self.totals.add(answer)
                    if self._on_answer:
                        self._on_answer(answer)
                self._answered()
        except BaseException as error:  # noqa: BLE001 - it is raised where the articles come from
            with self._changed:
                self._error = error
            self._tell()

    def _next(self) -> list[Queued] | None:
        with self._changed:
            while True:
                wait = self._buffer.due_in(time.monotonic())
                if wait is not None and (wait == 0.0 or self._closed or self._hurry):
                    return self._buffer.take()
                if wait is None and self._closed:
                    return None
                self._changed.wait(wait)

    def _answered(self) -> None:
        with self._changed:
            self._buffer.done()
        self._tell()

    def _tell(self) -> None:
        """Wake everybody who waits for room."""
        with self._changed:
            wanted, self._room_wanted = self._room_wanted, []
            self._changed.notify_all()
        for call in wanted:
            call()

    def _deliver(self, batch: list[Queued]) -> list[Answer]:
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
                time.sleep(step.seconds)
                heard = None
            else:
                try:
                    heard = self._http.post(self.options.path, content=step.content, headers=dict(step.headers))
                except httpx.TransportError as error:
                    heard = error


def _close(forgotten: "weakref.ref[Client]") -> None:
    """Close a client that is still open at the end of the program, without waiting for all of ``patience``."""
    if client := forgotten():
        try:
            client.close(_LAST_CHANCE_S)
        except ClientError as error:
            _log.error("%s", error)
