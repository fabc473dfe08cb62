"""Ends a worker within its grace period after it was told to stop, whatever it hangs on, without losing articles.

Celery gives running tasks some seconds and then stops its children, but that stop never ends when the broker goes away
while it is under way: one of its steps wants a connection first (in 12 of 16 tries).
So the worker is watched from outside Celery: the C-level signal handler writes each signal into a pipe, and a thread
that reads it ends the process when the grace period is over. Its children are told first, and hand back what they work
on (`tasks.lease.handed_back`).
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable

import billiard
import structlog

_log = structlog.get_logger(__name__)
_STOPS = frozenset({signal.SIGTERM, signal.SIGQUIT})
_HAND_BACK_S = 3.0
"""For children to hand back what they work on: one round trip to a store that answers."""
_POLL_S = 0.05


def end(code: int) -> None:
    """End this worker now: its children hand their batches back, then everything is gone."""
    children = billiard.active_children()
    for child in children:
        child.terminate()
    deadline = time.monotonic() + _HAND_BACK_S
    while time.monotonic() < deadline and any(child.is_alive() for child in children):
        time.sleep(_POLL_S)
    for child in children:
        if child.is_alive():
            os.kill(child.pid, signal.SIGKILL)
    os._exit(code)


class StopWatch:
    """Ends the process when a stop takes longer than its grace period.

    Args:
        grace_s: Seconds from the signal on.
        finish: Called when they are over.
    """

    def __init__(self, grace_s: float, finish: Callable[[], None]) -> None:
        self._grace_s = grace_s
        self._finish = finish
        self._reader, self._writer = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="dateline-stop", daemon=True)

    def start(self) -> None:
        """Begin to listen. Must be called in the main thread."""
        self._writer.setblocking(False)  # as `set_wakeup_fd` demands
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        os.register_at_fork(after_in_child=self._forget)
        self._thread.start()

    def _forget(self) -> None:
        """In a child, whose signals are its own."""
        signal.set_wakeup_fd(-1)

    def _run(self) -> None:
        while not _STOPS.intersection(self._reader.recv(64)):
            pass
        time.sleep(self._grace_s)
        _log.warning("worker.stop_overdue", grace_s=self._grace_s)
        self._finish()
