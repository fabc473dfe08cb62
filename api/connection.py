"""Bounds on what one connection may take: bytes of a request's head, and time for head and body.

The parser behind uvicorn has no bound on heads: 60 MB of headers cost 66 MB of memory, for as long as somebody cares to
send them. And it waits for the rest of a request for ever.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES: Final = 64 * 1024
"""What h11, uvicorn's other parser, allows; browsers and proxies send a tenth of it at most."""
HEAD_SECONDS: Final = 10.0
"""From the first byte of a request, or from the connection, to the end of its headers."""
BODY_SECONDS: Final = 20.0
"""A body may take so long, and one second more for each so many bytes that have come (Apache's MinRate is 500)."""
BODY_BYTES_PER_SECOND: Final = 1_000
_LOOK_SECONDS: Final = 1.0


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's connection, with an end to its patience."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection."""
        super().connection_made(transport)
        self._refused = False
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """End it."""
        self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in bytes, unless there were too many."""
        if self._refused:
            return
        if self._in_head:
            if not self._head_bytes:
                self._set_timer(HEAD_SECONDS, self._give_up)
            self._head_bytes += len(data)
        else:
            self._body_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > MAX_HEAD_BYTES:
            self._refuse("431 Request Header Fields Too Large", "The head of the request is too large; send less.")

    def on_headers_complete(self) -> None:
        """Go on with the request, unless its head was too large although it came at once."""
        self._in_head = False
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > MAX_HEAD_BYTES:
            self._refuse("431 Request Header Fields Too Large", "The head of the request is too large; send less.")
            return
        super().on_headers_complete()
        self._await_body()

    def on_body(self, body: bytes) -> None:
        """Take in a part of the body."""
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End the request; the next one on this connection may begin."""
        if self._refused:
            return
        super().on_message_complete()
        self._await_head(fresh=False)

    def _await_head(self, *, fresh: bool = True) -> None:
        """Expect a head: at once on a fresh connection, else whenever it begins; uvicorn ends what stays idle."""
        self._in_head, self._head_bytes = True, 0
        if fresh:
            self._timer = self.loop.call_later(HEAD_SECONDS, self._give_up)
        else:
            self._timer.cancel()

    def _await_body(self) -> None:
        self._body_bytes, self._body_began = 0, self.loop.time()
        self._set_timer(_LOOK_SECONDS, self._look_at_body)

    def _look_at_body(self) -> None:
        """Give up on a body that comes too slowly; while the server itself does not read, nobody is to blame."""
        if self.flow.read_paused:
            self._body_began += _LOOK_SECONDS
        allowed = BODY_SECONDS + self._body_bytes / BODY_BYTES_PER_SECOND
        if self.loop.time() - self._body_began > allowed:
            self._give_up()
        else:
            self._set_timer(_LOOK_SECONDS, self._look_at_body)

    def _set_timer(self, seconds: float, act: Any) -> None:
        self._timer.cancel()
        self._timer = self.loop.call_later(seconds, act)

    def _give_up(self) -> None:
        self._refuse("408 Request Timeout", "The request came too slowly; send it again.")

    def _refuse(self, status: str, detail: str) -> None:
        """Answer, unless an answer has begun, and hang up."""
        self._refused = True
        self._timer.cancel()
        if self.transport.is_closing():
            return
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            head = f"HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
            self.transport.write(f"{head}content-length: {len(detail)}\r\n\r\n{detail}".encode())
        self.transport.close()
