"""What the dedupe stage returns: whether the article has been seen before."""

from enum import StrEnum
from typing import Final

from pydantic import Field

from schemas.base import Model


class Relation(StrEnum):
    """How an article relates to those seen before it.

    ``original``: nothing like it was there. ``exact``, ``near``: a copy, word for word or nearly. ``contained_in``: a
    shortened copy. ``contains``: an earlier article and much more; it stands for itself. ``same_story``: it tells of
    the event of an earlier article; or, where ``cluster_id`` names another article, it is probably the same report, but
    not surely enough to be called a copy. ``low_information``: the body could not be compared, because it is too short
    or too little of it is about its headline.
    """

    ORIGINAL = "original"
    EXACT = "exact"
    NEAR = "near"
    CONTAINED_IN = "contained_in"
    CONTAINS = "contains"
    SAME_STORY = "same_story"
    LOW_INFORMATION = "low_information"


COPIES: Final = frozenset({Relation.EXACT, Relation.NEAR, Relation.CONTAINED_IN})
"""Relations of an article that is a copy of another one."""


class Duplicates(Model):
    """Whether an article is a copy, of which one and how, and how sure that is. A copy has a full result as well.

    ``score``, ``jaccard``, ``confidence`` and ``days_apart`` compare it with the best candidate of that moment, also
    where that one was turned down or was withdrawn since.
    """

    relation: Relation
    canonical_id: str = Field(description="Article id of the original; the article's own id for an original.")
    cluster_id: str = Field(description="The same for all copies of one original.")
    story_id: str | None = Field(
        default=None,
        description="The same for all articles about one event: the id of the first one. Null where stories are off.",
    )
    merged_stories: tuple[str, ...] = Field(
        default=(), description="Stories that became part of `story_id` with this article."
    )
    score: float = Field(
        ge=0,
        le=1,
        description="Estimated share of the shorter text found in the longer one; 0 without a candidate.",
    )
    jaccard: float = Field(ge=0, le=1, description="Estimated Jaccard similarity of the two sets of shingles.")
    confidence: float | None = Field(
        default=None, ge=0, le=1, description="How sure it is that the best candidate is the same report."
    )
    days_apart: float | None = Field(
        default=None,
        ge=0,
        description="Days between this article's date and the best candidate's; of acceptance if one has no date.",
    )
    guards_failed: tuple[str, ...] = Field(
        default=(), description="Codes: why the body was not compared, and in what the best candidate differs."
    )
    index_version: int = Field(ge=1, description="Version of the records that articles are compared by.")

    @property
    def is_copy(self) -> bool:
        """Whether this article is a copy of another one."""
        return self.relation in COPIES
