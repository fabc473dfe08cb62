"""The store as one object for the layers above."""

import redis

from store._scripts import Scripts
from store.access import AccessKeys
from store.audit import AuditLog
from store.capacity import Capacity
from store.connection import connect
from store.consumers import Consumers
from store.errors import translated
from store.feed import Feed
from store.figures import FigureBook
from store.followers import Followers
from store.idempotency import IdempotencyKeys
from store.keys import Keys
from store.ledger import Ledger
from store.listing import Listing
from store.pipeline import Pipeline
from store.quarantine import QuarantineList
from store.repair import Repair, repair
from store.reprocessing import Reprocessor
from store.results import Results
from store.source_lines import SourceLines
from store.sources import Sources
from store.story_listing import StoryListing
from store.verification import Verification, verify
from store.webhooks import Webhooks
from store.withdrawal import Withdrawals


class Store:
    """The ledger, results, feed, quarantine, access keys, quotas and kept answers over one Redis database.

    Safe to share between threads; open one in each process, after the fork.
    """

    def __init__(self, client: "redis.Redis", prefix: str = "dl", *, clock_ms: int | None = None) -> None:
        self.client = client
        self.keys = Keys(prefix)
        self.scripts = Scripts(client, prefix, clock_ms)
        self.ledger = Ledger(client, self.keys, self.scripts)
        self.results = Results(client, self.keys)
        self.stories = StoryListing(client, self.keys, self.results)
        self.listing = Listing(client, self.keys, self.results, self.stories)
        self.feed = Feed(client, self.keys)
        self.quarantine = QuarantineList(client, self.keys, self.scripts)
        self.withdrawals = Withdrawals(client, self.keys, self.scripts)
        self.access = AccessKeys(client, self.keys)
        self.capacity = Capacity(client, self.keys, self.ledger, self.scripts)
        self.audit = AuditLog(client, self.keys)
        self.reprocessor = Reprocessor(client, self.keys, self.scripts, self.listing)
        self.idempotency = IdempotencyKeys(client, self.keys, self.scripts)
        self.sources = Sources(client, self.keys, self.scripts)
        self.source_lines = SourceLines(client, self.scripts)
        self.consumers = Consumers(client, self.keys, self.scripts)
        self.webhooks = Webhooks(client, self.keys, self.scripts, self.feed)
        self.figures = FigureBook(self.scripts)
        followers = Followers(client, self.keys, self.feed, self.consumers)
        self.pipeline = Pipeline(self.scripts, self.capacity, self.figures, followers, self.webhooks)

    @classmethod
    def open(cls, url: str, prefix: str = "dl") -> "Store":
        """Connect to a Redis database. Nothing is sent until the first operation."""
        return cls(connect(url), prefix)

    def beside(self, name: str) -> "Store":
        """Another store on the same connections, which shares no key with this one."""
        return Store(self.client, f"{self.keys.prefix}:{name}", clock_ms=self.scripts.clock_ms)

    def ping(self) -> None:
        """Check that the server answers.

        Raises:
            StoreUnavailable: It does not.
        """
        with translated():
            self.client.ping()

    def verify(self) -> Verification:
        """Check the accounting; see `store.verification.verify`."""
        return verify(self)

    def repair(self, verification: Verification) -> Repair:
        """Repair what was found; see `store.repair.repair`."""
        return repair(self, verification.findings)

    def close(self) -> None:
        """Close the connections."""
        self.client.close()
