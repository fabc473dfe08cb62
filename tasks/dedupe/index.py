"""The port to the index of what was seen before, and indexes in memory for tests and benchmarks in one process."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from store.duplicates import Answer, Committed, Entry, Fence, Known, Probe, Refused, Snapshot
from store.stories import Member, Membership, StoryEntry, StoryProbe, StoryView

_MOST_CANDIDATES: Final = 8
_LONGEST_LIST: Final = 15
"""Measurements D2: with these two limits no true pair was lost. The Redis index has the same."""


class DuplicateIndex(Protocol):
    """Remembers who is indexed under which keys, and what was decided for whom.

    `check` then `commit` is atomic in effect: a commit is refused when something that it could not have seen shares
    a key with it, and a revision that has a decision keeps it.
    """

    def check(self, probes: Sequence[Probe]) -> Sequence[Snapshot]:
        """Look for candidates, one snapshot for each probe, in their order."""

    def commit(self, entries: Sequence[Entry]) -> Sequence[Answer]:
        """Commit decisions, each atomic, in the given order; one answer for each."""


@dataclass(frozen=True, slots=True)
class _Kept:
    article_id: str
    revision: int
    record: bytes


class MemoryIndex:
    """An index for one process, which forgets nothing and ends with it."""

    def __init__(self) -> None:
        self._postings: defaultdict[int, list[int]] = defaultdict(list)
        self._kept: dict[int, _Kept] = {}
        self._decisions: dict[tuple[str, int], bytes] = {}
        self._latest: dict[str, int] = {}
        self._sequence = 0

    def check(self, probes: Sequence[Probe]) -> list[Snapshot]:
        """Look for candidates."""
        return [self._look_up(probe) for probe in probes]

    def commit(self, entries: Sequence[Entry]) -> list[Answer]:
        """Commit decisions in the given order."""
        return [self._commit(entry) for entry in entries]

    def _look_up(self, probe: Probe) -> Snapshot:
        first = self._decisions.get((probe.article_id, probe.revision))
        return Snapshot(self._fence, self._candidates(probe.keys, {probe.article_id}, after=0), first)

    @property
    def _fence(self) -> Fence:
        return Fence(self._sequence, 0)

    def _candidates(self, keys: Sequence[int], skip: set[str], after: int) -> tuple[bytes, ...]:
        shared: Counter[int] = Counter()
        for place, key in enumerate(keys):
            weight = 1 if place else len(keys) + 1  # who shares the first key, the strongest, comes first
            shared.update({sequence: weight for sequence in self._postings.get(key, ()) if sequence > after})
        ranked = sorted(shared, key=lambda sequence: (-shared[sequence], sequence))
        kept = (self._kept[sequence] for sequence in ranked if sequence in self._kept)
        return tuple(entry.record for entry in kept if entry.article_id not in skip)[:_MOST_CANDIDATES]

    def _commit(self, entry: Entry) -> Answer:
        reference = (entry.article_id, entry.revision)
        if reference in self._decisions:
            return Known(self._decisions[reference])
        if entry.record is not None:
            skip = {entry.article_id, *entry.considered}
            newer = self._candidates(entry.keys, skip, entry.fence.sequence)
            if newer:
                return Refused(self._fence, newer)
        self._decisions[reference] = entry.decision
        self._index(entry)
        return Committed()

    def _index(self, entry: Entry) -> None:
        latest = self._latest.get(entry.article_id)
        if latest is not None and self._kept[latest].revision > entry.revision:
            return
        if latest is not None:
            del self._kept[self._latest.pop(entry.article_id)]
        if entry.record is None:
            return
        self._sequence += 1
        self._kept[self._sequence] = _Kept(entry.article_id, entry.revision, entry.record)
        self._latest[entry.article_id] = self._sequence
        for key in entry.keys:
            self._postings[key] = [*self._postings[key][1 - _LONGEST_LIST :], self._sequence]


class MemoryStories:
    """A story index for one process, which forgets nothing and ends with it."""

    _MOST_MEMBERS: Final = 32
    _LONGEST_LIST: Final = 20

    def __init__(self) -> None:
        self._postings: defaultdict[int, list[str]] = defaultdict(list)
        self._counts: Counter[int] = Counter()
        self._members: dict[str, Member] = {}
        self._stories: dict[str, Membership] = {}
        self._alias: dict[str, str] = {}

    def story_of(self, article_id: str) -> str:
        """The story that an article is in now."""
        return self._resolved(self._stories[article_id].story_id)

    def check(self, probes: Sequence[StoryProbe]) -> list[StoryView]:
        """Look for members that share terms."""
        return [self._look_up(probe) for probe in probes]

    def commit(self, entries: Sequence[StoryEntry]) -> list[Membership]:
        """Commit decisions in the given order."""
        return [self._commit(entry) for entry in entries]

    def _look_up(self, probe: StoryProbe) -> StoryView:
        articles, known = len(self._members), self._stories.get(probe.ref.article_id)
        if known:
            return StoryView(articles, {}, known=known)
        if probe.copy_of:
            original = self._members.get(probe.copy_of)
            return StoryView(articles, {}, original=original and self._now(original))
        shared: Counter[str] = Counter()
        for term in probe.terms:
            for article_id in self._postings[term]:
                shared[article_id] += 1 / self._counts[term]  # type: ignore[assignment]
        best = [self._now(self._members[name]) for name, _ in shared.most_common(self._MOST_MEMBERS)]
        return StoryView(articles, {term: self._counts[term] for term in probe.terms}, tuple(best))

    def _now(self, member: Member) -> Member:
        return replace(member, story_id=self.story_of(member.article_id))

    def _resolved(self, story_id: str) -> str:
        while story_id in self._alias:
            story_id = self._alias[story_id]
        return story_id

    def _commit(self, entry: StoryEntry) -> Membership:
        article_id, story_id = entry.member.article_id, self._resolved(entry.member.story_id)
        merged = tuple(name for name in map(self._resolved, entry.merged) if name != story_id)
        self._alias.update(dict.fromkeys(merged, story_id))
        self._stories[article_id] = Membership(story_id, merged)
        if entry.terms:
            self._members[article_id] = entry.member
        for term in entry.terms:
            self._counts[term] += 1
            self._postings[term] = [*self._postings[term][1 - self._LONGEST_LIST :], article_id]
        return self._stories[article_id]
