"""The base of all Celery tasks: it claims a batch, runs its stage and passes on what is left; a stage only computes."""

import time
from typing import Final

import structlog
from celery import Task

from schemas import StageName
from tasks.batch import Batch, WireBatch
from tasks.lease import handed_back
from tasks.runtime import current
from tasks.stage_run import StageRun

_log = structlog.get_logger(__name__)
_CLOCKS_APART_S: Final = 0.5
TOLD: Final = 1_200
"""Characters of a task's arguments and result in events: a batch of 32 takes 1,060; Celery's default is 1,024."""


class StageTask(Task):  # type: ignore[misc] # Celery ships no types
    """A Celery task that passes a batch through one stage and returns what is left of it."""

    stage: StageName
    abstract = True
    typing = False
    Request = "tasks.request:QuietRequest"
    resultrepr_maxsize = TOLD
    _started: float | None = None

    def before_start(self, task_id: str, args: object, kwargs: object) -> None:  # noqa: ARG002 - as Celery calls it
        """Note when the time limits began to run."""
        self._started = time.monotonic()

    def claim(self, *, canary: bool = False) -> Batch:
        """Lease the next batch, and wake another worker if more is waiting."""
        runtime = current(canary=canary)
        batch = Batch.of(runtime.claim(), canary=canary)
        if batch.refs:
            try:
                runtime.wake_more()
            except Exception as error:  # noqa: BLE001 - the keeper makes up for it; the claimed work goes on
                _log.warning("wakeup.failed", error=type(error).__name__)
        return batch

    def process(self, batch: Batch) -> WireBatch:
        """Run the stage on a batch and commit; returns the articles that go on. An empty batch ends the chain."""
        passed = batch
        if batch.refs:
            runtime = current(canary=batch.canary)
            with handed_back(runtime.store, batch, overdue=lambda: self._is_overdue(runtime.limits.hard_limit_s)):
                passed = StageRun(runtime, self.stage, batch).execute()
        if not passed.refs and self.request.chain:
            self.request.chain = None
        return passed.write()

    def _is_overdue(self, limit_s: float) -> bool:
        """Whether the hard time limit is over, which the worker's main process measures by a clock of its own."""
        return self._started is not None and time.monotonic() - self._started > limit_s - _CLOCKS_APART_S
