"""What the dedupe stage returns: whether the article has been seen before."""

from enum import StrEnum
from typing import Final

from pydantic import Field

from schemas.base import Model


class Relation(StrEnum):
    """How an article relates to those seen before it.

    ``low_information`` means that the body is too short or too little about its headline to be compared.
    """

    ORIGINAL = "original"
    EXACT = "exact"
    NEAR = "near"
    CONTAINED_IN = "contained_in"
    CONTAINS = "contains"
    SAME_STORY = "same_story"
    LOW_INFORMATION = "low_information"


COPIES: Final = frozenset({Relation.EXACT, Relation.NEAR, Relation.CONTAINED_IN})
"""Relations of an article for which another one stands."""


class Duplicates(Model):
    """Of what an article is a copy, how, and how sure. A copy still gets its full result."""

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
    score: float = Field(ge=0, le=1, description="Estimated share of the shorter text found in the longer one.")
    jaccard: float = Field(ge=0, le=1, description="Estimated Jaccard similarity of the two sets of shingles.")
    confidence: float | None = Field(
        default=None, ge=0, le=1, description="How sure it is that the best candidate is the same report."
    )
    days_apart: float | None = Field(default=None, ge=0)
    guards_failed: tuple[str, ...] = Field(
        default=(), description="Why the body says too little, and in what the best candidate differs."
    )
    index_version: int = Field(ge=1)

    @property
    def is_copy(self) -> bool:
        """Whether another article stands for this one."""
        return self.relation in COPIES
