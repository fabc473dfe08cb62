"""Spans: what API, workers and webhooks tell of an article's way. Off unless `workers.tracing` opens a real tracer.

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
    """What a span is to others (OpenTelemetry, trace API, SpanKind)."""

    INTERNAL = auto()
    SERVER = auto()
    CLIENT = auto()
    PRODUCER = auto()
    CONSUMER = auto()


class Span(Protocol):
    """Something that was begun."""

    @property
    def trace(self) -> Trace:
        """Where what belongs under it belongs."""
        ...

    def end(self, attributes: Attributes, *, error: str = "", at_ns: int | None = None) -> None:
        """It is over.

        Args:
            attributes: What became known of it.
            error: Class of what went wrong.
            at_ns: When, in nanoseconds since 1970; now unless given.
        """
        ...


class Tracer(Protocol):
    """Where spans go. Nothing that happens there slows or fails the work."""

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
            name: One of few.
            under: Where it belongs; where that has no span, it is the first of the trace.
            kind: What it is to others.
            link: A span of another trace that it came from.
            at_ns: When it began, in nanoseconds since 1970; now unless given.
        """
        ...

    def close(self) -> None:
        """Send what is left, for a moment at most."""
        ...


@dataclass(frozen=True, slots=True)
class _Unrecorded:
    """In the place of a span: what is under it belongs where it would."""

    trace: Trace

    def end(self, attributes: Attributes, *, error: str = "", at_ns: int | None = None) -> None:
        """Nothing."""


class Untraced:
    """Records nothing, and hands on the trace that it is given."""

    def begin(
        self,
        name: str,  # noqa: ARG002 - a tracer's
        under: Trace,
        kind: Kind = Kind.INTERNAL,  # noqa: ARG002
        *,
        link: Trace | None = None,  # noqa: ARG002
        at_ns: int | None = None,  # noqa: ARG002
    ) -> Span:
        """Nothing begins."""
        return _Unrecorded(under)

    def close(self) -> None:
        """There is nothing to send."""


UNTRACED: Final[Tracer] = Untraced()


def tracer_of(trace: Trace, tracer: Tracer) -> Tracer:
    """Where spans of a trace go: nowhere, unless whoever began it records it."""
    return tracer if trace.sampled else UNTRACED


def nanoseconds(moment: datetime) -> int:
    """A time as spans have it."""
    return int(moment.timestamp() * 1000) * 1_000_000


@contextmanager
def spanned(span: Span, attributes: Known) -> Iterator[None]:
    """End a span with the block, with an error where one leaves it.

    Args:
        span: It.
        attributes: May be added to within the block.
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
    """Which article a span is about."""
    return {"dateline.article_id": ref.article_id, "dateline.revision": ref.revision}


class StageSpans:
    """The spans of one stage of one batch. Each article that is sampled has its own, in its own trace.

    They are made when the stage is over: what is pure knows nothing of them, and articles that are not sampled cost a
    comparison. All of a batch begin and end with it; the lease tells which articles were one batch.
    """

    def __init__(self, tracer: Tracer, stage: StageName, token: str) -> None:
        self._tracer = tracer
        self._stage = stage
        self._token = token
        self._began = time.time_ns()
        self._together = 0

    def waited(self, loaded: Loaded) -> None:
        """It came out of its lane when this stage began."""
        if loaded.trace.sampled:
            since = nanoseconds(loaded.waiting_since)
            span = self._tracer.begin("wait", loaded.trace, Kind.CONSUMER, at_ns=since)
            # By the clocks of two machines: the worker's may be behind that of the store.
            span.end(self._about(loaded), at_ns=max(since, self._began))

    def computing(self, articles: int) -> None:
        """So many articles are worked on together."""
        self._together = articles

    def done(self, loaded: Loaded, advance: Advance, verdict: Verdict, committing_ns: int) -> None:
        """The stage has committed, or was told that it is late.

        Args:
            loaded: The article.
            advance: What was to be committed.
            verdict: What the ledger said to it.
            committing_ns: When the commit began.
        """
        if not loaded.trace.sampled:
            return
        span = self._span(loaded)
        if advance.entry and verdict is Verdict.COMMITTED:
            self._published(span, advance.outcome, committing_ns)
        more = {"dateline.status": advance.record.status.value, "dateline.commit": verdict.value}
        span.end(self._about(loaded) | more | {"dateline.together": self._together})

    def failed(self, loaded: Loaded, error: str, *, retry_ms: int | None) -> None:
        """The stage gave up, for a while or for good.

        Args:
            loaded: The article.
            error: What kind of error it was.
            retry_ms: Milliseconds until it is tried again; ``None`` where it went to quarantine.
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
