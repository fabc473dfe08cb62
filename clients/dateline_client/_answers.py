"""The server's answers as typed values."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What became of an article."""

    ACCEPTED = "accepted"
    """It is new, and stored safely."""
    REVISED = "revised"
    """Its content is new under a known identity."""
    EXISTING = "existing"
    """The same was there already."""
    REJECTED = "rejected"
    """It is not valid; ``problem`` says why. Sending it again unchanged does not help."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning: metadata that was dropped or interpreted."""

    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an article was rejected (RFC 9457).

    Attributes:
        type: Stable name of the kind.
        title: The same for every problem of the kind.
        detail: What to do about this one.
        errors: The fields to correct, as "/field message".
    """

    type: str
    title: str
    detail: str
    errors: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "; ".join(self.errors) or self.detail or self.title

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Problem":
        """From the server's document; what is missing is blank."""
        errors = [
            f"{error.get('pointer') or error.get('parameter') or ''} {error.get('message', '')}".strip()
            for error in document.get("errors") or ()
        ]
        type_, title, detail = (str(document.get(name) or "") for name in ("type", "title", "detail"))
        return cls(type_, title, detail, tuple(errors))


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one article.

    Attributes:
        kind: What became of it.
        status: The HTTP status that it would have got alone.
        id: Its id, with ``revision``: ask for it at ``/v1/articles/{id}?revision={revision}``.
        warnings: Metadata that could not be taken as it was.
        problem: Why it was rejected.
        format: How the server read it, where the request named a format.
        tag: Whatever was given to ``submit`` with it.
    """

    kind: Kind
    status: int
    id: str | None = None
    revision: int | None = None
    warnings: tuple[Notice, ...] = ()
    problem: Problem | None = None
    format: str | None = None
    tag: Any = None

    @classmethod
    def read(cls, item: Mapping[str, Any], tag: Any) -> "Answer":
        """From an item of a batch's answer."""
        receipt = item.get("receipt")
        if receipt is None:
            return cls(Kind.REJECTED, int(item["status"]), problem=Problem.read(item.get("problem") or {}), tag=tag)
        warnings = tuple(Notice(w["field"], w["code"], w["message"]) for w in receipt.get("warnings") or ())
        return cls(
            Kind(receipt["answer"]),
            int(item["status"]),
            receipt["id"],
            int(receipt["revision"]),
            warnings,
            format=item.get("format"),
            tag=tag,
        )


@dataclass(slots=True)
class Totals:
    """Answers so far, by kind, and how often the client had to wait for the server."""

    counts: Counter[Kind] = field(default_factory=Counter)
    warnings: int = 0
    batches: int = 0
    pauses: int = 0

    def __getitem__(self, kind: Kind) -> int:
        return self.counts[kind]

    @property
    def delivered(self) -> int:
        """Articles that are safe on the server."""
        return self.counts.total() - self.counts[Kind.REJECTED]

    def add(self, answer: Answer) -> None:
        """Count an answer."""
        self.counts[answer.kind] += 1
        self.warnings += len(answer.warnings)
