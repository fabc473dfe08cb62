"""HTTP servers on loopback that live as long as a benchmark or a test needs them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answering(BaseHTTPRequestHandler):
    """The base of handlers: `respond` serves GET and POST, connections stay open, requests are not logged."""

    protocol_version = "HTTP/1.1"

    def respond(self) -> None:
        """Answer the request."""
        raise NotImplementedError

    def do_POST(self) -> None:
        """Serve one request."""
        self.respond()

    do_GET = do_POST  # noqa: N815 - http.server's names

    def read_body(self) -> bytes:
        """The body of the request; shorter than announced if the sender was killed while sending."""
        return self.rfile.read(int(self.headers["Content-Length"] or 0))

    def answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        """Send a whole response."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def serving(handler: type[Answering]) -> Iterator[str]:
    """Serve in threads of this process; yields the address without a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
