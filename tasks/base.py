"""The one Celery task base: it loads, runs, isolates, retries, quarantines and commits; a stage only computes."""

import random
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

import structlog
from celery import Task
from celery.exceptions import SoftTimeLimitExceeded

from schemas import (
    COPIES,
    VERSION,
    DatelineError,
    Duplicates,
    Failure,
    FeedSummary,
    Geotags,
    Outcome,
    Ref,
    Relation,
    RetryLater,
    StageName,
    StageRecord,
    StageStatus,
    State,
)
from schemas import Unavailable as UnavailableError
from schemas.base import Model
from store import (
    STAGES,
    Advance,
    Found,
    Loaded,
    NewerFormat,
    StoreFull,
    StoreUnavailable,
    Verdict,
    formats,
    place_lines,
)
from tasks.batch import Batch, WireBatch
from tasks.inputs import covered, decoded, parts_for, remembering, with_lines
from tasks.lease import handed_back, renewed
from tasks.runtime import Runtime, current
from tasks.stage import LINES, MEMORY, Failed, Skipped, Stage, StageInput, Teaches
from tasks.tracing import StageSpans

_log = structlog.get_logger(__name__)
_T = TypeVar("_T")
_STORE_RETRY_S = 0.5
_NEWER_WAITS_S = 30.0
"""Between two tries to find a worker that can read an article. While versions are mixed, every other try succeeds."""
_TEACH_NOTHING = COPIES | {Relation.LOW_INFORMATION}
"""Articles that are the same as another one, or may be: their lines would be counted twice."""
_FRAMES = 8
_CLOCKS_APART_S = 0.5
TOLD: Final = 1_200
"""Characters of a task's arguments and result that events tell: a batch of 32 takes 1,060, and Celery tells 1,024."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The stage could not work here at all: its record says ``unavailable`` and the outcome will be ``partial``."""

    reason: str


Answer = Model | Skipped | Missing | Failed


class StageTask(Task):  # type: ignore[misc] # Celery ships no types
    """A Celery task that passes a batch through one stage and hands on what is left of it."""

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


class StageRun:
    """One stage, one batch."""

    def __init__(self, runtime: Runtime, stage: StageName, batch: Batch) -> None:
        self._runtime = runtime
        self._ledger = runtime.store.ledger
        self._stage: Stage[Model] = runtime.stages[stage]
        self._index = STAGES.index(stage)
        self._is_last = stage == STAGES[-1]
        self._batch = batch
        self._inputs: dict[Ref, StageInput] = {}
        self._traces: dict[Ref, str] = {}
        self._spans = StageSpans(runtime.tracer, stage, batch.token)

    def execute(self) -> Batch:
        """Load, run, commit; returns the articles that this lease still holds."""
        started = time.perf_counter()
        todo, passed = self._load()
        with renewed(self._runtime.store, self._batch, self._runtime.limits.lease_ms):
            answers = self._answers(todo)
            milliseconds = (time.perf_counter() - started) * 1000 / max(1, len(todo))
            passed += self._commit(todo, answers, milliseconds)
        refs = {loaded.ref for loaded in passed}
        _log.info(
            "stage.finished",
            token=self._batch.token,
            articles=len(todo),
            held=len(refs),
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
        if self._is_last:
            return replace(self._batch, refs=())
        return replace(self._batch, refs=tuple(ref for ref in self._batch.refs if ref in refs))

    def _load(self) -> tuple[list[Loaded], list[Loaded]]:
        """The articles to work on, and those that have passed this stage already. Lost ones are in neither."""
        parts = parts_for(self._stage.inputs, last=self._is_last)
        rows = self._patiently(lambda: self._ledger.load(self._batch.refs, parts))
        self._traces = {row.ref: row.trace.trace_id for row in rows if row}
        held = [row for row in rows if row and row.state is State.LEASED and row.token == self._batch.token]
        if len(held) == 1:
            structlog.contextvars.bind_contextvars(**self._named(held[0]))
        if self._index == 0:
            for loaded in held:
                self._spans.waited(loaded)
        todo = []
        for loaded in (row for row in held if row.stage == self._index):
            if formats.is_newer(loaded.format):
                self._leave(loaded)
            elif loaded.lost >= self._runtime.limits.max_deliveries:
                self._quarantine(
                    loaded, "DeliveryLimit", "Its workers died over it; look at their logs, then retry it."
                )
            else:
                todo.append(loaded)
        return todo, [row for row in held if row.stage > self._index]

    def _answers(self, todo: Sequence[Loaded]) -> list[Answer]:
        """One answer for each article, in order; those whose inputs cannot be read never reach the stage."""
        self._spans.computing(len(todo))
        ready = [decoded(loaded) for loaded in todo]
        inputs = [item for item in ready if isinstance(item, StageInput)]
        if MEMORY in self._stage.inputs:
            inputs = self._patiently(lambda: remembering(self._runtime.store, inputs, todo))
        if LINES in self._stage.inputs:
            inputs = self._patiently(lambda: with_lines(self._runtime.store, inputs))
        self._inputs = {item.ref: item for item in inputs}
        answers = iter(self._run(inputs) if inputs else [])
        return [item if isinstance(item, Failed) else next(answers) for item in ready]

    def _run(self, inputs: Sequence[StageInput]) -> list[Answer]:
        try:
            answers: list[Answer] = list(self._stage.run(inputs))
        except UnavailableError as error:
            return [Missing(str(error))] * len(inputs)
        except (RetryLater, SoftTimeLimitExceeded) as error:
            return [Failed(_passing(error, alone=len(inputs) == 1))] * len(inputs)
        except Exception as error:  # noqa: BLE001 - find out whose fault it is
            if len(inputs) == 1:
                return [Failed(error)]
            _log.warning("stage.isolating", error=type(error).__name__, articles=len(inputs))
            return [self._run([article])[0] for article in inputs]
        if len(answers) != len(inputs):
            raise RuntimeError(f"stage {self._stage.name} answered {len(answers)} of {len(inputs)} articles")
        return answers

    def _commit(self, todo: Sequence[Loaded], answers: Sequence[Answer], milliseconds: float) -> list[Loaded]:
        """Commit what went well in one round trip, settle what failed; returns the articles that go on."""
        good: list[Loaded] = []
        advances: list[Advance] = []
        for loaded, answer in zip(todo, answers, strict=True):
            if isinstance(answer, Failed):
                self._settle(loaded, answer.error)
            else:
                good.append(loaded)
                advances.append(self._advance(loaded, answer, milliseconds))
        if not advances:
            return []
        lease_ms, committing_ns = self._runtime.limits.lease_ms, time.time_ns()
        verdicts = self._patiently(lambda: self._ledger.advance(advances, self._batch.token, lease_ms))
        found = {loaded.ref: answer for loaded, answer in zip(todo, answers, strict=True)}
        for loaded, advance, verdict in zip(good, advances, verdicts, strict=True):
            self._spans.done(loaded, advance, verdict, committing_ns)
            if advance.entry and verdict is Verdict.COMMITTED:
                self._tell(advance.ref, advance.outcome)
                self._count_lines(advance.ref, found[advance.ref])
        self._name_heirs(found.values())
        return [loaded for loaded, verdict in zip(good, verdicts, strict=True) if verdict is not Verdict.STALE]

    def _name_heirs(self, answers: Iterable[Answer]) -> None:
        """Have copies told of the heir whose original was withdrawn while they were on their way."""
        originals = {one.canonical_id for one in answers if isinstance(one, Duplicates) and one.relation in COPIES}
        if originals:
            self._patiently(lambda: self._runtime.store.withdrawals.reopen(sorted(originals)))

    def _count_lines(self, ref: Ref, answer: Answer) -> None:
        """Count the lines of a published article as its source's, unless it is a copy: copies teach nothing new."""
        article = self._inputs.get(ref)
        if article is None or article.clean is None or article.source is None:
            return
        if not isinstance(answer, Duplicates) or answer.relation in _TEACH_NOTHING:
            return
        from tasks.clean import countable_lines  # noqa: PLC0415 - only workers need the libraries behind it

        try:
            self._runtime.store.source_lines.count(ref.article_id, article.source, countable_lines(article.clean))
        except (StoreUnavailable, StoreFull) as error:
            _log.warning("lines.not_counted", error=type(error).__name__)  # evidence is missed, no article is

    def _tell(self, ref: Ref, outcome: Outcome) -> None:
        trace = self._traces.get(ref, "")
        _log.info("article.finished", article_id=ref.article_id, revision=ref.revision, outcome=outcome, trace_id=trace)

    def _advance(self, loaded: Loaded, answer: Model | Skipped | Missing, milliseconds: float) -> Advance:
        output, status, reason = None, StageStatus.DONE, None
        match answer:
            case Skipped(reason=why):
                status, reason = StageStatus.SKIPPED, why
            case Missing(reason=why):
                status, reason = StageStatus.UNAVAILABLE, why
            case _:
                output = answer.model_dump_json(exclude_defaults=True)
        record = StageRecord(
            stage=self._stage.name,
            status=status,
            version=self._stage.version,
            # What could not work cannot tell its versions either.
            artefacts={} if isinstance(answer, Missing) else dict(self._stage.artefacts),
            reason=reason,
            attempts=loaded.attempts,
            milliseconds=round(milliseconds, 3),
            finished_at=datetime.now(UTC),
        )
        if not self._is_last:
            return Advance(loaded.ref, record, output, found=self._found(loaded, answer))
        records = [*loaded.records.values(), record]
        whole = all(r.status in (StageStatus.DONE, StageStatus.SKIPPED) for r in records)
        entry = self._summary(loaded, answer if isinstance(answer, Duplicates) else None)
        outcome = Outcome.DONE if whole else Outcome.PARTIAL
        return Advance(loaded.ref, record, output, outcome, entry, covered=covered(self._inputs.get(loaded.ref)))

    def _found(self, loaded: Loaded, answer: Model | Skipped | Missing) -> Found | None:
        """What the geotag stage leaves besides its output: where to list the article, what its source teaches."""
        if self._stage.name is not StageName.GEOTAG:
            return None
        article = self._inputs.get(loaded.ref)
        if not isinstance(answer, Geotags) or article is None:
            return Found("")
        lesson = self._stage.lesson(article, answer) if isinstance(self._stage, Teaches) else ""
        return Found(place_lines(answer), lesson, article.memory.version if article.memory else None)

    def _summary(self, loaded: Loaded, duplicates: Duplicates | None = None) -> FeedSummary:
        article = self._inputs.get(loaded.ref)
        clean = article.clean if article else None
        return FeedSummary(
            url=loaded.url,
            source=loaded.source,
            title=clean.title if clean else None,
            language=clean.language if clean else None,
            relation=duplicates.relation if duplicates else None,
            canonical_id=duplicates.canonical_id if duplicates else None,
            story_id=duplicates.story_id if duplicates else None,
            merged_stories=duplicates.merged_stories if duplicates else (),
        )

    def _leave(self, loaded: Loaded) -> None:
        """Leave an article to a worker of the version that wrote it, without an attempt to understand it."""
        delay_ms = round(1000 * min(_NEWER_WAITS_S, self._runtime.limits.retry_cap_s))
        failure = self._failure(loaded, NewerFormat.__name__, str(NewerFormat(loaded.format)))
        self._patiently(lambda: self._ledger.set_aside(loaded.ref, self._batch.token, delay_ms, failure))
        _log.warning("article.left_to_newer", **self._named(loaded), format=loaded.format, delay_ms=delay_ms)

    def _settle(self, loaded: Loaded, error: Exception) -> None:
        """Delay after a passing fault, quarantine after a lasting one."""
        limits = self._runtime.limits
        if isinstance(error, RetryLater) and loaded.retries < limits.max_retries:
            ceiling = min(limits.retry_cap_s, limits.retry_base_s * 2**loaded.retries)
            # Full jitter between half and whole, so that articles that failed together do not come back together.
            delay_ms = int(1000 * random.uniform(ceiling / 2, ceiling))  # noqa: S311 - not for secrets
            failure = self._failure(loaded, type(error).__name__, str(error))
            self._patiently(lambda: self._ledger.delay(loaded.ref, self._batch.token, delay_ms, failure))
            _log.info("article.delayed", **self._named(loaded), error=type(error).__name__, delay_ms=delay_ms)
            self._spans.failed(loaded, type(error).__name__, retry_ms=delay_ms)
            return
        _log.error("stage.failed", **self._named(loaded), error=type(error).__name__, frames=_frames(error))
        self._quarantine(loaded, type(error).__name__, _public(error))

    def _quarantine(self, loaded: Loaded, error: str, message: str) -> None:
        failure = self._failure(loaded, error, message)
        entry = self._summary(loaded)
        self._patiently(lambda: self._ledger.quarantine(loaded.ref, self._batch.token, failure, entry))
        _log.warning("article.quarantined", **self._named(loaded), error=error)
        self._spans.failed(loaded, error, retry_ms=None)

    @staticmethod
    def _named(loaded: Loaded) -> dict[str, str | int]:
        """What every log line on one article says."""
        ref = loaded.ref
        return {"article_id": ref.article_id, "revision": ref.revision, "trace_id": loaded.trace.trace_id}

    def _failure(self, loaded: Loaded, error: str, message: str) -> Failure:
        return Failure(
            stage=self._stage.name,
            error=error,
            message=message,
            attempts=loaded.attempts,
            worker=self._runtime.worker,
            version=VERSION,
            at=datetime.now(UTC),
        )

    def _patiently(self, call: Callable[[], _T]) -> _T:
        """Call the store again while it does not answer: the work is done, and every call is fenced."""
        give_up = time.monotonic() + self._runtime.limits.patience_s
        while True:
            try:
                return call()
            except (StoreUnavailable, StoreFull) as error:
                if time.monotonic() >= give_up:
                    raise
                _log.warning("store.waiting", error=type(error).__name__)
                time.sleep(_STORE_RETRY_S)


class StageTimeout(RetryLater):
    """A batch took longer than the stage's time limit; its articles are tried again one by one."""


class ArticleTimeout(Exception):
    """One article alone took longer than the stage's time limit."""


def _passing(error: Exception, *, alone: bool) -> Exception:
    if not isinstance(error, SoftTimeLimitExceeded):
        return error
    return ArticleTimeout("alone") if alone else StageTimeout("The batch passed the time limit of the stage.")


def _frames(error: Exception) -> list[str]:
    """Where an error was raised, innermost last, without its message: foreign messages may quote the article."""
    summary = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in summary]


def _public(error: Exception) -> str:
    """A message without article text: our own exceptions are written so, of others only the class is told."""
    if isinstance(error, DatelineError):
        return str(error)
    if isinstance(error, ArticleTimeout):
        return "This article alone passed the time limit of the stage; look at it, then retry or drop it."
    return f"The stage raised {type(error).__name__}; see the worker's log for the traceback, then retry it."
