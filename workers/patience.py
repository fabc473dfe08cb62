"""Patience for a broker that answers and takes no changes, at a worker's start or after the broker was away.

Celery 5.7.0 connects to it again at once, six times a second, and logs each time: its pauses grow only where there is
no connection at all.
"""

import time
from typing import Final

import structlog
from celery.worker.consumer import Consumer
from celery.worker.state import maybe_shutdown

from workers.broker_guard import REFUSALS

_log = structlog.get_logger(__name__)
_LONGEST_PAUSE_S: Final = 8
_NAP_S: Final = 0.5
"""How long a worker that is told to stop may sleep on."""


class PatientConsumer(Consumer):  # type: ignore[misc]
    """Celery's consumer of messages, with patience for a broker that refuses them."""

    refusals = 0

    def on_connection_error_before_connected(self, exc: Exception) -> None:
        """Tell why there is no connection; where the broker refuses, wait twice as long each time."""
        if not isinstance(exc, REFUSALS):
            super().on_connection_error_before_connected(exc)
            return
        pause = min(2**self.refusals, _LONGEST_PAUSE_S)
        self.refusals += 1
        _log.warning("broker.refuses", error=type(exc).__name__, why=str(exc), seconds=pause)
        until = time.monotonic() + pause
        while time.monotonic() < until:
            maybe_shutdown()
            time.sleep(_NAP_S)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Begin anew with patience: the broker took messages."""
        self.refusals = 0
        super().on_connection_error_after_connected(exc)
