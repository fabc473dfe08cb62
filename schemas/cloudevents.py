"""Feed entries in the CloudEvents 1.0 envelope (CNCF, cloudevents/spec v1.0.2), as webhooks and the feed send them."""

from datetime import datetime
from enum import StrEnum
from typing import Final, Literal
from urllib.parse import quote

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
    STORY_MERGED = "dateline.story.merged"
    """With an article, stories turned out to be one: ask for that one from now on."""


def event_type(entry: FeedEntry) -> EventType:
    """What a feed entry tells of its article."""
    if entry.outcome is Outcome.WITHDRAWN:
        return EventType.WITHDRAWN
    if entry.outcome is Outcome.QUARANTINED:
        return EventType.QUARANTINED
    return EventType.UPDATED if entry.again or entry.revision > 1 else EventType.PROCESSED


class EventData(FeedEntry):
    """The feed entry, where its result is, and the result itself where it was asked for."""

    href: str = Field(description="Where the result is read: this revision, as `GET /v1/articles/{id}` gives it.")
    result: Result | None = Field(default=None, description="Null unless it was asked for and is not too large.")


class MergerData(Model):
    """Stories that became one."""

    story_id: str = Field(description="The story that they are from now on.")
    merged_stories: tuple[str, ...] = Field(min_length=1, description="Those that are part of it now.")
    article_id: str = Field(description="The article that they were recognised by.")
    revision: int = Field(ge=1)
    cursor: str = Field(description="Where the feed tells it.")
    href: str = Field(description="Where the story is read.")


class CloudEvent(Model):
    """One event. The same event has the same `source` and `id`, however often it is sent."""

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(description="The cursor in the feed; with `-merged` behind it for a merger.")
    source: str = Field(description="Which Dateline it is: `urn:dateline:feed:` and its prefix.")
    type: EventType
    subject: str = Field(description="Article id and revision, `id:revision`; for a merger the story's id.")
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Literal["urn:dateline:schema:event"] = SCHEMA
    data: EventData | MergerData


def event_source(prefix: str) -> str:
    """What `source` is for the Dateline with this prefix of keys."""
    return f"urn:dateline:feed:{quote(prefix)}"


def event_types(entry: FeedEntry) -> tuple[EventType, ...]:
    """The types of all events that a feed entry tells."""
    return (event_type(entry), *((EventType.STORY_MERGED,) if entry.merged_stories and entry.story_id else ()))


def cloud_events(
    entry: FeedEntry, source: str, base_url: str = "", result: Result | None = None
) -> tuple[CloudEvent, ...]:
    """The events for a feed entry: what became of the article, and whether stories merged with it.

    Args:
        entry: What is told.
        source: Which Dateline tells it, from `event_source`.
        base_url: Address of the API, for `href`; empty for addresses relative to it.
        result: To be sent along.
    """
    return tuple(
        _merger(entry, source, base_url)
        if kind is EventType.STORY_MERGED
        else _of_article(entry, kind, source, base_url, result)
        for kind in event_types(entry)
    )


def _of_article(entry: FeedEntry, kind: EventType, source: str, base_url: str, result: Result | None) -> CloudEvent:
    href = f"{base_url}/v1/articles/{entry.article_id}?revision={entry.revision}"
    return CloudEvent(
        id=entry.cursor,
        source=source,
        type=kind,
        subject=f"{entry.article_id}:{entry.revision}",
        time=entry.finished_at,
        data=EventData(**dict(entry), href=href, result=result),
    )


def _merger(entry: FeedEntry, source: str, base_url: str) -> CloudEvent:
    story = entry.story_id or ""
    data = MergerData(
        story_id=story,
        merged_stories=entry.merged_stories,
        article_id=entry.article_id,
        revision=entry.revision,
        cursor=entry.cursor,
        href=f"{base_url}/v1/stories/{story}",
    )
    return CloudEvent(
        id=f"{entry.cursor}-merged",
        source=source,
        type=EventType.STORY_MERGED,
        subject=story,
        time=entry.finished_at,
        data=data,
    )
