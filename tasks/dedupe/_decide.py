"""The decision: given an article and the records of its candidates, of what it is a copy. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from schemas import Duplicates, Relation
from tasks.dedupe._fingerprint import Fingerprint, Information
from tasks.dedupe._guards import MAX_GAP_SECONDS, Guard, failed
from tasks.dedupe._record import INDEX_VERSION, Record, days, share
from tasks.dedupe._sketch import Overlap, overlap

MIN_CONTAINMENT: Final = 0.6
"""FACTS D.3: the share of the shorter text from which two texts are one report."""
_MUCH_SHORTER: Final = 0.5
"""Below half of the longer text's shingles a copy is a teaser or an abridgement, not the same text. Follows from the
Jaccard similarity: it can reach one half only between sets of which one is at least half as large as the other."""
_MIN_SAMPLE: Final = 4
"""Shared shingles below which an estimate of containment is no evidence."""
_WHY_LITTLE: Final = {
    Information.TOO_SHORT: Guard.TOO_SHORT,
    Information.OFF_HEADLINE: Guard.OFF_HEADLINE,
    Information.BOILERPLATE: Guard.BOILERPLATE,
}


@dataclass(frozen=True, slots=True)
class _Match:
    record: Record
    shared: Overlap
    guards: tuple[Guard, ...]

    @property
    def rank(self) -> tuple[bool, float, float]:
        return (not self.guards, self.shared.containment, self.shared.jaccard)


def decide(own_id: str, own: Fingerprint, candidates: Iterable[Record]) -> Duplicates:
    """Say how an article relates to its candidates. Records of the article's own earlier revisions do not count."""
    others = [record for record in candidates if record.article_id != own_id]
    matches = [match for record in others if (match := _compare(own, record))]
    best = max(matches, key=lambda match: match.rank, default=None)
    if best and not best.guards:
        return _related(own_id, own, best)
    why_little = _WHY_LITTLE.get(own.information)
    guards = {why_little, *(best.guards if best else ())}
    return Duplicates(
        relation=Relation.LOW_INFORMATION if why_little else Relation.ORIGINAL,
        canonical_id=own_id,
        cluster_id=own_id,
        score=share(best.shared.containment) if best else 0,
        jaccard=share(best.shared.jaccard) if best else 0,
        days_apart=_gap(own, best.record) if best else None,
        guards_failed=tuple(guard for guard in Guard if guard in guards),
        index_version=INDEX_VERSION,
    )


def is_indexed(decision: Duplicates) -> bool:
    """Whether later articles may turn out to be copies of this one: originals, and versions that say more."""
    return not decision.is_copy


def _compare(own: Fingerprint, record: Record) -> _Match | None:
    """The match with one candidate, if their texts share enough; guards may still speak against it."""
    other = record.fingerprint
    if own.digest == other.digest:
        shared = Overlap(1.0, 1.0, own.sketch.size)
        if _same_by_identity(own, other):
            return _Match(record, shared, ())
    else:
        shared = overlap(own.sketch, other.sketch)
        if shared.containment < MIN_CONTAINMENT or shared.containment * shared.sample < _MIN_SAMPLE:
            return None
    return _Match(record, shared, failed(own, other, shared))


def _same_by_identity(own: Fingerprint, other: Fingerprint) -> bool:
    """The same words on the same page, or under the same headline of the same host, within days."""
    same_page = own.page != 0 and own.page == other.page
    same_headline = own.headline != 0 and own.headline == other.headline
    return (same_page or same_headline) and own.gap(other) <= MAX_GAP_SECONDS


def _related(own_id: str, own: Fingerprint, match: _Match) -> Duplicates:
    relation = _relation(own, match.record.fingerprint)
    return Duplicates(
        relation=relation,
        canonical_id=own_id if relation is Relation.CONTAINS else match.record.article_id,
        cluster_id=match.record.cluster_id,
        score=share(match.shared.containment),
        jaccard=share(match.shared.jaccard),
        days_apart=_gap(own, match.record),
        index_version=INDEX_VERSION,
    )


def _relation(own: Fingerprint, other: Fingerprint) -> Relation:
    if own.digest == other.digest:
        return Relation.EXACT
    if own.sketch.size < _MUCH_SHORTER * other.sketch.size:
        return Relation.CONTAINED_IN
    return Relation.CONTAINS if other.sketch.size < _MUCH_SHORTER * own.sketch.size else Relation.NEAR


def _gap(own: Fingerprint, record: Record) -> float:
    return days(own.gap(record.fingerprint))
