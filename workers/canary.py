"""The canary: a test article that goes through every stage, to show that articles get through.

It has a ledger, a feed and a duplicate index of its own beside those of the articles (the prefix ``…:canary``), so that
it is in no list, count or feed and no article can be a copy of it; but its wake-ups take the way of live articles
through the same queues, workers and stages. Whoever asks for readiness sends it: nothing runs while nobody asks.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from schemas import Lane, Outcome, Result, Submission
from store import NewArticle, Store

_log = structlog.get_logger(__name__)
_ID: Final = "canary"
_TEXT: Final = (
    "BERLIN (Reuters) - The mayor of Paris, Jane Doe, met officials of the United Nations in Berlin on Monday.\n\n"
    "They spoke of how articles find their way. This one is number {number}."
)
_FIRST_WAIT_S: Final = 3.0
_LOOK_S: Final = 0.1
_AGAIN_S: Final = 5.0
"""After so long a canary that nobody finished is woken again: its wake-up may have been lost."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The state of the canary."""

    ready: bool
    detail: str
    """One sentence; with a next step where it is not ready."""
    seconds: float | None
    """From acceptance to outcome, of the last canary that arrived."""
    age_s: float | None
    """Time since then."""


class Canary:
    """Sends a canary when the last one is old, and judges by the last two.

    Args:
        store: Of the canary.
        wake: Publishes a wake-up for it.
        within: How long it may take through every stage.
        every: How old the last one may be before another is sent.
    """

    def __init__(self, store: Store, wake: Callable[[], None], within: timedelta, every: timedelta) -> None:
        self._store = store
        self._wake = wake
        self._within = within
        self._every = every
        self._woken = 0.0

    def look(self) -> Sighting:
        """Return the state; if no canary has ever arrived, wait a moment for the first.

        Raises:
            RetryLater: The store does not answer, or is full.
        """
        sighting = self._look()
        deadline = time.monotonic() + min(_FIRST_WAIT_S, self._within.total_seconds())
        while not sighting.ready and sighting.seconds is None and time.monotonic() < deadline:
            time.sleep(_LOOK_S)
            sighting = self._look()
        return sighting

    def _look(self) -> Sighting:
        now = self._store.ledger.backlog().at
        latest = self._store.results.get(self._article(1).id)
        if latest is None or (isinstance(latest, Result) and now - latest.finished_at >= self._every):
            self._send(latest.revision if latest else 0, now)
        if isinstance(latest, Result):
            return self._judged(latest, now)
        if latest is None:
            return Sighting(ready=False, detail="The first article is on its way; ask again.", seconds=None, age_s=None)
        self._hurry()
        before = self._store.results.get(latest.id, latest.revision - 1) if latest.revision > 1 else None
        waits = now - latest.accepted_at
        if waits > self._within or not isinstance(before, Result):
            return self._late(waits, before)
        return self._judged(before, now)

    def _judged(self, found: Result, now: datetime) -> Sighting:
        took, age = found.finished_at - found.accepted_at, now - found.finished_at
        missing = [record.stage for record in found.stages if record.status in {"unavailable", "failed"}]
        detail = f"An article went through every stage in {took.total_seconds():.1f} s."
        ready = found.outcome is Outcome.DONE and took <= self._within
        if found.outcome is not Outcome.DONE:
            where = f"the stages {', '.join(missing)} were not available" if missing else f"it was {found.outcome}"
            detail = f"An article did not pass every stage: {where}; look at the workers' logs."
        elif not ready:
            detail = f"An article took {took.total_seconds():.0f} s; start more workers."
        return Sighting(ready, detail, took.total_seconds(), max(0.0, age.total_seconds()))

    def _late(self, waits: timedelta, before: object) -> Sighting:
        detail = f"An article waits for {waits.total_seconds():.0f} s; check that workers run and what they log."
        took = before.finished_at - before.accepted_at if isinstance(before, Result) else None
        return Sighting(ready=False, detail=detail, seconds=took.total_seconds() if took else None, age_s=None)

    def _send(self, revision: int, now: datetime) -> None:
        """Send the next canary, and delete those before the last."""
        self._store.ledger.accept([self._article(revision + 1)])
        self._woken = 0.0
        self._hurry()
        for entry in self._store.quarantine.list():
            self._store.quarantine.drop(entry.ref)
        until = int((now - 2 * (self._within + self._every)).timestamp() * 1000)
        self._store.ledger.forget(results_before_ms=until, bodies_before_ms=until)

    def _hurry(self) -> None:
        """Wake a worker for the canary, at intervals while it waits, and take it back from workers that died."""
        if time.monotonic() - self._woken < _AGAIN_S:
            return
        self._woken = time.monotonic()
        self._store.ledger.reap()
        try:
            self._wake()
        except Exception as error:  # noqa: BLE001 - a broker that is away is what makes it late
            _log.warning("canary.not_woken", error=type(error).__name__)

    @staticmethod
    def _article(number: int) -> NewArticle:
        submission = Submission(external_id=_ID, title="A canary", text=_TEXT.format(number=number), language="en")
        return NewArticle(submission, Lane.LIVE, trace_id=_ID)
