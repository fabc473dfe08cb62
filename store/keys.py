"""The names of all keys: one place, also for the documentation."""

from dataclasses import dataclass

from schemas import Lane, Outcome, Ref


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys under one prefix. Put a hash tag into the prefix (``{dl}``) to keep them in one slot of a cluster."""

    prefix: str = "dl"

    def head(self, article_id: str) -> str:
        """Hash: ``revision`` (the latest) and ``digest`` of its content."""
        return f"{self.prefix}:head:{article_id}"

    def record(self, ref: Ref) -> str:
        """Hash: everything about one revision: state, lane, counters, body, stage records and outputs."""
        return f"{self.prefix}:article:{ref}"

    def waiting(self, lane: Lane) -> str:
        """Sorted set of refs by order of arrival."""
        return f"{self.prefix}:waiting:{lane}"

    @property
    def leased(self) -> str:
        """Sorted set of refs by lease deadline (ms)."""
        return f"{self.prefix}:leased"

    @property
    def delayed(self) -> str:
        """Sorted set of refs by the time at which they are tried again (ms)."""
        return f"{self.prefix}:delayed"

    @property
    def counts(self) -> str:
        """Hash: ``accepted``, one number for each outcome, ``forgotten:<outcome>``."""
        return f"{self.prefix}:counts"

    @property
    def figures(self) -> str:
        """Hash: what has been counted, see `store.figures`; ``…:past`` is a sorted set of earlier copies by time."""
        return f"{self.prefix}:figures"

    @property
    def feed(self) -> str:
        """Stream: one entry for each outcome."""
        return f"{self.prefix}:feed"

    @property
    def every(self) -> str:
        """Sorted set of all refs by time of acceptance (ms)."""
        return f"{self.prefix}:index:all"

    def by_outcome(self, outcome: Outcome) -> str:
        """Sorted set of the refs with this outcome by time of acceptance (ms)."""
        return f"{self.prefix}:index:outcome:{outcome}"

    def by_source(self, source: str) -> str:
        """Sorted set of the refs of this source by time of acceptance (ms)."""
        return f"{self.prefix}:index:source:{source}"

    def by_place(self, geoname_id: int) -> str:
        """Sorted set of the refs that name this place, by time of acceptance (ms)."""
        return f"{self.prefix}:index:place:{geoname_id}"

    def by_country(self, country_code: str) -> str:
        """Sorted set of the refs that name a place in this country, by time of acceptance (ms)."""
        return f"{self.prefix}:index:country:{country_code}"

    def by_admin1(self, admin1_code: str) -> str:
        """Sorted set of the refs that name a place in this first-order division, by time of acceptance (ms)."""
        return f"{self.prefix}:index:admin1:{admin1_code}"

    @property
    def points(self) -> str:
        """Geo set: the points of all places that some article names."""
        return f"{self.prefix}:index:points"

    def memory(self, source: str) -> str:
        """List: what each article of a source taught about its places (JSON), oldest first."""
        return f"{self.prefix}:memory:of:{source}"

    @property
    def homes(self) -> str:
        """Hash: source to the GeoNames id of the home that an operator set for it."""
        return f"{self.prefix}:homes"

    @property
    def withdrawing(self) -> str:
        """Sorted set of withdrawn refs whose traces outside the ledger may still stand, by when to look (ms)."""
        return f"{self.prefix}:withdrawing"

    @property
    def access(self) -> str:
        """Hash: access key id to its name, scopes and hashed secret (JSON)."""
        return f"access:{self.prefix}"

    @property
    def audit(self) -> str:
        """Stream: two entries for each call of the operate API, at its beginning and at its end."""
        return f"audit:{self.prefix}"

    def quota(self, key_id: str) -> str:
        """String with expiry: the moment (ms) at which this access key's quota is whole again."""
        return f"{self.prefix}:quota:{key_id}"

    def once(self, place: str) -> str:
        """String with expiry: the answer kept under an idempotency key, or the mark of who is working on it."""
        return f"{self.prefix}:once:{place}"

    @property
    def webhooks(self) -> str:
        """Set: the ids of all webhooks."""
        return f"{self.prefix}:webhooks"

    def webhook(self, hook: str) -> str:
        """Hash: what a webhook wants, its secrets, how far it is, and who calls it now."""
        return f"{self.prefix}:webhook:{hook}"

    @property
    def consumers(self) -> str:
        """Set: the names of all consumers of the feed that tell how far they are."""
        return f"{self.prefix}:consumers"

    def consumer(self, name: str) -> str:
        """Hash: how far a consumer is, since when that is known, and how much the retention took from it."""
        return f"{self.prefix}:consumer:{name}"

    @property
    def nothing(self) -> str:
        """No key at all: deleted to see whether the server takes changes."""
        return f"{self.prefix}:nothing"

    @property
    def keeper(self) -> str:
        """String with expiry: held by the worker whose keeper tops up wake-ups right now."""
        return f"{self.prefix}:keeper"
