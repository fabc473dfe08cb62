"""The status of the pipeline: what waits and for how long, counters, recent rates, and followers of the feed."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from schemas.base import Model
from schemas.duplicates import Relation
from schemas.pipeline import Lane, Outcome, StageName, StageStatus
from schemas.receipts import Answer
from schemas.webhooks import WebhookState


class Covered(StrEnum):
    """What the stages may find in an article; coverage is the share of articles in which they do."""

    LANGUAGE = "language"
    ENTITIES = "entities"
    PLACES = "places"
    FOCUS = "focus"


class StageLoad(Model):
    """The work in one stage of one lane, and before it."""

    in_work: int = Field(ge=0, description="Leased articles whose next commit is this stage's; a batch may queue.")
    oldest_seconds: float | None = Field(
        description="Time since the oldest of them was accepted; null if there is none."
    )
    messages: int | None = Field(
        default=None,
        ge=0,
        description="Messages in its broker queue: wake-ups or batches. Null while the broker does not answer.",
    )


class LaneLoad(Model):
    """The articles that wait in a lane, and the work in each of its stages."""

    waiting: int = Field(ge=0, description="Articles that no worker has claimed.")
    oldest_seconds: float | None = Field(description="How long the first of them has waited; null if none waits.")
    stages: dict[StageName, StageLoad]


class CoverageShares(Model):
    """Coverage: the share of published articles in which the stages found something."""

    articles: int = Field(ge=1, description="Published, with the outcome done or partial.")
    language: float = Field(ge=0, le=1, description="With a language.")
    entities: float = Field(ge=0, le=1, description="With at least one entity.")
    places: float = Field(ge=0, le=1, description="With at least one place.")
    focus: float = Field(ge=0, le=1, description="With a country, region or city that the article is about.")


class Passage(Model):
    """The time from acceptance to outcome of published articles, estimated from a histogram."""

    articles: int = Field(ge=1)
    mean_seconds: float = Field(ge=0)
    median_seconds: float = Field(ge=0)
    p95_seconds: float = Field(ge=0)


class Figures(Model):
    """Counters of events, raised in the same atomic step as the event. An event that happens again counts again."""

    answers: dict[Answer, int] = Field(description="Submissions, by what the ledger did with them.")
    outcomes: dict[Outcome, int] = Field(description="Outcomes that were reached.")
    retries: dict[StageName, int] = Field(description="Delays after passing faults, by stage.")
    quarantined: dict[StageName, int] = Field(description="By the stage that gave up.")
    lost: int = Field(ge=0, description="Deliveries that ended with a dead worker.")
    expired: int = Field(ge=0, description="Leases that ran out.")
    claims: int = Field(ge=0, description="Batches that workers claimed.")
    claimed: int = Field(ge=0, description="Articles in them.")
    stages: dict[StageName, dict[StageStatus, int]] = Field(description="Articles that passed a stage, by status.")
    relations: dict[Relation, int] = Field(description="Published articles by their relation to earlier ones.")
    unrelated: int = Field(ge=0, description="Published articles that dedupe could not compare.")
    covered: dict[Covered, int] = Field(description="Published articles in which the stages found something.")
    coverage: CoverageShares | None = Field(description="Coverage; null if nothing was published.")
    passage: dict[Lane, Passage | None] = Field(
        description="From acceptance to outcome; null if nothing was published."
    )


class Window(Model):
    """What happened in a period that ends now."""

    seconds: float = Field(
        ge=0, description="Length of the period; shorter than a full one while counting has just begun."
    )
    accepted_per_second: float | None = Field(description="New articles and revisions; null if the period is empty.")
    finished_per_second: float | None = Field(description="Outcomes; null if the period is empty.")
    figures: Figures


class Windows(Model):
    """What happened recently."""

    minute: Window = Field(description="The last minute.")
    quarter: Window = Field(description="The last quarter of an hour.")


class FollowerKind(StrEnum):
    """The way in which somebody follows the feed."""

    WEBHOOK = "webhook"
    GROUP = "group"
    """A consumer group of the Redis stream."""
    CONSUMER = "consumer"
    """A reader that reports how far it is, such as a sink."""


class Follower(Model):
    """A reader of the feed, and how far behind it is."""

    kind: FollowerKind
    name: str = Field(description="A webhook's id, a group's or a consumer's name.")
    cursor: str
    lag_seconds: float = Field(
        ge=0, description="Age of the oldest entry that it has not received; 0 if it has received all."
    )
    pending: int | None = Field(
        default=None, ge=0, description="Of a group: entries that were delivered and not acknowledged."
    )
    missed: int | None = Field(
        default=None, ge=0, description="Of a consumer: entries that the retention deleted before it had them."
    )


class StoreMemory(Model):
    """Memory and durability of the store's Redis."""

    used_bytes: int = Field(ge=0)
    limit_bytes: int = Field(ge=0, description="Its maxmemory; 0 if it has none.")
    durable: bool | None = Field(
        description="Whether it writes an append-only file and the last write succeeded; null if unknown."
    )


class PipelineStatus(Model):
    """The state of the pipeline. The ledger's numbers are of one instant; counters never decrease."""

    at: datetime
    accepted: int = Field(ge=0, description="Articles and revisions since the ledger began.")
    pending: int = Field(ge=0, description="Of these, without an outcome.")
    balanced: bool = Field(description="Whether accepted = done + partial + quarantined + withdrawn + pending.")
    lanes: dict[Lane, LaneLoad]
    leased: int = Field(ge=0, description="Articles in work.")
    delayed: int = Field(ge=0, description="Articles put aside after a passing fault.")
    outcomes: dict[Outcome, int] = Field(description="Articles that have this outcome now, forgotten ones included.")
    feed: int = Field(ge=0, description="Entries of the feed.")
    broker: bool = Field(description="Whether the broker answers.")
    followers: tuple[Follower, ...]
    webhooks: dict[WebhookState, int]
    memory: StoreMemory
    total: Figures
    last: Windows
