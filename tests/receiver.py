"""An endpoint of a test's own that webhooks call."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import standardwebhooks


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

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"] or 0)
            body = self.rfile.read(length)
            if len(body) < length:
                return  # whoever sent it was killed while sending: that was no call
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more = receiver.answer(Call(headers, body))
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            content = b"" if status == 204 else receiver.body
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST  # noqa: N815 - http.server's names

        def log_message(self, *_: Any) -> None:
            pass

        def handle(self) -> None:
            with suppress(ConnectionError):
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield receiver
    finally:
        if receiver.pause:
            receiver.pause.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
