"""The vocabulary of the pipeline: lanes, stages, outcomes, references and stage records."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from schemas.base import Model


class Lane(StrEnum):
    """Where an accepted article waits. A ledger structure, not a broker priority."""

    LIVE = "live"
    BULK = "bulk"


class StageName(StrEnum):
    """The four stages, in the order in which an article passes them."""

    CLEAN = "clean"
    ENTITIES = "entities"
    GEOTAG = "geotag"
    DEDUPE = "dedupe"


class StageStatus(StrEnum):
    """How a stage ended for one revision.

    ``done`` with an empty output means *nothing found*. ``skipped`` means the stage does not apply to this article
    (its reason says why), ``unavailable`` that the stage could not be run at all, ``failed`` that it gave up.
    """

    DONE = "done"
    SKIPPED = "skipped"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"


class State(StrEnum):
    """Where a revision stands in the ledger. The last four are outcomes, the others are *pending*."""

    WAITING = "waiting"
    LEASED = "leased"
    DELAYED = "delayed"
    DONE = "done"
    PARTIAL = "partial"
    QUARANTINED = "quarantined"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What became of an accepted revision: exactly one of these, once.

    ``partial`` means that a stage was unavailable and the rest stands.
    """

    DONE = "done"
    PARTIAL = "partial"
    QUARANTINED = "quarantined"
    WITHDRAWN = "withdrawn"


class Ref(NamedTuple):
    """One revision of one article: what messages, leases and the feed carry instead of the article."""

    article_id: str
    revision: int

    def __str__(self) -> str:
        return f"{self.article_id}:{self.revision}"

    @classmethod
    def parse(cls, text: str) -> "Ref":
        """Read ``<article id>:<revision>``.

        Raises:
            ValueError: The text has another form.
        """
        article_id, _, revision = text.rpartition(":")
        if not article_id:
            raise ValueError(f"not an article reference: {text[:80]!r}")
        return cls(article_id, int(revision))


class Failure(Model):
    """Why a revision was delayed or quarantined: who, when, where and why, never article text."""

    stage: StageName | None = Field(description="The stage that failed; null when the article never reached one.")
    error: str = Field(description="Class of the exception, or the name of the limit that was passed.")
    message: str = Field(description="One sentence with one next step.")
    attempts: int = Field(ge=0, description="Deliveries so far.")
    worker: str = Field(description="The worker process that reported it.")
    version: str = Field(description="Version of Dateline that ran.")
    at: datetime


class StageRecord(Model):
    """What one stage did to one revision."""

    stage: StageName
    status: StageStatus
    version: int = Field(ge=1, description="Version of the stage; rises when its output changes.")
    artefacts: dict[str, str] = Field(default_factory=dict, description="Versions of the models and data it used.")
    reason: str | None = Field(default=None, description="Why it was skipped, unavailable or failed.")
    attempts: int = Field(ge=1, description="Deliveries of the article when the stage was committed.")
    milliseconds: float = Field(ge=0, description="Wall-clock time, this article's share of its batch.")
    finished_at: datetime
