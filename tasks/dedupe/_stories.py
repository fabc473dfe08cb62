"""Stories: which articles tell of one event. Decided for a batch in two round trips."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final, Protocol

from schemas import COPIES, Duplicates, Label, Relation
from store.stories import About, Member, Membership, StoryEntry, StoryProbe, StoryView
from tasks.dedupe._fingerprint import Information, Taken
from tasks.dedupe._profile import (
    INDEXED_TERMS,
    Counts,
    Profile,
    Sayings,
    chosen,
    pack_profile,
    unpack_profile,
    weighed,
)
from tasks.dedupe._story_evidence import Apart, Side, StoryWeights, shipped, side_of, story_evidence
from tasks.dedupe._story_terms import terms_of
from tasks.stage import StageInput

_FEWEST_SHARED: Final = 2
"""Terms that two articles of one batch share before they are compared; those in the index share one at least."""
_REMEMBERED: Final = 1_024
"""Profiles that stay unpacked, 6 kB each: articles of a batch are compared with each other and the same members."""
_MOST_PLACES, _MOST_ENTITIES = 5, 5
_SUPPORT: Final = 3
"""Members of a story that are asked: the best counts half, the best three the other half."""
_NAMED: Final = frozenset({Label.PERSON, Label.ORG, Label.EVENT})
_SURE_PLACE: Final = 0.5


class StoryIndex(Protocol):
    """Remembers which articles tell which story."""

    def check(self, probes: Sequence[StoryProbe]) -> Sequence[StoryView]:
        """Look for members that share terms, one view for each probe."""

    def commit(self, entries: Sequence[StoryEntry]) -> Sequence[Membership]:
        """Commit decisions in the given order."""


@dataclass(frozen=True, slots=True)
class Told:
    """An article as stories see it."""

    article: StageInput
    sayings: Sayings
    about: About
    copy_of: str | None

    @property
    def probe(self) -> StoryProbe:
        """The question to the index."""
        return StoryProbe(self.article.ref, () if self.copy_of else tuple(self.sayings), self.copy_of)

    @property
    def indexed(self) -> tuple[int, ...]:
        """The terms by which others find the article."""
        return tuple(self.sayings)[:INDEXED_TERMS]

    def profile(self, view: StoryView, mates: Sequence[StoryEntry]) -> Profile:
        """Its terms among those of the index, and of those who came before it in its batch."""
        counts = Counter(view.counts)
        for mate in mates:
            counts.update(mate.terms)
        return weighed(self.sayings, Counts(view.articles + len(mates), counts))

    def member(self, story_id: str, profile: Profile) -> Member:
        """The article in a story."""
        ref = self.article.ref
        return Member(ref.article_id, ref.revision, story_id, self.about, pack_profile(profile))


@dataclass(slots=True)
class _Support:
    """What the members of one story say: log-odds above those from which an article joins."""

    odds: list[float] = field(default_factory=list)
    best: Member | None = None
    merge: float = 0.0
    """How far above them the story merges with another one; that of the best member counts."""

    def hear(self, member: Member, value: float, merge: float) -> None:
        if not self.odds or value > max(self.odds):
            self.best, self.merge = member, merge
        self.odds.append(value)

    @property
    def weight(self) -> float:
        best = sorted(self.odds, reverse=True)[:_SUPPORT]
        return (best[0] + sum(best) / len(best)) / 2

    @property
    def merges(self) -> bool:
        return self.weight >= self.merge


def told(article: StageInput, taken: Taken, answer: Duplicates) -> Told:
    """What of an article stories need."""
    assert article.clean is not None
    silent = taken.fingerprint.information is not Information.ENOUGH
    title_only = silent and bool(article.clean.title)
    said = terms_of(article.clean, article.entities, article.clean.published_at, title_only=title_only)
    copy_of = answer.canonical_id if answer.relation in COPIES else None
    return Told(article, chosen(said), _about(article), copy_of)


def assign(index: StoryIndex, articles: Sequence[Told], weights: StoryWeights | None = None) -> list[Membership]:
    """Put every article into a story: one that is told already, or one of its own.

    Raises:
        RetryLater: The index does not answer.
    """
    views = index.check([article.probe for article in articles])
    entries: list[StoryEntry] = []
    for article, view in zip(articles, views, strict=True):
        entries.append(_decided(article, view, entries, weights or shipped()))
    unknown = [entry for entry, view in zip(entries, views, strict=True) if view.known is None]
    committed = iter(index.commit(unknown))
    return [view.known or next(committed) for view in views]


def placed(answer: Duplicates, article: StageInput, membership: Membership) -> Duplicates:
    """A decision with the story that the article is in. What it was called before a rerun, it is called again."""
    joined = membership.story_id != article.ref.article_id and answer.relation is Relation.ORIGINAL
    relation, earlier = Relation.SAME_STORY if joined else answer.relation, article.decided
    if earlier and earlier.canonical_id == answer.canonical_id:
        relation = earlier.relation
    return answer.model_copy(
        update={
            "relation": relation,
            "story_id": membership.story_id,
            "merged_stories": membership.merged,
        }
    )


def _decided(article: Told, view: StoryView, earlier: Sequence[StoryEntry], weights: StoryWeights) -> StoryEntry:
    own_id, profile = article.article.ref.article_id, article.profile(view, earlier)
    mates = [entry.member for entry in earlier]
    if article.copy_of:
        original = next((mate for mate in mates if mate.article_id == article.copy_of), view.original)
        return _joining(article, profile, original) if original else StoryEntry(article.member(own_id, profile), ())
    stories = _heard(article, side_of(profile), (*view.members, *mates), weights)
    ranked = sorted(stories.items(), key=lambda item: -item[1].weight)
    if not ranked or ranked[0][1].weight < 0:
        return StoryEntry(article.member(own_id, profile), article.indexed)
    story_id, support = ranked[0]
    merged = [name for name, other in ranked[1:] if other.merges]
    founders = {name: stories[name].best for name in (story_id, *merged)}
    return StoryEntry(
        article.member(story_id, profile),
        article.indexed,
        matched=support.best.ref if support.best else None,
        founders={name: member for name, member in founders.items() if member},
        merged=tuple(merged),
    )


def _joining(article: Told, profile: Profile, original: Member) -> StoryEntry:
    """A copy is in the story of its original, and speaks for it."""
    founders = {original.story_id: original} if original.profile else {}
    return StoryEntry(article.member(original.story_id, profile), (), matched=original.ref, founders=founders)


def _heard(article: Told, own: Side, members: Iterable[Member], weights: StoryWeights) -> dict[str, _Support]:
    """What the members of each story say, those of the batch included."""
    stories: defaultdict[str, _Support] = defaultdict(_Support)
    for member in members:
        other = _side(member.profile)
        shared = own.terms.keys() & other.terms.keys()
        if member.article_id == article.article.ref.article_id or len(shared) < _FEWEST_SHARED:
            continue
        apart = apart_of(article.about, member.about)
        weighing = weights.dated if apart else weights.undated
        value = weighing.odds(story_evidence(own, other, apart))
        stories[member.story_id].hear(member, value - weighing.join, weighing.merge - weighing.join)
    return stories


@lru_cache(maxsize=_REMEMBERED)
def _side(profile: bytes) -> Side:
    """A packed profile, ready for comparisons."""
    return side_of(unpack_profile(profile))


def apart_of(one: About, other: About) -> Apart | None:
    """How far two articles are from each other; not known where one has no date of its own."""
    if not (one.dated and other.dated):
        return None
    return Apart(float(abs(one.time - other.time)), same_outlet=bool(one.outlet) and one.outlet == other.outlet)


def _about(article: StageInput) -> About:
    assert article.clean is not None
    moment: datetime = article.clean.published_at or article.accepted_at
    places = article.geotag.places if article.geotag else ()
    sure = [place for place in places if place.confidence >= _SURE_PLACE][:_MOST_PLACES]
    countries = {place.country_code for place in sure if place.country_code}
    entities = article.entities.entities if article.entities else ()
    named = sorted((one for one in entities if one.label in _NAMED), key=lambda one: -one.salience)
    return About(
        time=max(0, int(moment.timestamp())),
        outlet=article.source or "",
        dated=article.clean.published_at is not None,
        places=(*(str(place.geoname_id) for place in sure), *sorted(countries)),
        entities=tuple(one.name.lower()[:80] for one in named[:_MOST_ENTITIES]),
    )


__all__ = ["StoryIndex", "Told", "apart_of", "assign", "placed", "told"]
