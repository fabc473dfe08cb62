"""The shared result store on Redis: the ledger, the results, the feed, the quarantine, the access keys.

What was accepted, waits, is leased, has an outcome or is quarantined stands here, changed only by small atomic
scripts (``store/lua``). Everything else in Dateline may be lost and repeated.
"""

from store._scripts import Scripts
from store.access import AccessKey, AccessKeys, Scope
from store.audit import Actor, AuditLog
from store.capacity import Capacity, Grant, Load
from store.connection import connect
from store.consumers import BadName, Consumer, Consumers
from store.contents import NamedEntity
from store.duplicates import RedisDuplicateIndex
from store.errors import StoreFull, StoreReadOnly, StoreUnavailable
from store.feed import START, BadCursor, Feed, position
from store.figures import FigureBook, Histogram
from store.followers import Followers
from store.formats import NewerFormat
from store.idempotency import Hold, IdempotencyKeys, InProgress, StoredAnswer
from store.ledger import Ledger
from store.listing import Listing, Page, Query
from store.pipeline import Look, Messages, Pipeline
from store.places import Near, place_lines
from store.quarantine import Quarantined, QuarantineList
from store.records import STAGES, Acceptance, Advance, Backlog, Claim, Found, Loaded, NewArticle, Verdict
from store.repair import Repair
from store.reprocessing import Reprocessing, Reprocessor
from store.results import Results
from store.source_lines import ArticleLines, SourceLines
from store.sources import SourceMemory, Sources
from store.store import Store
from store.stories import RedisStoryIndex
from store.story_listing import StoryListing, StoryOrder, StoryQuery
from store.succession import Successions
from store.verification import Finding, Verification
from store.webhooks import Subscription, TooManyWebhooks, Turn, Webhooks
from store.withdrawal import Withdrawals, Withdrawn

__all__ = [
    "STAGES",
    "START",
    "Acceptance",
    "AccessKey",
    "AccessKeys",
    "Actor",
    "Advance",
    "ArticleLines",
    "AuditLog",
    "Backlog",
    "BadCursor",
    "BadName",
    "Capacity",
    "Claim",
    "Consumer",
    "Consumers",
    "Feed",
    "FigureBook",
    "Finding",
    "Followers",
    "Found",
    "Grant",
    "Histogram",
    "Hold",
    "IdempotencyKeys",
    "InProgress",
    "Ledger",
    "Listing",
    "Load",
    "Loaded",
    "Look",
    "Messages",
    "NamedEntity",
    "Near",
    "NewArticle",
    "NewerFormat",
    "Page",
    "Pipeline",
    "QuarantineList",
    "Quarantined",
    "Query",
    "RedisDuplicateIndex",
    "RedisStoryIndex",
    "Repair",
    "Reprocessing",
    "Reprocessor",
    "Results",
    "Scope",
    "Scripts",
    "SourceLines",
    "SourceMemory",
    "Sources",
    "Store",
    "StoreFull",
    "StoreReadOnly",
    "StoreUnavailable",
    "StoredAnswer",
    "StoryListing",
    "StoryOrder",
    "StoryQuery",
    "Subscription",
    "Successions",
    "TooManyWebhooks",
    "Turn",
    "Verdict",
    "Verification",
    "Webhooks",
    "Withdrawals",
    "Withdrawn",
    "connect",
    "place_lines",
    "position",
]
