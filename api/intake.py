"""Accepts submissions: validates, stores and answers them. Blocking; called in a thread."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from api.lines import Line
from api.problems import Kind, Refused, store_refusal
from api.validation import read_foreign, read_page, read_submission
from schemas import Answer, Format, Item, Lane, Receipt, RetryLater, Submission, Trace, Warning
from store import Acceptance, Ledger, NewArticle
from tasks.tracing import Attributes, Known, Span, Tracer, about, spanned
from tasks.tracing import Kind as SpanKind

_log = structlog.get_logger(__name__)


def status_of(answer: Answer) -> int:
    """The HTTP status of an answer: 202 for new content, 200 for an existing revision."""
    return 200 if answer is Answer.EXISTING else 202


def receipt(acceptance: Acceptance, warnings: Sequence[Warning]) -> Receipt:
    """The receipt for a submission."""
    article_id, revision = acceptance.ref
    return Receipt(
        id=article_id,
        revision=revision,
        answer=acceptance.answer,
        status_url=f"/v1/articles/{article_id}?revision={revision}",
        warnings=tuple(warnings),
    )


def refused_item(number: int, refused: Refused) -> Item:
    """The item of a line that was not accepted."""
    return Item(line=number, status=refused.kind.status, problem=refused.problem(line=number))


@dataclass(frozen=True, slots=True)
class _Read:
    """A valid line, and its format; ``None`` if the request named no format."""

    article: NewArticle
    span: Span
    written_in: Format | None


@dataclass(frozen=True, slots=True)
class Intake:
    """Puts submissions into the ledger."""

    ledger: Ledger
    max_article_bytes: int
    tracer: Tracer

    def one(self, body: bytes, lane: Lane, trace: Trace) -> Receipt:
        """Accept one submission.

        Raises:
            Refused: It is not valid.
            StoreUnavailable: It could not be stored.
            StoreFull: Likewise.
        """
        return self._safe(*read_submission(body), lane, trace)

    def page(self, body: bytes, charset: str | None, known: Mapping[str, Any], lane: Lane, trace: Trace) -> Receipt:
        """Accept one page as it was fetched.

        Args:
            body: The bytes of the page.
            charset: What the header of the request declared.
            known: What the scraper knows beside it: fields of a submission.
            lane: Where it waits.
            trace: Where the request stands.

        Raises:
            Refused: It is not valid.
            StoreUnavailable: It could not be made safe.
            StoreFull: Likewise.
        """
        return self._safe(*read_page(body, charset, known), lane, trace)

    def _safe(self, submission: Submission, warnings: Sequence[Warning], lane: Lane, trace: Trace) -> Receipt:
        span = self.tracer.begin("accept", trace, SpanKind.PRODUCER)
        known: Known = {}
        with spanned(span, known):
            (acceptance,) = self.ledger.accept([_placed(submission, warnings, lane, span)])
            known |= _told(acceptance)
        return receipt(acceptance, warnings)

    def many(self, lines: Sequence[Line], lane: Lane, trace: Trace, written_in: Format = Format.DATELINE) -> list[Item]:
        """Accept the lines that are valid, in one round trip; every line gets its item, in order.

        Each article has a trace of its own, linked to the request's (docs/adr/0014).
        """
        read = [self._read(line, lane, trace, written_in) for line in lines]
        answers = self._accept([found.article for found in read if isinstance(found, _Read)])
        return [
            refused_item(line.number, found) if isinstance(found, Refused) else _item(line.number, found, next(answers))
            for line, found in zip(lines, read, strict=True)
        ]

    def _read(self, line: Line, lane: Lane, trace: Trace, written_in: Format) -> _Read | Refused:
        if line.body is None:
            return Refused(Kind.TOO_LARGE, f"The line is longer than {self.max_article_bytes:,} bytes; leave it out.")
        found: Format | None = None
        try:
            if written_in is Format.DATELINE:
                submission, warnings = read_submission(line.body)
            else:
                submission, warnings, found = read_foreign(line.body, written_in)
        except Refused as refused:
            return refused
        except Exception as error:  # noqa: BLE001 - one article's failure is not its neighbours'
            return _defect(error)
        span = self.tracer.begin("accept", trace.branch(), SpanKind.PRODUCER, link=trace)
        return _Read(_placed(submission, warnings, lane, span), span, found)

    def _accept(self, articles: list[NewArticle]) -> Iterator[Acceptance | Refused]:
        """Accept all in one call; one by one if that fails because of one of them. Repeating is harmless."""
        if not articles:
            return
        try:
            yield from self.ledger.accept(articles)
        except RetryLater as error:
            yield from [store_refusal(error)] * len(articles)
        except Exception as error:  # noqa: BLE001 - as above
            yield from [_defect(error)] if len(articles) == 1 else self._accept_singly(articles)

    def _accept_singly(self, articles: list[NewArticle]) -> Iterator[Acceptance | Refused]:
        for article in articles:
            yield from self._accept([article])


def _item(number: int, read: _Read, answer: Acceptance | Refused) -> Item:
    if isinstance(answer, Refused):
        read.span.end({}, error=answer.kind.urn)
        return refused_item(number, answer)
    read.span.end(_told(answer))
    given = receipt(answer, read.article.warnings)
    return Item(line=number, status=status_of(answer.answer), receipt=given, format=read.written_in)


def _placed(submission: Submission, warnings: Sequence[Warning], lane: Lane, span: Span) -> NewArticle:
    trace = span.trace
    return NewArticle(submission, lane, trace.trace_id, warnings, trace.span_id if trace.sampled else "")


def _told(answer: Acceptance) -> Attributes:
    return about(answer.ref) | {"dateline.answer": answer.answer.value}


def _defect(error: Exception) -> Refused:
    _log.error("submission.failed", error=type(error).__name__)
    return Refused(Kind.INTERNAL, "Dateline could not take this article in; report it with the request's id.")
