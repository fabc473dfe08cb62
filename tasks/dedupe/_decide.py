"""The decision: given an article and the records of its candidates, of what it is a copy. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from schemas import COPIES, Duplicates, Relation
from tasks.dedupe._evidence import DAY, Evidence, evidence
from tasks.dedupe._fingerprint import Fingerprint, Information
from tasks.dedupe._guards import Guard
from tasks.dedupe._record import INDEX_VERSION, Record, days, share
from tasks.dedupe._sketch import Overlap, count_shared, overlap
from tasks.dedupe._verifier import Verdict, Weights, confidence, judge, may_hide, of_a_habit, reasons, shipped

MIN_CONTAINMENT: Final = 0.2
MIN_WORDS: Final = 0.56
"""What shares less than both is not looked at further: of true copies and accepted edits it is none."""
MIN_SAMPLE: Final = 4
"""Shared shingles below which an estimate of containment is no evidence."""
_IDENTITY_GAP: Final = 4 * DAY
"""Measurements D3: copies follow within days."""
_MUCH_SHORTER: Final = 0.5
"""Below half of the longer text's shingles a copy is a teaser or an abridgement, not the same text. Follows from the
Jaccard similarity: it can reach one half only between sets of which one is at least half as large as the other."""
_WHY_LITTLE: Final = {
    Information.TOO_SHORT: Guard.TOO_SHORT,
    Information.OFF_HEADLINE: Guard.OFF_HEADLINE,
    Information.BOILERPLATE: Guard.BOILERPLATE,
}
_A_HABIT: Final = 3
"""Articles of its host among the candidates, none of them called a copy, from which one like them is taken for the next
filling of a template."""
_ALIKE, _AS_LONG = 0.5, 0.75
"""Share of the text, and of the length, that fillings of one template have in common."""

_SAME_HEADLINE: Final = 0.5
"""Share of the shorter headline's words below which two headlines are of different articles."""
_CERTAIN: Final = Verdict(10.0, 10.0)
"""Of equal words on the same page."""


@dataclass(frozen=True, slots=True)
class _Match:
    record: Record
    shared: Overlap
    verdict: Verdict
    guards: tuple[Guard, ...]
    facts: Evidence | None = None
    """``None`` where the page or the headline settles it."""

    @property
    def rank(self) -> tuple[bool, bool, float]:
        return (not self.guards, self.shared.jaccard == 1, self.verdict.odds)


def decide(own_id: str, own: Fingerprint, candidates: Iterable[Record], weights: Weights | None = None) -> Duplicates:
    """Say how an article relates to its candidates. Records of the article's own earlier revisions do not count."""
    known = weights or shipped()
    others = [record for record in candidates if record.article_id != own_id]
    matches = _watched([match for record in others if (match := _compare(own, record, known))], own, known)
    best = max(matches, key=lambda match: match.rank, default=None)
    if best and not best.guards:
        return _related(own_id, own, best, known)
    is_box = best is not None and best.facts is None
    why_little = None if own.is_prose and not is_box else _WHY_LITTLE.get(own.information)
    guards = {why_little, *(best.guards if best else ())}
    return Duplicates(
        relation=Relation.LOW_INFORMATION if why_little else Relation.ORIGINAL,
        canonical_id=own_id,
        cluster_id=own_id,
        score=share(best.shared.containment) if best else 0,
        jaccard=share(best.shared.jaccard) if best else 0,
        days_apart=_gap(own, best.record) if best else None,
        confidence=share(confidence(best.verdict.odds)) if best else None,
        guards_failed=tuple(guard for guard in Guard if guard in guards),
        index_version=INDEX_VERSION,
    )


def is_indexed(decision: Duplicates) -> bool:
    """Whether later articles may turn out to be copies of this one: originals, and versions that say more."""
    return not decision.is_copy


def _compare(own: Fingerprint, record: Record, weights: Weights) -> _Match | None:
    """The match with one candidate, if their texts share enough; guards may still speak against it."""
    other = record.fingerprint
    equal = own.digest == other.digest
    if equal and _same_by_identity(own, other):
        return _Match(record, Overlap(1.0, 1.0, own.sketch.size), _CERTAIN, ())
    text = _overlap(own, other)
    facts = _evidence(own, other, text)
    if facts is None:
        return None
    verdict = judge(facts, weights)
    if Information.BOILERPLATE in (own.information, other.information):
        return _Match(record, text, verdict, (Guard.BOILERPLATE,))
    if _share_what_is_not_theirs(own, other):
        return _Match(record, text, verdict, (Guard.HEADLINES_DIFFER,))
    guards = () if verdict.odds >= weights.threshold else reasons(facts, weights)
    return _Match(record, text, verdict, guards, facts)


def _watched(matches: list[_Match], own: Fingerprint, weights: Weights) -> list[_Match]:
    """The matches as they are judged where the host is known to fill a template."""
    if sum(_is_alike(own, match) for match in matches) < _A_HABIT:
        return matches
    return [match if match.facts is None else _judged_again(match, match.facts, weights) for match in matches]


def _is_alike(own: Fingerprint, match: _Match) -> bool:
    """Whether it may be filled from the same template. It is indexed, so that it was no copy itself."""
    other = match.record.fingerprint
    shorter, longer = sorted((own.sketch.size, other.sketch.size))
    return own.host == other.host != 0 and match.shared.containment >= _ALIKE and shorter >= _AS_LONG * longer


def _judged_again(match: _Match, facts: Evidence, weights: Weights) -> _Match:
    verdict = of_a_habit(match.verdict, weights)
    guards = match.guards or (() if verdict.odds >= weights.threshold else reasons(facts, weights))
    return replace(match, verdict=verdict, guards=guards)


def evidence_between(one: Fingerprint, other: Fingerprint) -> Evidence | None:
    """The evidence about two articles; ``None`` where they share too little to be looked at."""
    return _evidence(one, other, _overlap(one, other))


def _evidence(one: Fingerprint, other: Fingerprint, text: Overlap) -> Evidence | None:
    if text.containment < MIN_CONTAINMENT or text.containment * text.sample < MIN_SAMPLE:
        return None
    words = overlap(one.words, other.words)
    return evidence(one, other, text, words) if words.containment >= MIN_WORDS else None


def _overlap(one: Fingerprint, other: Fingerprint) -> Overlap:
    if one.digest == other.digest:
        return Overlap(1.0, 1.0, one.sketch.size)
    return overlap(one.sketch, other.sketch)


def _same_by_identity(own: Fingerprint, other: Fingerprint) -> bool:
    """The same words on the same page, or under the same headline of the same host, within days."""
    same_page = own.page != 0 and own.page == other.page
    same_headline = own.headline != 0 and own.headline == other.headline
    return (same_page or same_headline) and own.gap(other) <= _IDENTITY_GAP


def _share_what_is_not_theirs(own: Fingerprint, other: Fingerprint) -> bool:
    """Neither body speaks of its headline, and the headlines differ: what is equal belongs to the outlet's pages."""
    if not own.information is other.information is Information.OFF_HEADLINE:
        return False
    shortest = min(len(own.headline_words), len(other.headline_words))
    return count_shared(own.headline_words, other.headline_words) < _SAME_HEADLINE * shortest


def _related(own_id: str, own: Fingerprint, match: _Match, weights: Weights) -> Duplicates:
    sure = match.facts is None or may_hide(match.facts, match.verdict, weights)
    relation = _relation(own, match.record.fingerprint) if sure else Relation.SAME_STORY
    return Duplicates(
        relation=relation,
        canonical_id=match.record.article_id if relation in COPIES else own_id,
        cluster_id=match.record.cluster_id,
        score=share(match.shared.containment),
        jaccard=share(match.shared.jaccard),
        days_apart=_gap(own, match.record),
        confidence=share(confidence(match.verdict.odds)),
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
