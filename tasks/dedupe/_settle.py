"""From proposals to decisions that stand: check, decide, commit, and again for what was refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas import Duplicates, Ref, RetryLater
from store.duplicates import Committed, Entry, Fence, Known, Probe, Snapshot
from tasks.dedupe._decide import decide, is_indexed
from tasks.dedupe._fingerprint import Taken
from tasks.dedupe._record import Record, pack_decision, pack_record, unpack_decision, unpack_record
from tasks.dedupe.index import DuplicateIndex

_MOST_ROUNDS: Final = 40
"""A batch of 32 that wait for each other in a row takes 32 rounds; most take one or two. Beyond that, other workers
keep indexing similar articles in between, and trying later is cheaper."""


@dataclass(slots=True, eq=False)
class Pending:
    """An article whose decision does not stand yet, and what is known about it so far."""

    ref: Ref
    taken: Taken
    earlier: Duplicates | None = None
    """What was decided before a rerun; it stands although the index may have forgotten it."""
    fence: Fence = field(default=Fence(0, 0))
    records: list[Record] = field(default_factory=list)
    mates: list["Pending"] = field(default_factory=list)
    proposed: Duplicates | None = None
    decided: Duplicates | None = None

    @property
    def probe(self) -> Probe:
        """The question to the index."""
        return Probe(self.ref.article_id, self.ref.revision, self.taken.keys)

    def see(self, fence: Fence, records: Iterable[bytes]) -> None:
        """Take in what the index returned."""
        self.fence = fence
        self.records.extend(record for data in records if (record := unpack_record(data)))

    def remember(self, decision: bytes) -> None:
        """Take over the decision that was committed first."""
        self.decided = unpack_decision(self.ref.article_id, decision)

    def meets(self, mate: "Pending") -> bool:
        """Whether the index would show them to each other."""
        return not set(mate.taken.keys).isdisjoint(self.taken.keys)

    def propose(self, earlier: Iterable["Pending"]) -> bool:
        """Decide in view of the index and of the batch. False: wait, the best candidate is not committed yet."""
        self.mates = [mate for mate in earlier if self.meets(mate)]
        records = [*self.records, *(mate.record for mate in self.mates)]
        self.proposed = decide(self.ref.article_id, self.taken.fingerprint, records)
        uncertain = {mate.record.cluster_id for mate in self.mates if not mate.decided}
        return self.proposed.cluster_id not in uncertain

    @property
    def proposal(self) -> Duplicates:
        """What was proposed last."""
        assert self.proposed is not None
        return self.proposed

    @property
    def record(self) -> Record:
        """What others are compared with, should this article be indexed."""
        return Record(self.ref.article_id, self.proposal.cluster_id, self.taken.fingerprint)

    @property
    def entry(self) -> Entry:
        """What is to be committed."""
        return Entry(
            article_id=self.ref.article_id,
            revision=self.ref.revision,
            keys=self.taken.keys,
            fence=self.fence,
            decision=pack_decision(self.ref.article_id, self.proposal),
            record=pack_record(self.record) if is_indexed(self.proposal) else None,
            considered=tuple(mate.ref.article_id for mate in self.mates),
        )


def settle(index: DuplicateIndex, articles: Sequence[Pending]) -> list[Duplicates]:
    """Bring every article to a decision that is committed.

    Copies within the batch are found here, without a refusal: a proposal looks at the earlier articles of the batch
    as well, and waits a round when it would point at one that is not committed yet.

    Raises:
        RetryLater: The index does not answer, or there is no end of refusals.
    """
    for article, snapshot in zip(articles, index.check([article.probe for article in articles]), strict=True):
        _take_in(article, snapshot)
    for _ in range(_MOST_ROUNDS):
        if all(article.decided for article in articles):
            break
        _round(index, articles)
    return [_decided(article) for article in articles]


def _take_in(article: Pending, snapshot: Snapshot) -> None:
    if snapshot.first is not None:
        article.remember(snapshot.first)
    else:
        article.decided = article.earlier
    article.see(snapshot.fence, snapshot.records)


def _round(index: DuplicateIndex, articles: Sequence[Pending]) -> None:
    ready: list[Pending] = []
    indexed: list[Pending] = []
    waiting: list[Pending] = []
    for article in articles:
        if not article.decided:
            if any(article.meets(mate) for mate in waiting) or not article.propose(indexed):
                waiting.append(article)
                continue
            ready.append(article)
        if article.proposed and is_indexed(article.proposed):
            indexed.append(article)
    for article, answer in zip(ready, index.commit([article.entry for article in ready]), strict=True):
        match answer:
            case Committed():
                article.decided = article.proposal
            case Known(decision):
                article.remember(decision)
                article.proposed = None  # what is indexed for it is another run's: the index will show it
            case refused:
                article.see(refused.fence, refused.records)


def _decided(article: Pending) -> Duplicates:
    if article.decided is None:
        raise RetryLater("Too many similar articles are being indexed at once; the batch will be tried again.")
    return article.decided
