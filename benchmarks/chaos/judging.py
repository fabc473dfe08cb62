"""What became of the accepted articles: held against the feed, the results, and the ledger's own verification."""

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from benchmarks.chaos.crowd import is_in_order
from schemas import Answer, FeedEntry, Outcome, Ref, Relation, Result
from store import STAGES, START, Backlog, Store


def whole_feed(store: Store) -> list[FeedEntry]:
    """The feed from its beginning to its end."""
    entries: list[FeedEntry] = []
    cursor, more = START, True
    while more:
        page = store.feed.page(cursor, 1_000)
        entries += page.items
        cursor, more = page.next_cursor, page.more
    return entries


def judged(
    store: Store, accepted: Sequence[Ref], copies: Sequence[tuple[Ref, Ref]], seen: Sequence[FeedEntry]
) -> dict[str, float]:
    """Count what the promises exclude.

    Args:
        store: What the run left.
        accepted: Every article that somebody was told is safe.
        copies: Pairs with the same text.
        seen: What a reader saw who followed the feed all the time.
    """
    entries = whole_feed(store)
    told = Counter(Ref(entry.article_id, entry.revision) for entry in entries)
    backlog = store.ledger.backlog()
    return {
        "lost": sum(ref not in told for ref in set(accepted)),
        "published_twice": sum(count - 1 for count in told.values()),
        "out_of_order": sum(not fine for fine in is_in_order(entries)) + _differing(entries, seen),
        "double_originals": sum(_is_original(store, one) and _is_original(store, other) for one, other in copies),
        "unaccounted": abs(backlog.accepted - len(set(accepted))) + backlog.pending,
        "unsound": len(store.verify().findings),
        "miscounted": _miscounted(store, backlog),
    }


def _miscounted(store: Store, backlog: Backlog) -> int:
    """By how much the figures differ from the ledger, in a run in which nobody sends anything through once more."""
    counted = store.pipeline.look(None)
    total = counted.status.total
    results = backlog.outcome(Outcome.DONE) + backlog.outcome(Outcome.PARTIAL)
    pairs = [
        (total.answers[Answer.ACCEPTED] + total.answers[Answer.REVISED], backlog.accepted),
        *((total.outcomes[outcome], backlog.outcome(outcome)) for outcome in Outcome),
        (sum(total.relations.values()) + total.unrelated, results),
        (counted.stage_times[STAGES[-1]].count, results),
        (sum(times.count for times in counted.passage_times.values()), results),
    ]
    return sum(abs(one - other) for one, other in pairs)


def _differing(entries: Sequence[FeedEntry], seen: Sequence[FeedEntry]) -> int:
    """Entries that the following reader missed, saw twice, or saw in another place."""
    return sum(one != other for one, other in zip_longest(entries, seen))


def _is_original(store: Store, ref: Ref) -> bool:
    article = store.results.get(ref.article_id, ref.revision)
    found = article.duplicates if isinstance(article, Result) else None
    return found is not None and found.relation is Relation.ORIGINAL
