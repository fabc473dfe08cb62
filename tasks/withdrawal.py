"""Withdraws an article: in the ledger at once, then in every index outside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas import Ref
from store import Store, Withdrawn

Removal = Callable[[Ref], object]
"""Takes a revision out of one index. Idempotent."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Withdraws revisions. A withdrawal that breaks off is finished by the keeper, or by withdrawing again.

    Attributes:
        store: Once its ledger has withdrawn a revision, readers get only the tombstone.
        removals: One for each index outside the ledger.
    """

    store: Store
    removals: Sequence[Removal]

    def article(self, article_id: str, revision: int | None = None) -> dict[Ref, Withdrawn]:
        """Withdraw one revision of an article, or all of them; empty if there is none."""
        withdrawals = self.store.withdrawals
        refs = withdrawals.revisions(article_id)
        found = {ref: withdrawals.withdraw(ref) for ref in refs if revision in {None, ref.revision}}
        for ref in found:
            self._remove(ref)
        self.finish(self.store.ledger.backlog().at)
        return found

    def finish(self, now: datetime) -> int:
        """Finish the withdrawals that are due: they broke off, or a run may have written after the first removal."""
        due = self.store.withdrawals.due(int(now.timestamp() * 1000))
        for ref in due:
            self._remove(ref)
            self.store.withdrawals.close(ref)
        return len(due)

    def _remove(self, ref: Ref) -> None:
        for remove in self.removals:
            remove(ref)
