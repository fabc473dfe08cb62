"""Repairs what `verify` found, as far as the records still say what is right."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas import FeedSummary, Ref, Result
from store.errors import translated
from store.verification import Finding, Verification, verify

if TYPE_CHECKING:
    from store.store import Store

_OF_COUNTERS = frozenset({"accounting", "outcome_count"})
_OF_FEED = frozenset({"published_twice", "feed_without_record"})
_OF_INDEXES = frozenset({"withdrawn_but_indexed", "withdrawn_but_in_a_story"})
_HISTORY = frozenset({"feed_out_of_order", "withdrawal_unfinished", "story_of_another_size", "pending_without_body"})
"""What is told to readers cannot be told in another order; the others repair themselves: a keeper finishes withdrawals,
and a stage that finds no body quarantines its article."""


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did, and the verification after it."""

    mended: tuple[str, ...]
    """Revisions that were put back where they belong."""
    lost: tuple[str, ...]
    """Revisions whose record is gone. They were taken out of all lists; submit them again."""
    after: Verification


def repair(store: "Store", findings: Iterable[Finding]) -> Repair:
    """Repair what can be repaired and verify again. Each step is atomic, so workers may keep running."""
    mended: list[str] = []
    lost: list[str] = []
    findings = list(findings)
    with translated():
        now_ms = int(store.ledger.backlog().at.timestamp() * 1000)
        for finding in findings:
            if finding.kind in _OF_FEED and finding.cursor:
                store.client.xdel(store.keys.feed, finding.cursor)
        refs = {f.subject for f in findings if f.kind not in _OF_COUNTERS | _OF_FEED | _OF_INDEXES | _HISTORY}
        for ref in sorted(refs):
            found = store.scripts.run("mend", ref, _entry(store, Ref.parse(ref)))
            (mended if found else lost).append(ref)
            _forget_in_lists(store, ref, lost)
        for finding in findings:
            if finding.kind in _OF_INDEXES:
                store.client.zadd(store.keys.withdrawing, {finding.subject: now_ms})  # the keeper's next sweep
        store.scripts.run("tally", "1")
    return Repair(tuple(mended), tuple(lost), verify(store))


def _entry(store: "Store", ref: Ref) -> str:
    """The feed entry of a revision, from its result; with no more than its name where that cannot be read."""
    try:
        found = store.results.get(ref.article_id, ref.revision)
    except ValueError:
        found = None
    if not isinstance(found, Result):
        return "{}"
    entry = FeedSummary.of(found.url, found.source, found.clean, found.duplicates)
    return entry.model_dump_json(exclude_none=True)


def _forget_in_lists(store: "Store", ref: str, lost: list[str]) -> None:
    """Take a revision that is lost out of the lists by source and place, which only its record could name."""
    if ref not in lost:
        return
    for kind in ("source", "place", "country", "admin1"):
        for key in store.client.scan_iter(match=f"{store.keys.prefix}:index:{kind}:*", count=2_000):
            store.client.zrem(key, ref)
