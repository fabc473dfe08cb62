"""What speaks for two articles telling one story, as numbers with names; and how they are weighed. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log1p, sqrt
from typing import Any, Final

from tasks.dedupe._profile import Profile, unpack_profile
from tasks.dedupe._scene import (
    DATED_SCENE_EVIDENCE,
    UNDATED_SCENE_EVIDENCE,
    Scene,
    dated_scene_evidence,
    undated_scene_evidence,
)
from tasks.dedupe._setting import SETTING_EVIDENCE, Setting, setting_evidence
from tasks.dedupe._story_terms import Kind
from tasks.dedupe._trees import Trees, answer, planted

_KINDS: Final = tuple(Kind)
_OF_KINDS: Final = tuple(
    f"{kind.name.lower()}s_{part}" for kind in _KINDS for part in ("shared", "covered", "missing", "differ")
)
UNDATED_EVIDENCE: Final = (
    "cosine", "cosine_root", "cosine_squared", *_OF_KINDS, "titles", "titles_rare", "title_missing", "title_in_other",
    "title_in_either", "rarest", "third_rarest", "shared", "fewest", "few", "covered", "covered_least",
    *UNDATED_SCENE_EVIDENCE,
)  # fmt: skip
EVIDENCE: Final = (
    *UNDATED_EVIDENCE, "same_outlet", "gap", "gap_by_cosine", "later", "much_later_by_cosine", "gap_by_capitals",
    "gap_by_names", "gap_of_few", *DATED_SCENE_EVIDENCE, *SETTING_EVIDENCE,
)  # fmt: skip
"""The names of the evidence, in its order. What has to do with time and outlet is left out where one has no date."""
THRESHOLDS: Final = ("join", "alone", "merge", "everyone")
"""What of a `Weighing` is chosen and not fitted."""
OPEN: Final = -4.0
"""Log-odds of the weighed sum up to which a pair is settled: eleven of twelve that the index shows are."""
_FEW_PLACE: Final = UNDATED_EVIDENCE.index("few")
_DAY: Final = 86_400
_MOST_GAP: Final = 4.2
_LATER_DAYS, _MUCH_LATER_DAYS = 3, 14
_MOST: Final = 4.0
_MOST_COVERED: Final = 1.5
_FEW: Final = 16
"""Terms of an article that is little more than a headline: it can agree by chance, the more so the longer the gap."""
_THIRD: Final = 2
_STRONGEST: Final = 3


@dataclass(frozen=True, slots=True)
class Weighing:
    """Two judges of the evidence about a pair, and how what they say of pairs is put together (ADR 25)."""

    weights: tuple[float, ...]
    bias: float
    join: float
    """Log-odds from which articles tell one story when very many pairs of them are known."""
    alone: float
    """By how much more where only one pair is; it falls with the root of their number."""
    merge: float
    """By how much more two stories have to agree, whose readers were told that they are two."""
    everyone: float
    """The share of all pairs in the agreement; the rest are the strongest. Where dates keep similar events apart, a
    story may move on, and its last articles need not resemble its first."""
    trees: Trees | None = None
    """The second judge, who knows what else must hold for a number to count."""

    def odds(self, facts: tuple[float, ...]) -> float:
        """How much speaks for one story; 0 is even. The trees are asked where the weighed sum leaves it open."""
        weighed = self.bias + sum(map(float.__mul__, self.weights, facts))
        if self.trees is None or weighed <= OPEN:
            return weighed
        return (weighed + answer(self.trees, facts)) / 2

    def agreement(self, odds: Iterable[float]) -> float:
        """How far two groups of articles are above telling one story, by the log-odds above `join` of their pairs.

        Something between single and average linkage (Sneath and Sokal 1973, "Numerical Taxonomy"): the best pair
        and the best three on one side, all of them on the other.
        """
        ranked = sorted(odds, reverse=True)
        best = ranked[:_STRONGEST]
        strongest = (best[0] + sum(best) / len(best)) / 2
        average = sum(ranked) / len(ranked)
        return strongest + self.everyone * (average - strongest) - self.alone / sqrt(len(ranked))


@dataclass(frozen=True, slots=True)
class StoryWeights:
    """How evidence is weighed between two articles that both have a date, and where one has none."""

    version: str
    dated: Weighing
    undated: Weighing

    def between(self, apart: "Apart | None") -> Weighing:
        """How two articles are weighed whose distance is known, or not."""
        return self.dated if apart else self.undated


@dataclass(frozen=True, slots=True)
class Side:
    """A profile, and what is summed over it once for all its comparisons."""

    terms: Profile
    length: float
    """Euclidean, of the weights."""
    weight: float
    kinds: tuple[float, ...]
    """Rarity by kind."""
    title: float
    """Rarity of what stands in the headline."""
    scene: Scene
    setting: Setting


@dataclass(frozen=True, slots=True)
class Apart:
    """How far two articles are from each other: in seconds, and whether one outlet has both."""

    seconds: float
    same_outlet: bool
    published: tuple[int, int]
    """The days of both, since 1970."""


def side_of(terms: Profile, scene: Scene, setting: Setting) -> Side:
    """Prepare a profile for comparisons."""
    kinds = [0.0] * len(_KINDS)
    square = weight = title = 0.0
    for term in terms.values():
        kinds[term.kind] += term.rarity
        weight += term.weight
        square += term.weight**2
        title += term.rarity * term.in_title
    return Side(terms, sqrt(square), weight, tuple(kinds), title, scene, setting)


def side_in(packed: bytes) -> Side:
    """A packed profile, ready for comparisons."""
    return side_of(*unpack_profile(packed))


def story_evidence(own: Side, other: Side, apart: Apart | None) -> tuple[float, ...]:
    """The numbers of `EVIDENCE` about two articles; of `UNDATED_EVIDENCE` where `apart` is not known."""
    shared = [key for key in own.terms if key in other.terms]
    cosine = _cosine(own, other, shared)
    by_kind = _shared_by_kind(own, other, shared)
    facts = (
        cosine,
        sqrt(cosine),
        cosine * cosine,
        *_of_kinds(own, other, by_kind),
        *_of_titles(own, other, shared),
        *_of_coverage(own, other, shared),
        *undated_scene_evidence(own.scene, other.scene),
    )
    if apart is None:
        return facts
    return (
        *facts,
        *_of_distance(apart, cosine, by_kind, few=bool(facts[_FEW_PLACE])),
        *dated_scene_evidence(own.scene, other.scene, apart.published),
        *setting_evidence(own.setting, other.setting),
    )


def _cosine(own: Side, other: Side, shared: Iterable[int]) -> float:
    dot = sum(own.terms[key].weight * other.terms[key].weight for key in shared)
    return min(1.0, dot / (own.length * other.length)) if dot else 0.0


def _shared_by_kind(own: Side, other: Side, shared: Iterable[int]) -> list[float]:
    """Rarity of what both say; what one takes for a name and the other for a word counts as both."""
    found = [0.0] * len(_KINDS)
    for key in shared:
        term, same = own.terms[key], other.terms[key]
        found[term.kind] += term.rarity
        if same.kind is not term.kind:
            found[same.kind] += term.rarity
    return found


def _of_kinds(own: Side, other: Side, by_kind: Iterable[float]) -> Iterable[float]:
    """Of each kind: what is shared, as a share of what the poorer one has, whether one has none, whether all differ."""
    for found, mine, theirs in zip(by_kind, own.kinds, other.kinds, strict=True):
        least = min(mine, theirs)
        yield min(found, _MOST)
        yield min(found / least, _MOST_COVERED) if least else 0.0
        yield float(not least)
        yield float(bool(least) and not found)


def _of_titles(own: Side, other: Side, shared: Iterable[int]) -> tuple[float, ...]:
    both = mine = theirs = 0.0
    for key in shared:
        term, same = own.terms[key], other.terms[key]
        both += term.rarity * (term.in_title and same.in_title)
        mine += term.rarity * term.in_title
        theirs += same.rarity * same.in_title
    least = min(own.title, other.title)
    covered = min(both / least, _MOST_COVERED) if least else 0.0
    found = (mine / own.title if own.title else 0.0, theirs / other.title if other.title else 0.0)
    return covered, min(both, _MOST), float(not least), min(found), max(found)


def _of_coverage(own: Side, other: Side, shared: list[int]) -> tuple[float, ...]:
    rarest = sorted((own.terms[key].rarity for key in shared), reverse=True)
    fewest = min(len(own.terms), len(other.terms))
    common = sum(min(own.terms[key].weight, other.terms[key].weight) for key in shared)
    return (
        rarest[0] if rarest else 0.0,
        rarest[_THIRD] if len(rarest) > _THIRD else 0.0,
        log1p(len(shared)),
        log1p(fewest),
        float(fewest < _FEW),
        common / max(1e-9, min(own.weight, other.weight)),
        common / max(1e-9, own.weight, other.weight),
    )


def _of_distance(apart: Apart, cosine: float, by_kind: list[float], *, few: bool) -> tuple[float, ...]:
    gap = min(log1p(apart.seconds / _DAY), _MOST_GAP)
    return (
        float(apart.same_outlet),
        gap,
        gap * cosine,
        float(apart.seconds > _LATER_DAYS * _DAY),
        cosine * (apart.seconds > _MUCH_LATER_DAYS * _DAY),
        gap * min(by_kind[Kind.CAPITAL], _MOST),
        gap * min(by_kind[Kind.NAME], _MOST),
        gap * few,
    )


@cache
def shipped() -> StoryWeights:
    """The weights beside this module."""
    data = json.loads((files("tasks.dedupe") / "data" / "stories.json").read_text("utf-8"))
    dated = _weighing(data["dated"] | {"trees": data["trees"]}, EVIDENCE)
    undated = _weighing(data["undated"], UNDATED_EVIDENCE)
    return StoryWeights(data["version"], dated, undated)


def _weighing(data: Any, names: tuple[str, ...]) -> Weighing:
    if tuple(data["evidence"]) != names:
        raise ValueError("the weights of stories are not those of this evidence; run `make train-dedupe`")
    weights = tuple(float(weight) for weight in data["evidence"].values())
    chosen = {name: float(data[name]) for name in THRESHOLDS}
    trees = planted(float(data["trees_bias"]), data["trees"], names) if "trees" in data else None
    return Weighing(weights, float(data["bias"]), **chosen, trees=trees)
