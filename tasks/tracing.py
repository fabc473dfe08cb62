"""Spans of API, workers and webhooks for each article. Off unless `workers.tracing` opens a real tracer.

Attributes are ids, counts and names of ours, never what an article says.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final, Protocol

from schemas import Outcome, Ref, StageName, Trace
from store import Advance, Loaded, Verdict

Known = dict[str, str | int | float | bool]
Attributes = Mapping[str, str | int | float | bool]


class Kind(Enum):
    """The kind of a span (OpenTelemetry, trace API, SpanKind)."""

    INTERNAL = auto()
    SERVER = auto()
    CLIENT = auto()
    PRODUCER = auto()
    CONSUMER = auto()


class Span(Protocol):
    """A span that has begun."""

    @property
    def trace(self) -> Trace:
        """The trace with this span, for its children."""
        ...

    def end(self, attributes: Attributes, *, error: str = "", at_ns: int | None = None) -> None:
        """End the span.

        Args:
            attributes: What is known at its end.
            error: Class of the error, if it failed.
            at_ns: The end in nanoseconds since 1970; now unless given.
        """
        ...


class Tracer(Protocol):
    """Records spans. It neither delays the work nor makes it fail."""

    def begin(
        self,
        name: str,
        under: Trace,
        kind: Kind = Kind.INTERNAL,
        *,
        link: Trace | None = None,
        at_ns: int | None = None,
    ) -> Span:
        """Begin a span.

        Args:
            name: One of a few fixed names.
            under: The trace and the parent span; without a parent it is the first span of the trace.
            kind: Its kind.
            link: A span of another trace that caused it.
            at_ns: The beginning in nanoseconds since 1970; now unless given.
        """
        ...

    def close(self) -> None:
        """Send the remaining spans; returns after a moment at most."""
        ...


@dataclass(frozen=True, slots=True)
class _Unrecorded:
    """Stands for a span that is not recorded: its children become children of its parent."""

    trace: Trace

    def end(self, attributes: Attributes, *, error: str = "", at_ns: int | None = None) -> None:
        """Record nothing."""


class Untraced:
    """A tracer that records nothing and passes on the trace that it is given."""

    def begin(
        self,
        name: str,  # noqa: ARG002 - a tracer's
        under: Trace,
        kind: Kind = Kind.INTERNAL,  # noqa: ARG002
        *,
        link: Trace | None = None,  # noqa: ARG002
        at_ns: int | None = None,  # noqa: ARG002
    ) -> Span:
        """Begin nothing."""
        return _Unrecorded(under)

    def close(self) -> None:
        """Do nothing: there are no spans."""


UNTRACED: Final[Tracer] = Untraced()


def tracer_of(trace: Trace, tracer: Tracer) -> Tracer:
    """The tracer for the spans of a trace: one that records nothing, unless the trace is sampled."""
    return tracer if trace.sampled else UNTRACED


def nanoseconds(moment: datetime) -> int:
    """A time in nanoseconds since 1970, exact to the millisecond."""
    return int(moment.timestamp() * 1000) * 1_000_000


@contextmanager
def spanned(span: Span, attributes: Known) -> Iterator[None]:
    """End a span at the end of the block, with an error if an exception leaves it.

    Args:
        span: The span.
        attributes: Its attributes; the block may add more.
    """
    error = ""
    try:
        yield
    except BaseException as raised:
        error = type(raised).__name__
        raise
    finally:
        span.end(attributes, error=error)


def about(ref: Ref) -> Known:
    """The attributes that name the article of a span."""
    return {"dateline.article_id": ref.article_id, "dateline.revision": ref.revision}


class StageSpans:
    """The spans of one stage of one batch. Each article that is sampled has its own, in its own trace.

    They are made when the stage is over: stages are pure and know nothing of spans, and an article that is not sampled
    costs one comparison. All spans of a batch begin and end with it; the lease shows which articles were one batch.
    """

    def __init__(self, tracer: Tracer, stage: StageName, token: str) -> None:
        self._tracer = tracer
        self._stage = stage
        self._token = token
        self._began = time.time_ns()
        self._together = 0

    def waited(self, loaded: Loaded) -> None:
        """Record the time that an article waited in its lane before this stage."""
        if loaded.trace.sampled:
            since = nanoseconds(loaded.waiting_since)
            span = self._tracer.begin("wait", loaded.trace, Kind.CONSUMER, at_ns=since)
            # By the clocks of two machines: the worker's may be behind that of the store.
            span.end(self._about(loaded), at_ns=max(since, self._began))

    def computing(self, articles: int) -> None:
        """Note how many articles of the batch the stage works on."""
        self._together = articles

    def done(self, loaded: Loaded, advance: Advance, verdict: Verdict, committing_ns: int) -> None:
        """Record that the stage has committed, or that its commit was refused.

        Args:
            loaded: The article.
            advance: The commit.
            verdict: The answer of the ledger.
            committing_ns: When the commit began, in nanoseconds since 1970.
        """
        if not loaded.trace.sampled:
            return
        span = self._span(loaded)
        if advance.entry and verdict is Verdict.COMMITTED:
            self._published(span, advance.outcome, committing_ns)
        more = {"dateline.status": advance.record.status.value, "dateline.commit": verdict.value}
        span.end(self._about(loaded) | more | {"dateline.together": self._together})

    def failed(self, loaded: Loaded, error: str, *, retry_ms: int | None) -> None:
        """Record that the stage failed on an article.

        Args:
            loaded: The article.
            error: Class of the error.
            retry_ms: Milliseconds until it is tried again; ``None`` if it went to quarantine.
        """
        if not loaded.trace.sampled:
            return
        span = self._span(loaded)
        more = {"dateline.retry_ms": retry_ms} if retry_ms is not None else {}
        if retry_ms is None:
            self._published(span, Outcome.QUARANTINED, time.time_ns())
        span.end(self._about(loaded) | more | {"dateline.together": self._together}, error=error)

    def _span(self, loaded: Loaded) -> Span:
        return self._tracer.begin(self._stage.value, loaded.trace, at_ns=self._began)

    def _published(self, span: Span, outcome: Outcome, began_ns: int) -> None:
        told = self._tracer.begin("publish", span.trace, Kind.PRODUCER, at_ns=began_ns)
        told.end({"dateline.outcome": outcome.value})

    def _about(self, loaded: Loaded) -> Known:
        return about(loaded.ref) | {
            "dateline.attempt": loaded.attempts,
            "dateline.lost": loaded.lost,
            "dateline.retries": loaded.retries,
            "dateline.lease": self._token,
        }
