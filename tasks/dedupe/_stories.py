"""Stories: which articles tell of one event. Decided for a batch in two round trips."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, Protocol

from schemas import COPIES, Duplicates, Label, Relation
from store.stories import About, Member, Membership, StoryEntry, StoryProbe, StoryView, indexed_name
from tasks.dedupe._fingerprint import Information, Taken
from tasks.dedupe._profile import (
    INDEXED_TERMS,
    Counts,
    Profile,
    Sayings,
    chosen,
    pack_profile,
    weighed,
)
from tasks.dedupe._scene import Scene
from tasks.dedupe._setting import pack_setting, unpack_setting
from tasks.dedupe._story_evidence import Apart, Side, StoryWeights, Weighing, shipped, side_in, side_of, story_evidence
from tasks.dedupe._story_terms import Reading, scene_in, terms_of
from tasks.stage import StageInput

_FEWEST_SHARED: Final = 2
"""Terms that two articles of one batch share before they are compared; those in the index share one at least."""
_REMEMBERED: Final = 1_024
"""Profiles that stay unpacked, 6 kB each: articles of a batch are compared with each other and the same members."""
_MOST_PLACES, _MOST_ENTITIES = 5, 5
_MOST_MERGED: Final = 4
_MOST_ASKED: Final = 8
"""Members of each of two stories that are compared before they merge, those that speak most for the article: at most
64 pairs, 40 us each."""
_NAMED: Final = frozenset({Label.PERSON, Label.ORG, Label.EVENT})
_SURE_PLACE: Final = 0.5
_DAY: Final = 86_400
_SILENT: Final = frozenset({Information.OFF_HEADLINE, Information.BOILERPLATE})
"""Bodies that say nothing of what their article is about; a short one says little, but that."""


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
    scene: Scene
    setting: bytes
    """Where it plays and where its host is at home, packed."""
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

    def side(self, profile: Profile) -> Side:
        """The article, ready for comparisons; its setting as others read it."""
        return side_of(profile, self.scene, unpack_setting(self.setting))

    def member(self, story_id: str, profile: Profile) -> Member:
        """The article in a story."""
        ref = self.article.ref
        packed = pack_profile(profile, self.scene, self.setting)
        return Member(ref.article_id, ref.revision, story_id, self.about, packed)


@dataclass(frozen=True, slots=True)
class _Voice:
    """A member of a story, and what it says for the article: log-odds above those from which it joins."""

    member: Member
    side: Side
    odds: float


@dataclass(slots=True)
class _Heard:
    """A story, as far as the index shows it."""

    voices: list[_Voice]
    weighing: Weighing
    """That of the voice that says most."""
    support: float

    @property
    def best(self) -> Member:
        """Who speaks most for the article."""
        return self.voices[0].member


def told(article: StageInput, taken: Taken, answer: Duplicates) -> Told:
    """What of an article stories need."""
    assert article.clean is not None
    silent = taken.fingerprint.information in _SILENT
    title_only = silent and bool(article.clean.title)
    reading = Reading(article.clean, article.entities, article.geotag, article.source)
    said = terms_of(reading, article.clean.published_at, title_only=title_only)
    scene = scene_in(reading, said, article.clean.published_at, title_only=title_only)
    copy_of = answer.canonical_id if answer.relation in COPIES else None
    setting = pack_setting(article.geotag, title_only=title_only)
    return Told(article, chosen(said), _about(article), scene, setting, copy_of)


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
    own = article.side(profile)
    heard = _heard(article, own, (*view.members, *mates), weights)
    if not heard or heard[0].support < 0:
        return StoryEntry(article.member(own_id, profile), article.indexed)
    first, *others = heard
    mine = _Voice(article.member(first.best.story_id, profile), own, 0.0)
    merged = _merging([mine, *first.voices[:_MOST_ASKED]], others[:_MOST_MERGED], weights)
    return StoryEntry(
        mine.member,
        article.indexed,
        matched=first.best.ref,
        founders={story.best.story_id: story.best for story in (first, *merged)},
        merged=tuple(story.best.story_id for story in merged),
    )


def _joining(article: Told, profile: Profile, original: Member) -> StoryEntry:
    """A copy is in the story of its original, and speaks for it."""
    founders = {original.story_id: original} if original.profile else {}
    return StoryEntry(article.member(original.story_id, profile), (), matched=original.ref, founders=founders)


def _heard(article: Told, own: Side, members: Iterable[Member], weights: StoryWeights) -> list[_Heard]:
    """The stories that the members tell, those of the batch included; first the one that says most for the article."""
    stories: defaultdict[str, list[_Voice]] = defaultdict(list)
    for member in members:
        other = _side(member.profile)
        shared = own.terms.keys() & other.terms.keys()
        if member.article_id != article.article.ref.article_id and len(shared) >= _FEWEST_SHARED:
            odds = _odds((own, article.about), (other, member.about), weights)
            stories[member.story_id].append(_Voice(member, other, odds))
    found = [_story(article.about, voices, weights) for voices in stories.values()]
    return sorted(found, key=lambda story: (-story.support, story.best.story_id))


def _story(about: About, voices: list[_Voice], weights: StoryWeights) -> _Heard:
    ranked = sorted(voices, key=lambda voice: -voice.odds)
    weighing = weights.between(apart_of(about, ranked[0].member.about))
    return _Heard(ranked, weighing, weighing.agreement(voice.odds for voice in ranked))


def _merging(known: list[_Voice], others: Iterable[_Heard], weights: StoryWeights) -> list[_Heard]:
    """Which other stories the article would have joined as well, and whose articles agree with those of its story."""
    merged: list[_Heard] = []
    for story in others:
        asked = story.voices[:_MOST_ASKED]
        if story.support >= 0 and _agree(known, asked, story.weighing, weights):
            known = [*known, *asked]
            merged.append(story)
    return merged


def _agree(known: Iterable[_Voice], asked: Sequence[_Voice], weighing: Weighing, weights: StoryWeights) -> bool:
    pairs = (
        _odds((one.side, one.member.about), (other.side, other.member.about), weights)
        for one in known
        for other in asked
    )
    return weighing.agreement(pairs) >= weighing.merge


def _odds(own: tuple[Side, About], other: tuple[Side, About], weights: StoryWeights) -> float:
    """How far two articles are above telling one story."""
    apart = apart_of(own[1], other[1])
    weighing = weights.between(apart)
    return weighing.odds(story_evidence(own[0], other[0], apart)) - weighing.join


@lru_cache(maxsize=_REMEMBERED)
def _side(profile: bytes) -> Side:
    """A packed profile, ready for comparisons."""
    return side_in(profile)


def apart_of(one: About, other: About) -> Apart | None:
    """How far two articles are from each other; not known where one has no date of its own."""
    if not (one.dated and other.dated):
        return None
    return Apart(
        float(abs(one.time - other.time)),
        same_outlet=bool(one.outlet) and one.outlet == other.outlet,
        published=(one.time // _DAY, other.time // _DAY),
    )


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
        entities=tuple(indexed_name(one.name) for one in named[:_MOST_ENTITIES]),
    )


__all__ = ["StoryIndex", "Told", "apart_of", "assign", "placed", "told"]
