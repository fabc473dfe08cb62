"""A port for metrics, for processes that serve nothing else. Off unless `DATELINE_METRICS_PORT` is set."""

import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import structlog

from workers.metrics.instruments import CONTENT_TYPE, Instruments
from workers.settings import Settings

_log = structlog.get_logger(__name__)
_PATIENCE_S: Final = 5.0
"""A connection that says nothing for so long is closed."""
_AT_ONCE: Final = 8
"""Scrapes that are answered at the same time; nobody needs more than two."""


class MetricsServer(ThreadingHTTPServer):
    """Answers ``GET /metrics`` and nothing else, in threads of its own."""

    daemon_threads = True
    # Of a worker that was just killed a child may still hold the port for a moment; two workers may not share it.
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], instruments: Instruments) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.instruments = instruments
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        super().__init__(address, _Handler)
        # A child that is forked later must not keep the port when this process is gone.
        os.register_at_fork(after_in_child=self.socket.close)

    def process_request(self, request: "socket.socket | tuple[bytes, socket.socket]", client_address: object) -> None:
        """Serve a connection, or close it when too many are open."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(
        self, request: "socket.socket | tuple[bytes, socket.socket]", client_address: object
    ) -> None:
        """Serve it in its thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Do not log scrapers that closed their connection."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _PATIENCE_S
    server: MetricsServer
    server_version = "dateline"
    sys_version = ""

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != "/metrics":
            self.send_error(404)
            return
        text = self.server.instruments.text()
        self.send_response(200)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Do not log scrapes."""


def serve(config: Settings, instruments: Instruments) -> MetricsServer | None:
    """Open the port of the settings; ``None`` where there is none, or it is taken.

    Work does not stop for want of metrics: a port that is taken is logged.
    """
    if not config.metrics_port:
        return None
    try:
        server = MetricsServer((config.metrics_host, config.metrics_port), instruments)
    except OSError as error:
        _log.error("metrics.port_refused", port=config.metrics_port, error=type(error).__name__)
        return None
    threading.Thread(target=server.serve_forever, name="dateline-metrics", daemon=True).start()
    _log.info("metrics.ready", port=server.server_address[1])
    return server
