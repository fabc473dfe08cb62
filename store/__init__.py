"""The shared result store on Redis: the ledger, the results, the feed, the quarantine, the access keys.

What was accepted, waits, is leased, has an outcome or is quarantined stands here, changed only by small atomic
scripts (``store/lua``). Everything else in Dateline may be lost and repeated.
"""

from store._scripts import Scripts
from store.access import AccessKey, AccessKeys, Scope
from store.capacity import Capacity, Grant, Load
from store.connection import connect
from store.duplicates import RedisDuplicateIndex
from store.errors import StoreFull, StoreUnavailable
from store.feed import START, BadCursor, Feed
from store.idempotency import Hold, IdempotencyKeys, InProgress, StoredAnswer
from store.ledger import Ledger
from store.quarantine import Quarantined, QuarantineList
from store.records import STAGES, Acceptance, Advance, Backlog, Claim, Loaded, NewArticle, Verdict
from store.results import Page, Query, Results
from store.store import Store
from store.verification import Finding, Verification

__all__ = [
    "STAGES",
    "START",
    "Acceptance",
    "AccessKey",
    "AccessKeys",
    "Advance",
    "Backlog",
    "BadCursor",
    "Capacity",
    "Claim",
    "Feed",
    "Finding",
    "Grant",
    "Hold",
    "IdempotencyKeys",
    "InProgress",
    "Ledger",
    "Load",
    "Loaded",
    "NewArticle",
    "Page",
    "QuarantineList",
    "Quarantined",
    "Query",
    "RedisDuplicateIndex",
    "Results",
    "Scope",
    "Scripts",
    "Store",
    "StoreFull",
    "StoreUnavailable",
    "StoredAnswer",
    "Verdict",
    "Verification",
    "connect",
]
