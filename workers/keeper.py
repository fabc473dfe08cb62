"""The keeper: expired leases go back, wake-ups are topped up, the retention is kept. Any number may run."""

import threading
import time
from datetime import timedelta

import structlog

from store import Store
from tasks import pipeline
from tasks.wakeups import Wakeups
from workers.settings import Settings

_log = structlog.get_logger(__name__)
_SWEEP_EVERY_S = 60.0


class Keeper:
    """A thread of the worker's main process. It must not live in Celery's event loop: a lost broker blocks that."""

    def __init__(self, settings: Settings, store: Store, wakeups: Wakeups, name: str) -> None:
        self._settings = settings
        self._store = store
        self._wakeups = wakeups
        self._name = name
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dateline-keeper", daemon=True)
        self._swept = 0.0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for the round that is under way."""
        self._stop.set()
        self._thread.join(timeout=5.0)

    def round(self) -> None:
        """One look around. Idempotent; what fails is tried again in the next round."""
        longest_delay_ms = int(self._settings.retry_cap.total_seconds() * 1000)
        expired, due = self._store.ledger.reap(
            longest_lease_ms=self._settings.lease_ms, longest_delay_ms=longest_delay_ms
        )
        if expired or due:
            _log.info("keeper.returned", expired=expired, due=due)
        # Before anything that needs memory: in a full store, the retention is what makes room.
        if time.monotonic() - self._swept >= _SWEEP_EVERY_S:
            self._swept = time.monotonic()
            self._sweep()
        interval_ms = int(self._settings.keeper_interval.total_seconds() * 900)
        if self._store.ledger.elect_keeper(self._name, max(1, interval_ms)):
            published = self._wakeups.top_up()
            if published:
                _log.debug("keeper.woke", wakeups=published)

    def _sweep(self) -> None:
        # The server's clock, as in every time of the ledger: a worker whose own is years ahead must not forget all.
        now = self._store.ledger.backlog().at

        def before(age: timedelta) -> int:
            return int((now - age).timestamp() * 1000)

        forgotten = self._store.ledger.forget(
            results_before_ms=before(self._settings.retention_results),
            bodies_before_ms=before(self._settings.retention_bodies),
        )
        if forgotten:
            _log.info("keeper.forgot", entries=forgotten)
        finished = pipeline.withdrawal(self._store).finish(now)
        if finished:
            _log.info("keeper.finished_withdrawals", articles=finished)

    def _run(self) -> None:
        while not self._stop.wait(self._settings.keeper_interval.total_seconds()):
            try:
                self.round()
            except Exception as error:  # noqa: BLE001 - a store or broker that is away comes back
                _log.warning("keeper.round_failed", error=type(error).__name__)
