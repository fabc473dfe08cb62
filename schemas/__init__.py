"""What crosses a boundary, as pydantic models. Imports nothing of Dateline."""

from schemas._lenient import Instant, Warning
from schemas.article import MAX_EXTRA_BYTES, MAX_HTML_CHARS, MAX_TEXT_CHARS, Submission
from schemas.duplicates import COPIES, Duplicates, Relation
from schemas.entities import Entities, Entity, Label, Mention, Part
from schemas.errors import DatelineError, Quarantine, RetryLater, Unavailable
from schemas.events import FeedEntry, FeedPage, FeedSummary
from schemas.formats import Format
from schemas.identity import article_id, content_digest, source_of
from schemas.operate import (
    AuditEntry,
    AuditPage,
    Changed,
    QuarantinedArticle,
    QuarantinePage,
    ReprocessOrder,
    ReprocessReceipt,
    Selection,
)
from schemas.pipeline import Failure, Lane, Outcome, Ref, StageName, StageRecord, StageStatus, State
from schemas.places import (
    BoundingBox,
    Coverage,
    DatelinePlace,
    Focus,
    FocusArea,
    Geotags,
    MemoryUse,
    Place,
    PlaceKind,
    PlaceMention,
    PlaceRole,
    Precision,
    RunnerUp,
    Unresolved,
)
from schemas.problems import FieldError, Problem
from schemas.receipts import Answer, BatchReceipt, Item, Receipt
from schemas.result import Article, ArticlePage, Result, Status
from schemas.stories import Count, Story, StoryArticle, StoryDetail, StoryPage, StoryPlace
from schemas.text import CleanText, Dateline, Form, Quality, Removed
from schemas.urls import host_of, same_page_key
from schemas.version import VERSION

__all__ = [
    "COPIES",
    "MAX_EXTRA_BYTES",
    "MAX_HTML_CHARS",
    "MAX_TEXT_CHARS",
    "VERSION",
    "Answer",
    "Article",
    "ArticlePage",
    "AuditEntry",
    "AuditPage",
    "BatchReceipt",
    "BoundingBox",
    "Changed",
    "CleanText",
    "Count",
    "Coverage",
    "Dateline",
    "DatelineError",
    "DatelinePlace",
    "Duplicates",
    "Entities",
    "Entity",
    "Failure",
    "FeedEntry",
    "FeedPage",
    "FeedSummary",
    "FieldError",
    "Focus",
    "FocusArea",
    "Form",
    "Format",
    "Geotags",
    "Instant",
    "Item",
    "Label",
    "Lane",
    "MemoryUse",
    "Mention",
    "Outcome",
    "Part",
    "Place",
    "PlaceKind",
    "PlaceMention",
    "PlaceRole",
    "Precision",
    "Problem",
    "Quality",
    "Quarantine",
    "QuarantinePage",
    "QuarantinedArticle",
    "Receipt",
    "Ref",
    "Relation",
    "Removed",
    "ReprocessOrder",
    "ReprocessReceipt",
    "Result",
    "RetryLater",
    "RunnerUp",
    "Selection",
    "StageName",
    "StageRecord",
    "StageStatus",
    "State",
    "Status",
    "Story",
    "StoryArticle",
    "StoryDetail",
    "StoryPage",
    "StoryPlace",
    "Submission",
    "Unavailable",
    "Unresolved",
    "Warning",
    "article_id",
    "content_digest",
    "host_of",
    "same_page_key",
    "source_of",
]
