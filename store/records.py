"""The values that go into the ledger and come out of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from schemas import (
    Answer,
    Lane,
    Outcome,
    Ref,
    StageName,
    StageRecord,
    State,
    Submission,
    Trace,
    Warning,
    article_id,
)
from schemas.events import FeedSummary
from schemas.pipeline_status import Covered

STAGES = tuple(StageName)
"""The order in which stages are committed; a record's ``stage`` field counts along it."""


def moment(milliseconds: float | str | bytes) -> datetime:
    """A time of the ledger as a datetime in UTC."""
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


@dataclass(frozen=True, slots=True)
class NewArticle:
    """A valid submission on its way into the ledger."""

    submission: Submission
    lane: Lane
    trace_id: str
    warnings: Sequence[Warning] = ()
    span_id: str = ""
    """The span that it was taken in by, where its trace is sampled."""

    @property
    def id(self) -> str:
        """The deterministic article id."""
        return article_id(self.submission)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the ledger did with a submission."""

    ref: Ref
    answer: Answer
    state: State
    waiting: int
    """Articles that wait in the lane now."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A batch under one lease; ``token`` fences every commit of it."""

    token: str
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a stage reads of one revision, undecoded where it is large."""

    ref: Ref
    state: State
    token: str
    stage: int
    attempts: int
    retries: int
    lost: int
    """Deliveries that ended with a dead worker."""
    accepted_at: datetime
    source: str | None
    trace: Trace
    waiting_since: datetime
    """When it last came to a lane: its acceptance, or a return."""
    url: str | None
    memory: int | None = None
    """Version of its source's memory that the geotag stage was first given."""
    parts: dict[str, bytes | None] = field(default_factory=dict)
    """``submission`` and the earlier outputs that were asked for, packed."""
    records: dict[StageName, StageRecord] = field(default_factory=dict)
    """What the stages before it did; empty where a newer version wrote them."""
    format: int = 1
    """The newest format in which anything of it is written; see `store.formats`."""


class Verdict(StrEnum):
    """What a fenced script answered."""

    COMMITTED = "committed"
    ALREADY = "already"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Backlog:
    """Everything that is counted, at one instant."""

    at: datetime
    counts: dict[str, int]
    waiting: dict[Lane, int]
    oldest: dict[Lane, datetime | None]
    leased: int
    delayed: int
    feed: int

    @property
    def pending(self) -> int:
        """Accepted, and without an outcome."""
        return sum(self.waiting.values()) + self.leased + self.delayed

    @property
    def accepted(self) -> int:
        """Revisions accepted since the ledger began."""
        return self.counts.get("accepted", 0)

    def outcome(self, outcome: Outcome) -> int:
        """Revisions that have this outcome now, forgotten ones included."""
        return self.counts.get(outcome.value, 0)

    @property
    def balanced(self) -> bool:
        """Whether accepted = done + partial + quarantined + withdrawn + pending."""
        return self.accepted == sum(self.outcome(outcome) for outcome in Outcome) + self.pending


@dataclass(frozen=True, slots=True)
class Advance:
    """One stage of one article, done: with a feed entry it is the last one, and the outcome is published."""

    ref: Ref
    record: StageRecord
    output: str | None
    outcome: Outcome = Outcome.DONE
    entry: FeedSummary | None = None
    found: "Found | None" = None
    """Of the geotag stage only."""
    covered: frozenset[Covered] = frozenset()
    """Of the last stage only: what all of them found, to be counted."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the geotag stage leaves for the article's listing and for its source's later articles."""

    places: str
    """Lines of `store.places.place_lines`."""
    lesson: str = ""
    """What the source's memory keeps of the article; empty when it teaches nothing."""
    memory: int | None = None
    """Version of the memory that the stage was given; ``None`` where the source is unknown."""
