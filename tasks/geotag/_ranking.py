"""Ranking all candidates of an article together: rounds in which likely places lend each other support."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np

from tasks.geotag._candidates import Options
from tasks.geotag._features import CONTEXT, STATIC, Feature, Floats, Ints
from tasks.geotag._groups import Group
from tasks.geotag._hints import Hint
from tasks.geotag._marks import MARKS, division_of
from tasks.geotag._sphere import closeness
from tasks.geotag._weights import ROUNDS, TARGETS, UNLISTED, Weights, grounds

LEADS_FROM = 0.2
"""Share of the other names that makes a country the one in which the article plays."""
_NEVER = -1


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """The candidates of all groups in one row, with their final probabilities and the context that gave them."""

    group: Ints
    probability: Floats
    context: Floats


class Table:
    """The candidates of an article as arrays: one row each, groups one after another."""

    def __init__(self, groups: Sequence[Group], options: Sequence[Options], hints: Sequence[Hint]) -> None:
        places = list(chain.from_iterable(found.places for found in options))
        self.groups = groups
        self.options = options
        sizes = [len(found) for found in options]
        self.group: Ints = np.repeat(np.arange(len(groups)), sizes)
        self.rows = [range(end - size, end) for end, size in zip(accumulate(sizes), sizes, strict=True)]
        """The candidates of each group."""
        self.evidence: Floats = np.concatenate([np.zeros((0, STATIC)), *(found.evidence for found in options)])
        self.weight: Floats = np.sqrt(
            [
                0.0 if all(place.is_derived for place in found.places) else float(group.mentions)
                for group, found in zip(groups, options, strict=True)
            ]
        )
        self.hint_weight: Floats = np.sqrt([hint.mentions for hint in hints])
        codes = [*places, *(hint.place for hint in hints)]
        country = _numbered([place.country for place in codes])
        divisions = chain.from_iterable(found.divisions for found in options)
        admin1 = _numbered([*divisions, *(division_of(hint.place) for hint in hints)])
        self.country, self.hint_country = country[: len(places)], country[len(places) :]
        self.admin1, self.hint_admin1 = admin1[: len(places)], admin1[len(places) :]
        self.vectors: Floats = np.concatenate([np.zeros((0, 3)), *(found.vectors for found in options)])
        marks = np.concatenate([np.zeros((MARKS, 0), dtype=bool), *(found.marks for found in options)], axis=1)
        self.is_country, self.is_admin1, self.is_derived, self.is_obscure, self.is_point = marks

    def softmax(self, scores: Floats) -> Floats:
        """Probabilities within each group; what is missing to one belongs to the place that the gazetteer lacks."""
        size = len(self.groups)
        top = np.full(size, UNLISTED)
        np.maximum.at(top, self.group, scores)
        raised = np.exp(scores - top[self.group])
        total = np.bincount(self.group, weights=raised, minlength=size) + np.exp(UNLISTED - top)
        shares: Floats = raised / total[self.group]
        return shares


def _numbered(codes: Sequence[str | None]) -> Ints:
    known: dict[str, int] = {}
    return np.array([_NEVER if code is None else known.setdefault(code, len(known)) for code in codes], dtype=np.int64)


def rank(table: Table, weights: Weights, rounds: int = ROUNDS) -> Ranked:
    """Score every candidate in rounds; each round's probabilities are the next one's context."""
    probability = table.softmax(table.evidence @ weights.first)
    surroundings = Surroundings(table, probability)
    own = table.evidence @ weights.context[:STATIC]
    context = np.zeros((len(table.group), CONTEXT))
    for _ in range(rounds):
        context = surroundings.context(probability)
        probability = table.softmax(own + context @ weights.context[STATIC:])
    return Ranked(table.group, probability, context)


def grounds_at(table: Table, ranked: Ranked, row: int, at: int) -> Floats:
    """What the confidence in a candidate rests on; see `grounds`.

    Args:
        table: The candidates.
        ranked: How they were ranked.
        row: The group.
        at: The candidate, among those of all groups.
    """
    rows = table.rows[row]
    doubts = table.options[row].doubts[:, at - rows.start]
    return grounds(float(ranked.probability[at]), table.evidence[at], ranked.context[at], doubts, only=len(rows) == 1)


class Surroundings:
    """What the other names of an article say for each candidate, as their probabilities change."""

    def __init__(self, table: Table, probability: Floats) -> None:
        self._table = table
        self._countries = _Codes(table, table.country, table.hint_country)
        self._divisions = _Codes(table, table.admin1, table.hint_admin1)
        self._qualified = list(_qualified(table))
        points = np.flatnonzero(table.is_point)
        order = np.argsort(-probability[points], kind="stable")[:TARGETS]
        self._targets: Ints = np.sort(points[order])
        self._near = self._closeness(np.flatnonzero(table.is_point | table.is_derived))

    def context(self, probability: Floats) -> Floats:
        """The columns of `Feature` from `COUNTRY_SHARE` on."""
        table, found = self._table, np.zeros((len(self._table.group), CONTEXT))
        mass = probability * table.weight[table.group]
        share = self._countries.share(mass)
        elsewhere = _elsewhere(share)
        columns = {
            Feature.COUNTRY_SHARE: share,
            Feature.ADMIN1_SHARE: self._divisions.share(mass),
            Feature.NEAR: 1.0 - np.exp(-(self._near @ mass[self._targets])),
            Feature.QUALIFIES: self._qualifying(probability),
            Feature.OBSCURE: table.is_obscure * elsewhere,
            Feature.ELSEWHERE: table.evidence[:, Feature.PART_OF_NAME] * elsewhere,
        }
        for feature, column in columns.items():
            found[:, feature - STATIC] = column
        return found

    def _qualifying(self, probability: Floats) -> Floats:
        """For a name that qualifies others how probably those lie in each of its candidates."""
        found = np.zeros(len(probability))
        for mine, theirs, inside in self._qualified:
            found[mine] = np.maximum(found[mine], inside @ probability[theirs])
        return found

    def _closeness(self, points: Ints) -> Floats:
        """For each candidate and each target of another group exp(-distance / 60 km); zero for areas."""
        table, targets = self._table, self._targets
        near = np.zeros((len(table.group), len(targets)))
        close = closeness(table.vectors[points], table.vectors[targets])
        close[table.group[points][:, None] == table.group[targets][None, :]] = 0.0
        near[points] = close
        return near


class _Codes:
    """The countries or divisions of an article's candidates and hints, and what of them no round changes."""

    def __init__(self, table: Table, codes: Ints, hints: Ints) -> None:
        hinted = hints != _NEVER
        weight = table.hint_weight[hinted]
        width = int(max(codes.max(initial=0), hints.max(initial=0))) + 1
        self._codes, self._group = codes, table.group
        self._shape = (len(table.groups), width)
        self._valid = codes != _NEVER
        self._flat = table.group[self._valid] * width + codes[self._valid]
        self._hinted = np.bincount(hints[hinted], weights=weight, minlength=width)
        other = table.weight.sum() + weight.sum() - table.weight[table.group]
        self._other = np.maximum(other, 1.0)

    def share(self, mass: Floats) -> Floats:
        """For each candidate the share of the *other* groups' mass, and of the hints', that has the same code.

        A hint without such a code does not count: `American` says nothing of which state.
        """
        own = self._by_group(mass)
        total = own.sum(axis=0) + self._hinted
        same = np.where(self._valid, total[self._codes] - own[self._group, self._codes], 0.0)
        share: Floats = same / self._other
        return share

    def _by_group(self, mass: Floats) -> Floats:
        """The mass of each group in each country or division."""
        groups, width = self._shape
        counted = np.bincount(self._flat, weights=mass[self._valid], minlength=groups * width)
        return counted.astype(np.float64, copy=False).reshape(groups, width)


def _elsewhere(share: Floats) -> Floats:
    """From 0 for the country of which the article says most to 1 for one of which it says nothing."""
    most = share.max(initial=0.0)
    return 1.0 - share / most if most >= LEADS_FROM else np.zeros_like(share)


def _qualified(table: Table) -> Iterator[tuple[slice, slice, Floats]]:
    """Of each name that qualifies another the candidates, those of the other, and which of these lie in which of those.

    `Georgia` of ``Tbilisi, Georgia``.
    """
    if not any(group.qualifies for group in table.groups):
        return
    rows = {id(group): slice(found.start, found.stop) for group, found in zip(table.groups, table.rows, strict=True)}
    is_area = table.is_country | table.is_admin1
    for group in table.groups:
        mine = rows[id(group)]
        for theirs in {id(other): rows[id(other)] for other in group.qualifies if id(other) in rows}.values():
            inside = table.country[mine][:, None] == table.country[theirs][None, :]
            division = table.admin1[mine][:, None]
            inside &= is_area[mine][:, None] & ((division == _NEVER) | (division == table.admin1[theirs][None, :]))
            yield mine, theirs, inside.astype(np.float64)
