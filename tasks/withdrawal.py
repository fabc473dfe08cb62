"""Withdrawing an article everywhere: in the ledger at once, then in every index outside it, until no trace is left."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas import Ref
from store import Store, Withdrawn

Removal = Callable[[Ref], object]
"""Takes a revision out of one index. Repeating it changes nothing."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Withdraws revisions. What breaks off on the way is finished by the keeper, or by withdrawing again.

    Attributes:
        store: Its ledger decides; from its word on no reader gets anything but the tombstone.
        removals: One for each index outside the ledger.
    """

    store: Store
    removals: Sequence[Removal]

    def article(self, article_id: str, revision: int | None = None) -> dict[Ref, Withdrawn]:
        """Withdraw one revision of an article, or all of them; empty where there is none."""
        withdrawals = self.store.withdrawals
        refs = withdrawals.revisions(article_id)
        found = {ref: withdrawals.withdraw(ref) for ref in refs if revision in {None, ref.revision}}
        for ref in found:
            self._remove(ref)
        self.finish(self.store.ledger.backlog().at)
        return found

    def finish(self, now: datetime) -> int:
        """Finish what is due: what broke off, and what a run may have written after the first removal."""
        due = self.store.withdrawals.due(int(now.timestamp() * 1000))
        for ref in due:
            self._remove(ref)
            self.store.withdrawals.close(ref)
        return len(due)

    def _remove(self, ref: Ref) -> None:
        for remove in self.removals:
            remove(ref)
