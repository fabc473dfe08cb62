"""Feed entries in the CloudEvents 1.0 envelope (CNCF, cloudevents/spec v1.0.2), as webhooks and the feed send them."""

from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from pydantic import Field

from schemas.base import Model
from schemas.events import FeedEntry
from schemas.pipeline import Outcome
from schemas.result import Result

SCHEMA: Final = "urn:dateline:schema:event"
"""What `dataschema` names: docs/results/event.schema.json."""


class EventType(StrEnum):
    """What happened."""

    PROCESSED = "dateline.article.processed"
    """An article has its result."""
    UPDATED = "dateline.article.updated"
    """Likewise, and something was told of the article before: another revision, or this one with an older result."""
    QUARANTINED = "dateline.article.quarantined"
    WITHDRAWN = "dateline.article.withdrawn"
    """Forget what you have of it."""


def event_type(entry: FeedEntry) -> EventType:
    """What a feed entry tells."""
    if entry.outcome is Outcome.WITHDRAWN:
        return EventType.WITHDRAWN
    if entry.outcome is Outcome.QUARANTINED:
        return EventType.QUARANTINED
    return EventType.UPDATED if entry.again or entry.revision > 1 else EventType.PROCESSED


class EventData(FeedEntry):
    """The feed entry, where its result is, and the result itself where it was asked for."""

    href: str = Field(description="Where the result is read: this revision, as `GET /v1/articles/{id}` gives it.")
    result: Result | None = Field(default=None, description="Null unless it was asked for and is not too large.")


class CloudEvent(Model):
    """One event. The same event has the same `source` and `id`, however often it is sent."""

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(description="The cursor in the feed: `GET /v1/feed?after=` goes on from there.")
    source: str = Field(description="Which Dateline it is: `urn:dateline:feed:` and its prefix.")
    type: EventType
    subject: str = Field(description="Article id and revision: `id:revision`.")
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Literal["urn:dateline:schema:event"] = SCHEMA
    data: EventData


def cloud_event(entry: FeedEntry, source: str, base_url: str = "", result: Result | None = None) -> CloudEvent:
    """The event for a feed entry.

    Args:
        entry: What is told.
        source: Which Dateline tells it.
        base_url: Address of the API, for `href`; empty for an address relative to it.
        result: To be sent along.
    """
    href = f"{base_url}/v1/articles/{entry.article_id}?revision={entry.revision}"
    return CloudEvent(
        id=entry.cursor,
        source=source,
        type=event_type(entry),
        subject=f"{entry.article_id}:{entry.revision}",
        time=entry.finished_at,
        data=EventData(**dict(entry), href=href, result=result),
    )
