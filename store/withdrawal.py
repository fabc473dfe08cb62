"""Withdrawing what was accepted: hidden from every reader, told as a tombstone in the feed, never uncounted."""

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
"""A batch's task may not run longer than half of this (`stage_hard_limit`), so nobody writes of it afterwards."""


class Withdrawn(StrEnum):
    """What a withdrawal found."""

    WITHDRAWN = "withdrawn"
    ALREADY = "already"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """The ledger's side of withdrawing. Indexes outside the ledger are the caller's business: `due` names what is open.

    So a withdrawal that breaks off between the ledger and an index is not forgotten: whoever comes next finishes it.
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
        """Withdrawn revisions whose traces outside the ledger may still stand."""
        with translated():
            refs: Any = self.client.zrange(self.keys.withdrawing, 0, -1)
        return [Ref.parse(ref.decode()) for ref in refs]

    def due(self, now_ms: int) -> list[Ref]:
        """Those of them that nobody works on any more."""
        with translated():
            refs: Any = self.client.zrangebyscore(self.keys.withdrawing, "-inf", now_ms)
        return [Ref.parse(ref.decode()) for ref in refs]

    def reopen(self, article_ids: Sequence[str]) -> int:
        """Let the withdrawals of these articles be finished once more, where there were any; returns how many.

        For who has published a copy: its original may have been withdrawn after the copy was decided on, and before
        its result was there to be rewritten.
        """
        with translated():
            return int(self.scripts.run("reopen", *article_ids))

    def close(self, ref: Ref) -> None:
        """Note that no trace is left outside the ledger."""
        with translated():
            self.client.zrem(self.keys.withdrawing, str(ref))
