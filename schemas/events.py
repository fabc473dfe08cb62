"""The feed: one entry for every outcome, in one total order."""

from datetime import datetime
from typing import Self

from pydantic import Field

from schemas.base import Model
from schemas.duplicates import Duplicates, Relation
from schemas.pipeline import Outcome
from schemas.text import CleanText


class FeedSummary(Model):
    """What a follower needs to decide whether an article is worth reading."""

    url: str | None = None
    source: str | None = None
    title: str | None = None
    language: str | None = None
    relation: Relation | None = None
    canonical_id: str | None = None
    story_id: str | None = None
    merged_stories: tuple[str, ...] = Field(
        default=(),
        description="Stories that became part of `story_id` with this article: ask for that one from now on.",
    )

    @classmethod
    def of(cls, url: str | None, source: str | None, clean: CleanText | None, duplicates: Duplicates | None) -> Self:
        """What the feed tells of an article, as far as the stages have come."""
        return cls(
            url=url,
            source=source,
            title=clean.title if clean else None,
            language=clean.language if clean else None,
            relation=duplicates.relation if duplicates else None,
            canonical_id=duplicates.canonical_id if duplicates else None,
            story_id=duplicates.story_id if duplicates else None,
            merged_stories=duplicates.merged_stories if duplicates else (),
        )


class FeedPlace(Model):
    """Which outcome a feed entry tells, and where it stands."""

    cursor: str
    article_id: str
    revision: int = Field(ge=1)
    outcome: Outcome
    finished_at: datetime
    again: bool = Field(default=False, description="This revision had a result before, which this one replaces.")


# Fields of the last base come first in JSON: readers look for the id before the headline.
class FeedEntry(FeedSummary, FeedPlace):
    """One outcome. ``cursor`` is its place in the order: Redis Stream id, SSE event id and REST cursor in one."""


class FeedPage(Model):
    """A run of feed entries and the cursor to go on from."""

    items: tuple[FeedEntry, ...]
    next_cursor: str = Field(description="Pass it as `after` to go on. It stays the same until something new comes.")
    more: bool = Field(description="Whether there are already entries after these.")
