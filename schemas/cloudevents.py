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
    """An article that had a result before has a new one: of another revision, or of the same one."""
    QUARANTINED = "dateline.article.quarantined"
    WITHDRAWN = "dateline.article.withdrawn"
    """An article was taken back: delete what you have of it."""
    STORY_MERGED = "dateline.story.merged"
    """An article showed that stories are one: use the id of that one from now on."""


def event_type(entry: FeedEntry) -> EventType:
    """The type of the event that a feed entry is for its article."""
    if entry.outcome is Outcome.WITHDRAWN:
        return EventType.WITHDRAWN
    if entry.outcome is Outcome.QUARANTINED:
        return EventType.QUARANTINED
    return EventType.UPDATED if entry.again or entry.revision > 1 else EventType.PROCESSED


class EventData(FeedEntry):
    """A feed entry, the address of its result, and the result itself if the subscription asked for it."""

    href: str = Field(description="Address of the result of this revision, as `GET /v1/articles/{id}` gives it.")
    result: Result | None = Field(default=None, description="Null if it was not asked for or is too large.")


class MergerData(Model):
    """Stories that were merged into one."""

    story_id: str = Field(description="Id of the story that remains.")
    merged_stories: tuple[str, ...] = Field(min_length=1, description="Ids of the stories that became part of it.")
    article_id: str = Field(description="The article that showed that they are one.")
    revision: int = Field(ge=1)
    cursor: str = Field(description="Position in the feed.")
    href: str = Field(description="Address of the story.")


class CloudEvent(Model):
    """One event. It keeps its `source` and `id` however often it is sent."""

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(description="The cursor in the feed, followed by `-merged` for a merger.")
    source: str = Field(description="The installation of Dateline: `urn:dateline:feed:` and its prefix.")
    type: EventType
    subject: str = Field(description="Article id and revision, `id:revision`; for a merger the story's id.")
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Literal["urn:dateline:schema:event"] = SCHEMA
    data: EventData | MergerData


def event_source(prefix: str) -> str:
    """The `source` of the installation that has this prefix of keys."""
    return f"urn:dateline:feed:{quote(prefix)}"


def event_types(entry: FeedEntry) -> tuple[EventType, ...]:
    """The types of all events that a feed entry leads to."""
    return (event_type(entry), *((EventType.STORY_MERGED,) if entry.merged_stories and entry.story_id else ()))


def cloud_events(
    entry: FeedEntry, source: str, base_url: str = "", result: Result | None = None
) -> tuple[CloudEvent, ...]:
    """The events that a feed entry leads to: one for the article, and one if stories merged.

    Args:
        entry: The feed entry.
        source: From `event_source`.
        base_url: Address of the API, for `href`; empty for addresses relative to it.
        result: The result to include, if any.
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
