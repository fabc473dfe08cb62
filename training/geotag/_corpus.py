"""Articles with gold places as the learner sees them: candidates, gold rows, and the context as weights change."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.geotag_corpora import NEAR_KM, gold_input, kilometres
from store import SourceMemory
from tasks.geotag import Floats, Gazetteer, Ints, Prepared, Weights, outlet_of, prepare, rank
from training.geotag._fit import Examples


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """One article: its candidates, and which rows of them are right for each gold mention."""

    prepared: Prepared
    answers: tuple[tuple[int, tuple[int, ...]], ...]
    """Row of the group and the right candidates, once for each gold mention."""


def lesson(
    document: dict[str, Any], gazetteer: Gazetteer, weights: Weights, memory: SourceMemory | None = None
) -> Lesson:
    """Prepare an article and look up its gold places among the candidates."""
    article = gold_input(document, memory)
    assert article.clean is not None
    assert article.entities is not None
    prepared = prepare(
        article.clean, article.entities, gazetteer, outlet_of(article, gazetteer, listed_homes=False), weights
    )
    rows = {spot.start: row for row, at in enumerate(prepared.ranked) for spot in prepared.groups[at].spots}
    answers = [
        (rows[gold["start"]], _right(prepared, rows[gold["start"]], gold))
        for gold in document["mentions"]
        if gold.get("geonameid") is not None and gold["start"] in rows
    ]
    return Lesson(prepared, tuple(answers))


def _right(prepared: Prepared, row: int, gold: dict[str, Any]) -> tuple[int, ...]:
    """The candidate with the gold id, or those within 161 km of it if none has."""
    offset = int(np.searchsorted(prepared.table.group, row))
    places = prepared.table.options[row].places
    exact = [at for at, place in enumerate(places) if place.id == gold["geonameid"]]
    near = exact or [
        at
        for at, place in enumerate(places)
        if kilometres(place.latitude, place.longitude, gold["lat"], gold["lon"]) <= NEAR_KM
    ]
    return tuple(offset + at for at in near)


def examples(lessons: Sequence[Lesson], weights: Weights | None) -> Examples:
    """All candidates of all articles, with the context that `weights` give them in the last round, or none."""
    features: list[Floats] = []
    groups: list[Ints] = []
    owners: list[int] = []
    weight: list[float] = []
    rows: list[int] = []
    numbers: list[int] = []
    row_base = group_base = 0
    for one in lessons:
        table = one.prepared.table
        if not len(table.group):
            continue
        context = rank(table, weights).context if weights else np.zeros((len(table.group), 0))
        features.append(np.hstack([table.evidence, context]))
        groups.append(table.group + group_base)
        often = Counter(row for row, _ in one.answers)
        for row, right in one.answers:
            rows += [row_base + at for at in right]
            numbers += [len(weight)] * len(right)
            owners.append(row + group_base)
            weight.append(often[row] ** -0.5)
        row_base, group_base = row_base + len(table.group), group_base + len(table.groups)
    return Examples(
        features=np.vstack(features),
        group=np.concatenate(groups),
        example_group=np.array(owners, dtype=np.int64),
        weight=np.array(weight),
        right_row=np.array(rows, dtype=np.int64),
        right_example=np.array(numbers, dtype=np.int64),
    )
