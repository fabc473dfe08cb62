"""Trees grown on pairs made up for the test."""

import json
from random import Random

from tasks.dedupe import ASPECTS, Trees, planted
from tasks.dedupe._trees import answer
from training.dedupe._boost import OF_COPIES, Growth, grow, lines_of, with_trees
from training.dedupe._pairs import Example

NAMES = list(ASPECTS)


def evidence(**told: float) -> tuple[float, ...]:
    return tuple(told.get(name, 0.0) for name in NAMES)


def pair(*, containment: float, gap: float, length: float, is_copy: bool) -> Example:
    return Example(evidence(containment=containment, gap=gap, length=length), is_copy, 1.0)


def trees_of(examples: list[Example]) -> Trees:
    grown = grow(examples, NAMES)
    assert len(grown.trees) == OF_COPIES.trees
    return planted(grown.bias, grown.trees, NAMES)


def examples() -> list[Example]:
    """A gap parts short texts and not long ones; and now and then a copy shares less than what is none."""
    chance, found = Random(3), []
    for _ in range(400):
        containment, gap, length = chance.random(), 2 * chance.random(), chance.random()
        is_copy = containment > 0.5 and (gap < 1 or length > 0.5)
        if chance.random() < 0.03:
            is_copy = not is_copy
        found.append(pair(containment=containment, gap=gap, length=length, is_copy=is_copy))
    return found


def test_trees_learn_that_one_number_counts_only_with_another() -> None:
    trees = trees_of(examples())
    near, far, far_and_long = (
        answer(trees, evidence(containment=0.9, gap=gap, length=length))
        for gap, length in ((0.3, 0.2), (1.7, 0.2), (1.7, 0.9))
    )
    assert near > 1
    assert far < -1
    assert far_and_long > 1


def test_more_shared_text_never_speaks_against_a_copy() -> None:
    trees = trees_of(examples())
    for gap, length in ((0.2, 0.1), (0.2, 0.9), (1.8, 0.1), (1.8, 0.9)):
        odds = [answer(trees, evidence(containment=step / 50, gap=gap, length=length)) for step in range(51)]
        assert odds == sorted(odds)


def test_the_same_pairs_grow_the_same_trees() -> None:
    pairs = examples()
    assert grow(pairs, NAMES) == grow(pairs, NAMES)


def test_trees_ask_only_about_what_they_may() -> None:
    grown = grow(examples(), NAMES, {"gap": 0})
    assert {name for name, gain in grown.gains.items() if gain} == {"gap"}


def test_trees_stand_in_json_with_a_line_each() -> None:
    grown = grow(examples(), NAMES)
    text = with_trees(json.dumps({"bias": 1.0}, indent=1), {"trees": lines_of(grown)})
    assert len(text.splitlines()) == OF_COPIES.trees + 5
    assert len(json.loads(text)["trees"]) == OF_COPIES.trees


def test_trees_may_ask_three_questions_in_a_row() -> None:
    grown = grow(examples(), NAMES, growth=Growth(trees=10, rate=0.15, questions=3))
    assert planted(grown.bias, grown.trees, NAMES).answers.shape == (10, 8)
