"""Stories: which articles tell of one event. Decided for a batch in two round trips."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from schemas import COPIES, Duplicates, Label, Relation
from store.stories import About, Member, Membership, StoryEntry, StoryProbe, StoryView
from tasks.dedupe._fingerprint import Information, Taken
from tasks.dedupe._profile import Profile, pack_profile, profile_of, unpack_profile
from tasks.dedupe._story_evidence import Rarity, StoryWeights, odds, shipped, story_evidence
from tasks.stage import StageInput

_FEWEST_SHARED: Final = 2
"""Terms that two articles of one batch share before they are compared; those in the index share one at least."""
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
    profile: Profile
    about: About
    copy_of: str | None

    @property
    def probe(self) -> StoryProbe:
        """The question to the index."""
        return StoryProbe(self.article.ref, () if self.copy_of else tuple(self.profile), self.copy_of)

    def member(self, story_id: str) -> Member:
        """The article in a story."""
        ref = self.article.ref
        return Member(ref.article_id, ref.revision, story_id, self.about, pack_profile(self.profile))


@dataclass(slots=True)
class _Support:
    """What the members of one story say."""

    odds: list[float] = field(default_factory=list)
    best: Member | None = None

    def hear(self, member: Member, value: float) -> None:
        if not self.odds or value > max(self.odds):
            self.best = member
        self.odds.append(value)

    @property
    def weight(self) -> float:
        best = sorted(self.odds, reverse=True)[:_SUPPORT]
        return (best[0] + sum(best) / len(best)) / 2


def told(article: StageInput, taken: Taken, answer: Duplicates) -> Told:
    """What of an article stories need."""
    assert article.clean is not None
    silent = taken.fingerprint.information is not Information.ENOUGH
    profile = profile_of(article.clean, article.entities, title_only=silent and bool(article.clean.title))
    copy_of = answer.canonical_id if answer.relation in COPIES else None
    return Told(article, profile, _about(article), copy_of)


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
    own_id = article.article.ref.article_id
    mates = [entry.member for entry in earlier]
    if article.copy_of:
        original = next((mate for mate in mates if mate.article_id == article.copy_of), view.original)
        return _joining(article, original) if original else StoryEntry(article.member(own_id), ())
    stories = _heard(article, view, mates, weights)
    ranked = sorted(stories.items(), key=lambda item: -item[1].weight)
    terms = tuple(article.profile)
    if not ranked or ranked[0][1].weight < weights.join:
        return StoryEntry(article.member(own_id), terms)
    story_id, support = ranked[0]
    merged = [name for name, other in ranked[1:] if other.weight >= weights.merge]
    founders = {name: stories[name].best for name in (story_id, *merged)}
    return StoryEntry(
        article.member(story_id),
        terms,
        matched=support.best.ref if support.best else None,
        founders={name: member for name, member in founders.items() if member},
        merged=tuple(merged),
    )


def _joining(article: Told, original: Member) -> StoryEntry:
    """A copy is in the story of its original, and speaks for it."""
    founders = {original.story_id: original} if original.profile else {}
    return StoryEntry(article.member(original.story_id), (), matched=original.ref, founders=founders)


def _heard(article: Told, view: StoryView, mates: Iterable[Member], weights: StoryWeights) -> dict[str, _Support]:
    """What the members of each story say, those of the batch included."""
    rarity = Rarity(view.articles, view.counts)
    stories: defaultdict[str, _Support] = defaultdict(_Support)
    own_id = article.article.ref.article_id
    for member in (*view.members, *mates):
        other = unpack_profile(member.profile)
        if member.article_id == own_id or len(article.profile.keys() & other.keys()) < _FEWEST_SHARED:
            continue
        apart = abs(member.about.time - article.about.time)
        stories[member.story_id].hear(member, odds(story_evidence(article.profile, other, rarity, apart), weights))
    return stories


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
        places=(*(str(place.geoname_id) for place in sure), *sorted(countries)),
        entities=tuple(one.name.lower()[:80] for one in named[:_MOST_ENTITIES]),
    )


__all__ = ["StoryIndex", "Told", "assign", "placed", "told"]
