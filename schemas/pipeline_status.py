"""How the pipeline is: what waits where and since when, what has been counted, how it went lately, who reads on."""

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
    """What stands before, or is in, one stage of one lane."""

    in_work: int = Field(ge=0, description="Leased articles whose next commit is this stage's; a batch may queue.")
    oldest_seconds: float | None = Field(
        description="How long the oldest of them has been on its way, from its acceptance; null when there is none."
    )
    messages: int | None = Field(
        default=None,
        ge=0,
        description="In its broker queue: wake-ups or batches. Null while the broker is away.",
    )


class LaneLoad(Model):
    """What waits in a lane, and what it has in work."""

    waiting: int = Field(ge=0, description="Articles that no worker has claimed.")
    oldest_seconds: float | None = Field(description="How long the first of them has waited; null when none waits.")
    stages: dict[StageName, StageLoad]


class CoverageShares(Model):
    """Coverage: in which share of the published articles the stages found something."""

    articles: int = Field(ge=1, description="Published, with the outcome done or partial.")
    language: float = Field(ge=0, le=1, description="With a language.")
    entities: float = Field(ge=0, le=1, description="With at least one entity.")
    places: float = Field(ge=0, le=1, description="With at least one place.")
    focus: float = Field(ge=0, le=1, description="With a country, region or city that they are about.")


class Passage(Model):
    """How long published articles took, from acceptance to outcome. Estimated from classes of duration."""

    articles: int = Field(ge=1)
    mean_seconds: float = Field(ge=0)
    median_seconds: float = Field(ge=0)
    p95_seconds: float = Field(ge=0)


class Figures(Model):
    """What happened, counted where it happens, in the same atomic step. Events: what is done again counts again."""

    answers: dict[Answer, int] = Field(description="Submissions, by what the ledger did with them.")
    outcomes: dict[Outcome, int] = Field(description="Outcomes that were reached.")
    retries: dict[StageName, int] = Field(description="Delays after passing faults, by the stage that had them.")
    quarantined: dict[StageName, int] = Field(description="By the stage that gave up.")
    lost: int = Field(ge=0, description="Deliveries that ended with a dead worker.")
    expired: int = Field(ge=0, description="Leases that ran out.")
    claims: int = Field(ge=0, description="Batches that workers claimed.")
    claimed: int = Field(ge=0, description="Articles in them.")
    stages: dict[StageName, dict[StageStatus, int]] = Field(description="Articles that passed a stage, by how.")
    relations: dict[Relation, int] = Field(description="Published articles, by what they are to earlier ones.")
    unrelated: int = Field(ge=0, description="Published articles that dedupe could not compare.")
    covered: dict[Covered, int] = Field(description="Published articles in which the stages found something.")
    coverage: CoverageShares | None = Field(description="Coverage; null when nothing was published.")
    passage: dict[Lane, Passage | None] = Field(description="From acceptance to outcome; null when nothing was.")


class Window(Model):
    """What happened in the last seconds."""

    seconds: float = Field(ge=0, description="How much time it covers: less than asked for while that is young.")
    accepted_per_second: float | None = Field(description="New articles and revisions; null when it covers no time.")
    finished_per_second: float | None = Field(description="Outcomes; null when it covers no time.")
    figures: Figures


class Windows(Model):
    """How it went lately."""

    minute: Window = Field(description="The last minute.")
    quarter: Window = Field(description="The last quarter of an hour.")


class FollowerKind(StrEnum):
    """How somebody follows the feed."""

    WEBHOOK = "webhook"
    GROUP = "group"
    """A consumer group of the Redis stream."""
    CONSUMER = "consumer"
    """One that reads by itself and tells how far it is, such as a sink."""


class Follower(Model):
    """Somebody who follows the feed, and how far behind they are."""

    kind: FollowerKind
    name: str = Field(description="A webhook's id, a group's or a consumer's name.")
    cursor: str
    lag_seconds: float = Field(ge=0, description="Age of the oldest entry that it has not got; 0 when it has all.")
    pending: int | None = Field(default=None, ge=0, description="Of a group: delivered, and not acknowledged.")
    missed: int | None = Field(default=None, ge=0, description="Of a consumer: deleted before it had them.")


class StoreMemory(Model):
    """The store's Redis."""

    used_bytes: int = Field(ge=0)
    limit_bytes: int = Field(ge=0, description="Its maxmemory; 0 where it has none.")
    durable: bool | None = Field(
        description="Whether it writes an append-only file, and the last write went well; null when it does not tell."
    )


class PipelineStatus(Model):
    """Everything that is counted. The ledger's numbers are of one instant; what has been counted never goes back."""

    at: datetime
    accepted: int = Field(ge=0, description="Articles and revisions since the ledger began.")
    pending: int = Field(ge=0, description="Of these, without an outcome.")
    balanced: bool = Field(description="Whether accepted = done + partial + quarantined + withdrawn + pending.")
    lanes: dict[Lane, LaneLoad]
    leased: int = Field(ge=0, description="In work.")
    delayed: int = Field(ge=0, description="Put aside after a passing fault.")
    outcomes: dict[Outcome, int] = Field(description="Articles that have this outcome now, forgotten ones included.")
    feed: int = Field(ge=0, description="Entries of the feed.")
    broker: bool = Field(description="Whether the broker answers.")
    followers: tuple[Follower, ...]
    webhooks: dict[WebhookState, int]
    memory: StoreMemory
    total: Figures
    last: Windows
