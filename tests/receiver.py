"""An endpoint of a test's own that webhooks call."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import standardwebhooks

from benchmarks.loopback import Answering, serving


@dataclass
class Call:
    headers: dict[str, str]
    body: bytes

    def verified(self, secret: str) -> Any:
        """The event, once the signature and the time were checked as any receiver would."""
        return standardwebhooks.Webhook(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """Remembers what it is sent; answers what it is told to, then 204."""

    calls: list[Call] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    body: bytes = b""
    pause: threading.Event | None = None
    url: str = ""

    def answer(self, call: Call) -> tuple[int, dict[str, str]]:
        self.calls.append(call)
        if self.pause:
            self.pause.wait(30)
        return self.answers.pop(0) if self.answers else (204, {})


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on loopback."""
    receiver = Receiver()

    class Handler(Answering):
        def respond(self) -> None:
            body = self.read_body()
            if len(body) < int(self.headers["Content-Length"] or 0):
                return  # the sender was killed while sending: that was no call
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more = receiver.answer(Call(headers, body))
            self.answer(status, b"" if status == 204 else receiver.body, more)

        def handle(self) -> None:
            with suppress(ConnectionError):
                super().handle()

    with serving(Handler) as address:
        receiver.url = f"{address}/hook"
        try:
            yield receiver
        finally:
            if receiver.pause:
                receiver.pause.set()
