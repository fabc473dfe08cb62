"""What a reader gets back for an article: its status while it is pending, its result once it has an outcome."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from schemas._lenient import Warning as Note
from schemas.base import Model
from schemas.duplicates import Duplicates
from schemas.entities import Entities
from schemas.pipeline import Failure, Lane, Outcome, StageRecord, State
from schemas.places import Geotags
from schemas.text import CleanText


class _Known(Model):
    id: str
    revision: int = Field(ge=1)
    latest_revision: int = Field(ge=1)
    url: str | None = None
    source: str | None = Field(default=None, description="Host of the outlet.")
    external_id: str | None = None
    lane: Lane
    trace_id: str = Field(
        description="The trace that its submission began or belonged to (W3C Trace Context). All log lines name it."
    )
    accepted_at: datetime
    warnings: tuple[Note, ...] = Field(default=(), description="Metadata that could not be read at submission.")
    stages: tuple[StageRecord, ...] = Field(default=(), description="What each stage did, in order.")


class Status(_Known):
    """An article that has no outcome yet."""

    state: Literal[State.WAITING, State.LEASED, State.DELAYED]
    attempts: int = Field(ge=0, description="Deliveries so far.")
    last_failure: Failure | None = None


class Result(_Known):
    """An article with an outcome. A part that is null was not produced: its stage record says why."""

    outcome: Outcome
    finished_at: datetime
    cursor: str = Field(description="Position of this result in the feed.")
    clean: CleanText | None = None
    entities: Entities | None = None
    geotags: Geotags | None = None
    duplicates: Duplicates | None = None
    failure: Failure | None = Field(default=None, description="Why it is in quarantine.")


Article = Annotated[Status | Result, Field(union_mode="left_to_right")]


class ArticlePage(Model):
    """A run of articles, and where the next one begins."""

    items: tuple[Article, ...]
    next_cursor: str | None = Field(description="Pass it as `cursor` to go on; null on the last page.")
