"""Settles articles that a stage could not finish: delays them, leaves them to a newer worker, or quarantines them."""

import random
from datetime import UTC, datetime
from typing import Final

import structlog

from schemas import VERSION, Failure, FeedSummary, RetryLater, StageName
from store import Loaded, NewerFormat
from tasks.failures import frames, public_message
from tasks.patience import patiently
from tasks.runtime import Runtime
from tasks.tracing import StageSpans

_log = structlog.get_logger(__name__)
_NEWER_WAITS_S: Final = 30.0
"""Between two tries to find a worker that can read an article. While versions are mixed, every other try succeeds."""


def named(loaded: Loaded) -> dict[str, str | int]:
    """The fields that every log line about an article has."""
    ref = loaded.ref
    return {"article_id": ref.article_id, "revision": ref.revision, "trace_id": loaded.trace.trace_id}


class Settlement:
    """Settles the failures of one stage of one batch.

    Args:
        runtime: Of this process.
        stage: Which stage.
        token: Fences what is written.
        spans: Records the failures in traces.
    """

    def __init__(self, runtime: Runtime, stage: StageName, token: str, spans: StageSpans) -> None:
        self._ledger = runtime.store.ledger
        self._limits = runtime.limits
        self._worker = runtime.worker
        self._stage = stage
        self._token = token
        self._spans = spans

    def leave(self, loaded: Loaded, newer: NewerFormat) -> None:
        """Leave an article to a worker of the version that wrote it or an index that it needs. This is no retry."""
        delay_ms = round(1000 * min(_NEWER_WAITS_S, self._limits.retry_cap_s))
        failure = self._failure(loaded, NewerFormat.__name__, str(newer))
        patiently(lambda: self._ledger.set_aside(loaded.ref, self._token, delay_ms, failure), self._limits.patience_s)
        _log.warning("article.left_to_newer", **named(loaded), format=newer.found, delay_ms=delay_ms)

    def settle(self, loaded: Loaded, error: Exception, entry: FeedSummary) -> None:
        """Delay after a passing fault, quarantine after a lasting one.

        Args:
            loaded: The article.
            error: What went wrong.
            entry: What the feed tells if it is quarantined.
        """
        if isinstance(error, NewerFormat):
            self.leave(loaded, error)
            return
        if isinstance(error, RetryLater) and loaded.retries < self._limits.max_retries:
            self._delay(loaded, error)
            return
        _log.error("stage.failed", **named(loaded), error=type(error).__name__, frames=frames(error))
        self.quarantine(loaded, type(error).__name__, public_message(error), entry)

    def quarantine(self, loaded: Loaded, error: str, message: str, entry: FeedSummary) -> None:
        """End an article that cannot be processed.

        Args:
            loaded: The article.
            error: Class of what went wrong.
            message: Why, with a next step, and without article text.
            entry: What the feed tells.
        """
        failure = self._failure(loaded, error, message)
        patiently(lambda: self._ledger.quarantine(loaded.ref, self._token, failure, entry), self._limits.patience_s)
        _log.warning("article.quarantined", **named(loaded), error=error)
        self._spans.failed(loaded, error, retry_ms=None)

    def _delay(self, loaded: Loaded, error: RetryLater) -> None:
        ceiling = min(self._limits.retry_cap_s, self._limits.retry_base_s * 2**loaded.retries)
        # Between half and whole, so that articles that failed together do not come back together.
        delay_ms = int(1000 * random.uniform(ceiling / 2, ceiling))  # noqa: S311 - not for secrets
        failure = self._failure(loaded, type(error).__name__, str(error))
        patiently(lambda: self._ledger.delay(loaded.ref, self._token, delay_ms, failure), self._limits.patience_s)
        _log.info("article.delayed", **named(loaded), error=type(error).__name__, delay_ms=delay_ms)
        self._spans.failed(loaded, type(error).__name__, retry_ms=delay_ms)

    def _failure(self, loaded: Loaded, error: str, message: str) -> Failure:
        return Failure(
            stage=self._stage,
            error=error,
            message=message,
            attempts=loaded.attempts,
            worker=self._worker,
            version=VERSION,
            at=datetime.now(UTC),
        )
