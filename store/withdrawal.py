"""Withdrawing articles: no reader gets them, the feed has a tombstone, and they are still counted."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import redis

from schemas import FeedSummary, Ref
from store._scripts import Scripts
from store.errors import translated
from store.keys import Keys

AGAIN_MS: Final = 300_000
"""A task runs for half of this at most (`stage_hard_limit`), so that nothing is written about the article later."""


class Withdrawn(StrEnum):
    """What a withdrawal found."""

    WITHDRAWN = "withdrawn"
    ALREADY = "already"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """Withdraws revisions in the ledger. The caller removes them from the indexes outside it; `due` lists what is left.

    So a withdrawal that breaks off between the ledger and an index is not forgotten: a later call finishes it.
    """

    client: "redis.Redis"
    keys: Keys
    scripts: Scripts

    def revisions(self, article_id: str) -> list[Ref]:
        """The revisions of an article that are kept, oldest first."""
        with translated():
            latest: Any = self.client.hget(self.keys.head(article_id), "revision")
            refs = [Ref(article_id, number) for number in range(1, int(latest or 0) + 1)]
            pipe = self.client.pipeline(transaction=False)
            for ref in refs:
                pipe.exists(self.keys.record(ref))
            found = pipe.execute()
        return [ref for ref, there in zip(refs, found, strict=True) if there]

    def withdraw(self, ref: Ref) -> Withdrawn:
        """Withdraw a revision, whatever its state. Its outcome is counted as ``withdrawn`` from now on."""
        with translated():
            fields: Any = self.client.hmget(self.keys.record(ref), ["source", "meta"])
            source, meta = fields
            tombstone = FeedSummary(url=json.loads(meta or b"{}").get("url"), source=(source or b"").decode() or None)
            entry = tombstone.model_dump_json(exclude_none=True)
            return Withdrawn(self.scripts.run("withdraw", str(ref), entry, AGAIN_MS).decode())

    def open(self) -> list[Ref]:
        """Withdrawn revisions that may still be in indexes outside the ledger."""
        with translated():
            refs: Any = self.client.zrange(self.keys.withdrawing, 0, -1)
        return [Ref.parse(ref.decode()) for ref in refs]

    def due(self, now_ms: int) -> list[Ref]:
        """Those of them that no worker can still be working on."""
        with translated():
            refs: Any = self.client.zrangebyscore(self.keys.withdrawing, "-inf", now_ms)
        return [Ref.parse(ref.decode()) for ref in refs]

    def reopen(self, article_ids: Sequence[str]) -> int:
        """Let the withdrawals of these articles, if there are any, be finished again; returns how many.

        To be called after a copy is published: its original may have been withdrawn after the copy was decided, but
        before its result could be rewritten.
        """
        with translated():
            return int(self.scripts.run("reopen", *article_ids))

    def close(self, ref: Ref) -> None:
        """Record that a revision is in no index outside the ledger."""
        with translated():
            self.client.zrem(self.keys.withdrawing, str(ref))
