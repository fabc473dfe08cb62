"""How full the store is, how fast it drains, and how much of its quota an access key has left."""

from dataclasses import dataclass
from typing import Any

import redis

from store._scripts import Scripts
from store.errors import translated
from store.keys import Keys
from store.ledger import Ledger
from store.records import Backlog

_LOOK_BACK_MS = 60_000
_ENTRIES = 256
"""Feed entries that a rate is measured on: enough for 6 % of error, and at most 100 KB to look through."""
_LEAST_SPAN_MS = 1_000
"""A batch is published within milliseconds: over less than a second, the rate would mean nothing."""


@dataclass(frozen=True, slots=True)
class Load:
    """How full the store is at one instant."""

    backlog: Backlog
    used_bytes: int
    limit_bytes: int
    """Redis' maxmemory; 0 where it has none."""
    durable: bool | None = None
    """Whether its append-only file is on and the last write to it succeeded; ``None`` if the server does not say."""

    @property
    def memory_share(self) -> float:
        """Share of the memory limit that is used; 0 where there is no limit."""
        return self.used_bytes / self.limit_bytes if self.limit_bytes else 0.0


@dataclass(frozen=True, slots=True)
class Grant:
    """How much of a quota a request got."""

    granted: int
    """Articles that may be accepted now, of those that were asked for."""
    left: int
    full_again_s: float
    """Seconds until the whole quota is available again."""
    wait_s: float
    """Seconds until the articles that were not granted fit; 0 if all were granted."""


class Capacity:
    """Measures the store, and hands out quotas."""

    def __init__(self, client: "redis.Redis", keys: Keys, ledger: Ledger, scripts: Scripts) -> None:
        self._client = client
        self._keys = keys
        self._ledger = ledger
        self._scripts = scripts

    def load(self) -> Load:
        """How full the store is now."""
        return self._loaded(self._told("memory"))

    def watched(self) -> Load:
        """The same as `load`, and whether the server is durable."""
        return self._loaded({**self._told("memory"), **self._told("persistence")})

    def _loaded(self, told: dict[str, Any]) -> Load:
        durable = None
        if "aof_enabled" in told:
            durable = bool(told["aof_enabled"]) and told.get("aof_last_write_status") == "ok"
        used, limit = int(told.get("used_memory", 0)), int(told.get("maxmemory", 0))
        return Load(self._ledger.backlog(), used, limit, durable)

    def _told(self, section: str) -> dict[str, Any]:
        """A section of the server's INFO; empty if the command is refused, as by some managed servers.

        A full store is noticed without it: the server refuses writes.
        """
        try:
            with translated():
                told: Any = self._client.info(section)
        except redis.ResponseError:
            return {}
        return dict(told)

    def require_changes(self) -> None:
        """Check that the server takes changes, by one that changes nothing.

        Raises:
            StoreReadOnly: It is a replica.
            StoreUnavailable: It cannot be reached, or takes none for another reason than memory.
        """
        with translated():
            self._client.delete(self._keys.nothing)

    def drain_rate(self) -> float:
        """Outcomes per second, measured on the newest ones of the last minute; 0 when there were none."""
        with translated():
            count, milliseconds = self._scripts.run("drain", _ENTRIES, _LOOK_BACK_MS)
        return int(count) * 1000 / max(_LEAST_SPAN_MS, int(milliseconds)) if count else 0.0

    def take(self, key_id: str, articles: int, per_minute: int) -> Grant:
        """Take articles out of a key's quota, as many as fit.

        Args:
            key_id: Whose quota.
            articles: How many are wanted.
            per_minute: The quota: articles at once after a quiet minute, and articles a minute on average.
        """
        with translated():
            granted, left, full_ms, wait_ms = self._scripts.run("quota", key_id, articles, per_minute)
        return Grant(int(granted), int(left), int(full_ms) / 1000, int(wait_ms) / 1000)
