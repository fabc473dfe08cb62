"""Ranking all candidates of an article together: rounds in which likely places lend each other support."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from schemas import PlaceKind
from tasks.geotag._candidates import Option
from tasks.geotag._gazetteer import GazetteerPlace
from tasks.geotag._groups import Group
from tasks.geotag._weights import ROUNDS, TARGETS, WEIGHTS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
EARTH_RADIUS_KM = 6371.0
_NEVER = -1


@dataclass(frozen=True, slots=True)
class Context:
    """What the other mentions say for each candidate, in logits."""

    country: Floats
    admin1: Floats
    near: Floats
    qualifies: Floats

    @property
    def total(self) -> Floats:
        """The sum of all."""
        return self.country + self.admin1 + self.near + self.qualifies


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates of all groups in one row, with their final probabilities and the context that gave them."""

    group: Ints
    probability: Floats
    context: Context


@dataclass(frozen=True, slots=True)
class Hint:
    """An area that the article speaks of without naming it: a demonym, or a dateline that was taken off the text."""

    place: GazetteerPlace
    mentions: int


class Table:
    """The candidates of an article as arrays: one row each, groups one after another."""

    def __init__(self, groups: Sequence[Group], options: Sequence[Sequence[Option]], hints: Sequence[Hint]) -> None:
        rows = [(at, option) for at, found in enumerate(options) for option in found]
        places = [option.place for _, option in rows]
        self.groups = groups
        self.group: Ints = np.array([at for at, _ in rows], dtype=np.int64)
        self.base: Floats = np.array([option.score for _, option in rows], dtype=np.float64)
        self.weight: Floats = np.sqrt([float(len(group.spots)) for group in groups])
        self.hint_weight: Floats = np.sqrt([float(hint.mentions) for hint in hints])
        codes = [*places, *(hint.place for hint in hints)]
        country = _numbered([place.country for place in codes])
        admin1 = _numbered([_division_of(place) for place in codes])
        self.country, self.hint_country = country[: len(rows)], country[len(rows) :]
        self.admin1, self.hint_admin1 = admin1[: len(rows)], admin1[len(rows) :]
        self.points: Floats = np.radians([[place.latitude, place.longitude] for place in places]).reshape(-1, 2)
        self.is_area = np.array([place.kind in (PlaceKind.COUNTRY, PlaceKind.ADMIN1) for place in places], dtype=bool)
        self.is_point = np.array([_is_point(place) for place in places], dtype=bool)

    def softmax(self, scores: Floats) -> Floats:
        """Probabilities within each group; what is missing to one belongs to the place that the gazetteer lacks."""
        size = len(self.groups)
        top = np.full(size, WEIGHTS.unlisted)
        np.maximum.at(top, self.group, scores)
        raised = np.exp(scores - top[self.group])
        total = np.bincount(self.group, weights=raised, minlength=size) + np.exp(WEIGHTS.unlisted - top)
        shares: Floats = raised / total[self.group]
        return shares


def _division_of(place: GazetteerPlace) -> str | None:
    return place.admin1_code if place.kind is not PlaceKind.COUNTRY else None


def _is_point(place: GazetteerPlace) -> bool:
    """Whether its coordinates say where it is: those of a country or a state do not."""
    return place.kind not in (PlaceKind.COUNTRY, PlaceKind.CONTINENT, PlaceKind.ADMIN1, PlaceKind.REGION)


def _numbered(codes: Sequence[str | None]) -> Ints:
    known = {code: number for number, code in enumerate(sorted({code for code in codes if code is not None}))}
    return np.array([_NEVER if code is None else known[code] for code in codes], dtype=np.int64)


def rank(table: Table) -> Ranked:
    """Score every candidate in rounds; each round's probabilities are the next one's context."""
    targets = _targets(table)
    near = _closeness(table, targets)
    probability = table.softmax(table.base)
    context = _context(table, probability, near, targets)
    for _ in range(ROUNDS):
        context = _context(table, probability, near, targets)
        probability = table.softmax(table.base + context.total)
    return Ranked(table.group, probability, context)


def _context(table: Table, probability: Floats, near: Floats, targets: Ints) -> Context:
    mass = probability * table.weight[table.group]
    return Context(
        country=WEIGHTS.country * _share(table, table.country, table.hint_country, mass),
        admin1=WEIGHTS.admin1 * _share(table, table.admin1, table.hint_admin1, mass),
        near=WEIGHTS.near * (1.0 - np.exp(-(near @ mass[targets]))),
        qualifies=WEIGHTS.qualifies * _qualifying(table, probability),
    )


def _share(table: Table, codes: Ints, hints: Ints, mass: Floats) -> Floats:
    """For each candidate the share of the *other* groups' mass, and of the demonyms', that has the same code."""
    if not len(codes):
        return np.zeros(0)
    width = int(max(codes.max(initial=0), hints.max(initial=0))) + 1
    valid = codes != _NEVER
    own = np.zeros((len(table.groups), width))
    np.add.at(own, (table.group[valid], codes[valid]), mass[valid])
    hinted = hints != _NEVER
    total = own.sum(axis=0) + np.bincount(hints[hinted], weights=table.hint_weight[hinted], minlength=width)
    same = np.where(valid, total[codes] - own[table.group, codes], 0.0)
    other = table.weight.sum() + table.hint_weight.sum() - table.weight[table.group]
    share: Floats = same / np.maximum(other, 1.0)
    return share


def _closeness(table: Table, targets: Ints) -> Floats:
    """For each candidate and each target of another group exp(-distance / 60 km); zero for areas."""
    near = np.zeros((len(table.base), len(targets)))
    points = np.flatnonzero(table.is_point)
    value = np.exp(-_kilometres(table.points[points], table.points[targets]) / WEIGHTS.near_km)
    value[table.group[points][:, None] == table.group[targets][None, :]] = 0.0
    near[points] = value
    return near


def _targets(table: Table) -> Ints:
    """The likeliest points of the article, at most `TARGETS`."""
    points = np.flatnonzero(table.is_point)
    order = np.argsort(-table.softmax(table.base)[points], kind="stable")[:TARGETS]
    return np.sort(points[order])


def _kilometres(here: Floats, there: Floats) -> Floats:
    """Great-circle distances (haversine) between two lists of points in radians."""
    lat1, lat2 = here[:, None, 0], there[None, :, 0]
    half = np.sin((lat2 - lat1) / 2) ** 2
    half += np.cos(lat1) * np.cos(lat2) * np.sin((there[None, :, 1] - here[:, None, 1]) / 2) ** 2
    distance: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return distance


def _qualifying(table: Table, probability: Floats) -> Floats:
    """For a name that qualifies others (`Georgia` of ``Tbilisi, Georgia``) how probably those lie in each candidate."""
    found = np.zeros(len(table.base))
    position = {id(group): at for at, group in enumerate(table.groups)}
    for at, group in enumerate(table.groups):
        for other in {position[id(group)] for group in group.qualifies if id(group) in position}:
            mine, theirs = np.flatnonzero(table.group == at), np.flatnonzero(table.group == other)
            inside = table.country[mine][:, None] == table.country[theirs][None, :]
            division = table.admin1[mine][:, None]
            inside &= table.is_area[mine][:, None] & (
                (division == _NEVER) | (division == table.admin1[theirs][None, :])
            )
            found[mine] = np.maximum(found[mine], inside @ probability[theirs])
    return found
