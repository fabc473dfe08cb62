"""Where spans go when ``DATELINE_TRACING`` is on: to a collector, by OpenTelemetry, which reads its own variables.

Nothing of it is imported while tracing is off. The provider is Dateline's own and not the global one: libraries that
trace themselves (Redis clients, the web framework) would otherwise add dozens of spans to each article.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Mapping
from typing import Final

import structlog
from dotenv import dotenv_values

from schemas import VERSION, DatelineError, Trace
from tasks.tracing import UNTRACED, Kind, Span, Tracer
from workers.settings import Settings

_log = structlog.get_logger(__name__)
_CLOSE_S: Final = 2.0
"""For what is left when a process ends; a child of a worker is given three seconds to end altogether."""


_TALKATIVE: Final = ("opentelemetry.exporter.otlp.proto.http.trace_exporter", "opentelemetry.sdk._shared_internal")
"""Loggers that tell of every try to reach a collector, and of every span that is dropped."""
_SELDOM_S: Final = 60.0


class Seldom(logging.Filter):
    """Lets a line of each level pass once a minute: a collector that is away for a night is one matter, not thousands.

    Args:
        every_s: How seldom.
    """

    def __init__(self, every_s: float = _SELDOM_S) -> None:
        super().__init__()
        self._every_s = every_s
        self._told: dict[int, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it passes."""
        now = time.monotonic()
        if now - self._told.get(record.levelno, -self._every_s) < self._every_s:
            return False
        self._told[record.levelno] = now
        return True


class NoTracing(DatelineError):
    """Tracing is on, and spans cannot be recorded: the message says what to do."""


def check_tracing(settings: Settings) -> None:
    """Make sure that spans can be recorded if they should be. Leaves no thread behind, so that it may go before a fork.

    Raises:
        NoTracing: They cannot.
    """
    if _is_on(settings):
        _opened({}).close()


def open_tracer(settings: Settings, service: str) -> Tracer:
    """The tracer of this process. It has a thread that sends: open it after the fork, and close it at the end.

    Args:
        settings: Whether spans are recorded.
        service: What the process is called in traces, unless ``OTEL_SERVICE_NAME`` says otherwise.

    Raises:
        NoTracing: They should be, and cannot.
    """
    if not _is_on(settings):
        return UNTRACED
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(Seldom())
    resource = {
        "service.name": service,
        "service.version": VERSION,
        "service.instance.id": f"{socket.gethostname()}:{os.getpid()}",
    }
    return Bounded(_opened(resource))


def _is_on(settings: Settings) -> bool:
    """Whether spans are recorded; reads OpenTelemetry's variables from ``.env`` as well, since it does not itself."""
    if not settings.tracing:
        return False
    for name, value in dotenv_values(".env").items():
        if name.startswith("OTEL_") and value is not None:
            os.environ.setdefault(name, value)
    return os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() != "true"


def _opened(resource: Mapping[str, str]) -> Tracer:
    try:
        from workers._opentelemetry import OpenTelemetry  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise NoTracing(
            "DATELINE_TRACING is on, but OpenTelemetry is not installed: run "
            "`pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http`."
        ) from error
    try:
        return OpenTelemetry.exporting(resource)
    except ValueError as error:
        raise NoTracing(f"OpenTelemetry does not take its settings: {error}. Mend the OTEL_ variable.") from error


class Bounded:
    """A tracer whose end takes no longer than a moment, whatever its collector does."""

    def __init__(self, tracer: Tracer, close_s: float = _CLOSE_S) -> None:
        self._tracer = tracer
        self._close_s = close_s

    def begin(
        self,
        name: str,
        under: Trace,
        kind: Kind = Kind.INTERNAL,
        *,
        link: Trace | None = None,
        at_ns: int | None = None,
    ) -> Span:
        """Begin a span; see `Tracer`."""
        return self._tracer.begin(name, under, kind, link=link, at_ns=at_ns)

    def close(self) -> None:
        """Send what is left, or give it up."""
        closing = threading.Thread(target=self._tracer.close, name="dateline-tracing-end", daemon=True)
        closing.start()
        closing.join(self._close_s)
        if closing.is_alive():
            _log.warning("tracing.spans_given_up", seconds=self._close_s)
