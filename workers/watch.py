"""The watch of a worker over itself: a heartbeat for whoever supervises it, and an end when it consumes no more."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis
import structlog
from celery.worker import state

from tasks.pipeline import queues
from workers.hearing import Glance, Hearing
from workers.heartbeat import beat
from workers.settings import Settings

_log = structlog.get_logger(__name__)
_EVERY_S = 1.0
_ASK_S = 2.0


class Consumption:
    """Looks at what this worker takes and works on, and at what waits for it in the broker.

    Args:
        settings: Where the broker is.
        processes: How many processes the worker has.
    """

    def __init__(self, settings: Settings, processes: int) -> None:
        self._broker = redis.Redis.from_url(
            settings.broker_url.get_secret_value(), socket_timeout=_ASK_S, socket_connect_timeout=_ASK_S
        )
        self._queues = [f"{settings.prefix}.{name}" for name in queues(settings.worker_lane)]
        self._processes = processes

    def glance(self) -> Glance:
        """Look now."""
        running = frozenset(request.id for request in tuple(state.active_requests))
        idle = max(0, self._processes - len(running))
        return Glance(state.all_total_count[0], running, idle, self._queued())

    def _queued(self) -> int | None:
        pipe: Any = self._broker.pipeline(transaction=False)
        for name in self._queues:
            pipe.llen(name)
        try:
            return sum(map(int, pipe.execute()))
        except redis.RedisError:
            return None


class Watch:
    """A thread that asks nobody but the broker, so that a store which is away does not make a worker look dead.

    Args:
        heartbeat: File to touch every second; its age tells whether the worker lives.
        hearing: Judges.
        look: Where to look.
        on_lost: What happens when the worker consumes no more.
    """

    def __init__(
        self, heartbeat: Path | None, hearing: Hearing, look: Callable[[], Glance], on_lost: Callable[[], None]
    ) -> None:
        self._heartbeat = heartbeat
        self._hearing = hearing
        self._look = look
        self._on_lost = on_lost
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dateline-watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End: a worker that is stopping need not consume."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            beat(self._heartbeat)
            glance = self._look()
            if self._hearing.lost(glance, time.monotonic()) and not self._stop.is_set():
                _log.error("worker.consumes_no_more", queued=glance.queued, idle=glance.idle, taken=glance.taken)
                self._on_lost()
            self._stop.wait(_EVERY_S)
