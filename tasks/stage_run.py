"""One stage over one batch: load, run, isolate what fails, commit what went well, settle the rest."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from schemas import COPIES, Duplicates, Outcome, Ref, Relation, RetryLater, StageName, State
from schemas import Unavailable as UnavailableError
from schemas.base import Model
from store import STAGES, Advance, ArticleLines, Loaded, NewerFormat, StoreFull, StoreUnavailable, Verdict, formats
from tasks.advances import Answer, Missing, advance, summary
from tasks.batch import Batch
from tasks.failures import passing
from tasks.inputs import decoded, parts_for, remembering, with_lines
from tasks.lease import renewed
from tasks.patience import patiently
from tasks.runtime import Runtime
from tasks.settlement import Settlement, named
from tasks.stage import LINES, MEMORY, Failed, Stage, StageInput
from tasks.tracing import StageSpans

_log = structlog.get_logger(__name__)
_Answer = TypeVar("_Answer")
_TEACH_NOTHING: Final = COPIES | {Relation.LOW_INFORMATION}
"""Relations of articles that are, or may be, the same as another one: their lines would be counted twice."""
_DIED: Final = "Its workers died over it; look at their logs, then retry it."


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
        self._settlement = Settlement(runtime, stage, batch.token, self._spans)

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
            structlog.contextvars.bind_contextvars(**named(held[0]))
        if self._index == 0:
            for loaded in held:
                self._spans.waited(loaded)
        todo = []
        for loaded in (row for row in held if row.stage == self._index):
            if formats.is_newer(loaded.format):
                self._settlement.leave(loaded, NewerFormat(loaded.format))
            elif loaded.lost >= self._runtime.limits.max_deliveries:
                self._settlement.quarantine(loaded, "DeliveryLimit", _DIED, summary(loaded, None))
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
            return [Failed(passing(error, alone=len(inputs) == 1))] * len(inputs)
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
                self._settlement.settle(loaded, answer.error, summary(loaded, self._inputs.get(loaded.ref)))
            else:
                good.append(loaded)
                article = self._inputs.get(loaded.ref)
                advances.append(advance(self._stage, loaded, answer, article, milliseconds))
        if not advances:
            return []
        lease_ms, committing_ns = self._runtime.limits.lease_ms, time.time_ns()
        verdicts = self._patiently(lambda: self._ledger.advance(advances, self._batch.token, lease_ms))
        found = {loaded.ref: answer for loaded, answer in zip(todo, answers, strict=True)}
        published = []
        for loaded, commit, verdict in zip(good, advances, verdicts, strict=True):
            self._spans.done(loaded, commit, verdict, committing_ns)
            if commit.entry and verdict is Verdict.COMMITTED:
                self._tell(commit.ref, commit.outcome)
                published.append(commit.ref)
        self._count_lines([(ref, found[ref]) for ref in published])
        self._name_heirs(found.values())
        return [loaded for loaded, verdict in zip(good, verdicts, strict=True) if verdict is not Verdict.STALE]

    def _name_heirs(self, answers: Iterable[Answer]) -> None:
        """Let copies name the heir of an original that was withdrawn while they were processed."""
        originals = {one.canonical_id for one in answers if isinstance(one, Duplicates) and one.relation in COPIES}
        if originals:
            self._patiently(lambda: self._runtime.store.withdrawals.reopen(sorted(originals)))

    def _count_lines(self, published: Iterable[tuple[Ref, Answer]]) -> None:
        """Count the lines of published articles for their sources, except those of copies: they tell nothing new."""
        rows = [(ref, self._inputs.get(ref)) for ref, answer in published if _teaches(answer)]
        telling = [(ref, article.source, article.clean) for ref, article in rows if article]
        if not telling:
            return
        from tasks.clean import countable_lines  # noqa: PLC0415 - only workers need the libraries behind it

        lines = [
            ArticleLines(ref.article_id, source, countable_lines(clean))
            for ref, source, clean in telling
            if source is not None and clean is not None
        ]
        try:
            self._runtime.store.source_lines.count(lines)
        except (StoreUnavailable, StoreFull) as error:
            _log.warning("lines.not_counted", error=type(error).__name__)  # only evidence is lost

    def _tell(self, ref: Ref, outcome: Outcome) -> None:
        trace = self._traces.get(ref, "")
        _log.info("article.finished", article_id=ref.article_id, revision=ref.revision, outcome=outcome, trace_id=trace)

    def _patiently(self, call: Callable[[], _Answer]) -> _Answer:
        return patiently(call, self._runtime.limits.patience_s)


def _teaches(answer: Answer) -> bool:
    return isinstance(answer, Duplicates) and answer.relation not in _TEACH_NOTHING
