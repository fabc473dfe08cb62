"""The keeper: returns expired leases, tops up wake-ups and applies the retention. Any number may run.

Every worker has one. ``python -m workers.keeper`` is one without a worker: where all workers may be stopped (scaled to
nothing at night), it lets the retention go on and brings delayed articles back to their lanes, which starts workers.
"""

import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from store import Store
from tasks import pipeline
from tasks.wakeups import Wakeups
from workers import logging as dateline_logging
from workers.app import app
from workers.heartbeat import beat
from workers.metrics import Instruments, Origin, serve
from workers.runtime import open_store
from workers.settings import Settings, settings
from workers.wakeups import open_wakeups

_log = structlog.get_logger(__name__)
_SWEEP_EVERY_S = 60.0
_BEAT_S = 1.0


class Keeper:
    """A thread of the worker's main process. It must not live in Celery's event loop: a lost broker blocks that."""

    def __init__(
        self, settings: Settings, store: Store, wakeups: Wakeups, name: str, instruments: Instruments | None = None
    ) -> None:
        self._settings = settings
        self._store = store
        self._wakeups = wakeups
        self._name = name
        self._instruments = instruments or Instruments(Origin.KEEPER)
        self._instruments.begin("dateline_keeper_rounds_total", "ok", "failed")
        self._instruments.begin("dateline_keeper_returned_total", "expired", "due")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dateline-keeper", daemon=True)
        self._clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._swept = -_SWEEP_EVERY_S  # on this clock a machine may have started just now: the first round sweeps

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for the round that is under way."""
        self._stop.set()
        self._thread.join(timeout=5.0)

    def round(self) -> None:
        """One round. Idempotent; what fails is tried again in the next round."""
        longest_delay_ms = int(self._settings.retry_cap.total_seconds() * 1000)
        expired, due = self._store.ledger.reap(
            longest_lease_ms=self._settings.lease_ms, longest_delay_ms=longest_delay_ms
        )
        if expired or due:
            _log.info("keeper.returned", expired=expired, due=due)
            self._instruments.counter("dateline_keeper_returned_total", "expired").inc(expired)
            self._instruments.counter("dateline_keeper_returned_total", "due").inc(due)
        # Before anything that needs memory: in a full store, the retention is what makes room.
        if time.monotonic() - self._swept >= _SWEEP_EVERY_S:
            self._swept = time.monotonic()
            self._sweep()
        # A little less than the interval, so that the same keeper is elected again in its next round.
        interval_ms = int(self._settings.keeper_interval.total_seconds() * 900)
        if self._store.ledger.elect_keeper(self._name, max(1, interval_ms)):
            self._store.figures.keep()
            published = self._wakeups.top_up()
            if published:
                _log.debug("keeper.woke", wakeups=published)
                self._instruments.counter("dateline_keeper_wakeups_total").inc(published)
        self._instruments.counter("dateline_keeper_rounds_total", "ok").inc()
        self._instruments.gauge("dateline_keeper_last_round_timestamp_seconds").set_to_current_time()

    def _sweep(self) -> None:
        # By the server's clock, like every time of the ledger, unless this machine's is behind it: of two clocks that
        # do not agree, the one that is ahead must not delete everything.
        now = self._store.ledger.backlog().at
        kept_until = min(now, self._clock())

        def before(age: timedelta) -> int:
            return int((kept_until - age).timestamp() * 1000)

        forgotten = self._store.ledger.forget(
            results_before_ms=before(self._settings.retention_results),
            bodies_before_ms=before(self._settings.retention_bodies),
        )
        if forgotten:
            _log.info("keeper.forgot", entries=forgotten)
            self._instruments.counter("dateline_keeper_forgotten_total").inc(forgotten)
        finished = pipeline.withdrawal(self._store).finish(now)
        if finished:
            _log.info("keeper.finished_withdrawals", articles=finished)

    def run(self) -> None:
        """Run until told to stop. The heartbeat goes on while the store is away: a restart would not help."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self._stop.set())
        self.start()
        while not self._stop.is_set() and self._thread.is_alive():
            beat(self._settings.heartbeat_file)
            self._stop.wait(_BEAT_S)
        self.stop()

    def _run(self) -> None:
        while not self._stop.wait(self._settings.keeper_interval.total_seconds()):
            try:
                self.round()
            except Exception as error:  # noqa: BLE001 - a store or broker that is away comes back
                _log.warning("keeper.round_failed", error=type(error).__name__)
                self._instruments.counter("dateline_keeper_rounds_total", "failed").inc()


def main() -> int:
    """Run a keeper alone."""
    config = settings()
    dateline_logging.configure(config)
    store = open_store(config)
    _log.info("keeper.ready")
    instruments = Instruments(Origin.KEEPER)
    serve(config, instruments)
    Keeper(config, store, open_wakeups(config, store, app), f"keeper@{socket.gethostname()}", instruments).run()
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
