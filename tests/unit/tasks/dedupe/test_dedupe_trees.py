import pytest

from tasks.dedupe._trees import Node, answer, planted

NAMES = ("length", "gap")
TREE: Node = ["length", 1.0, ["gap", 2.0, 0.5, -3.0], ["gap", 9.0, 0.25, -0.25]]


@pytest.mark.parametrize(
    ("length", "gap", "odds"), [(0.5, 1, 0.5), (0.5, 3, -3), (1.5, 3, 0.25), (1.5, 10, -0.25), (1.0, 2.0, 0.5)]
)
def test_the_second_question_depends_on_the_first_answer(length: float, gap: float, odds: float) -> None:
    assert answer(planted(0.0, [TREE], NAMES), (length, gap)) == odds


def test_answers_of_all_trees_add_up_to_the_bias() -> None:
    trees = planted(-1.0, [TREE, ["gap", 5.0, 1.0, 2.0], 0.125], NAMES)
    assert answer(trees, (0.5, 1.0)) == -1.0 + 0.5 + 1.0 + 0.125
    assert answer(trees, (1.5, 6.0)) == -1.0 + 0.25 + 2.0 + 0.125


def test_a_branch_may_end_after_one_question() -> None:
    trees = planted(0.0, [["length", 1.0, 0.5, ["gap", 2.0, 1.0, -1.0]]], NAMES)
    assert [answer(trees, facts) for facts in ((0.0, 9.0), (2.0, 1.0), (2.0, 3.0))] == [0.5, 1.0, -1.0]


def test_a_question_about_what_is_no_evidence_is_refused() -> None:
    with pytest.raises(ValueError, match="index"):
        planted(0.0, [["colour", 1.0, 0.5, -0.5]], NAMES)


def test_a_third_question_depends_on_both_answers() -> None:
    deep: Node = [
        "gap",
        4.0,
        ["length", 1.0, ["gap", 2.0, 1.0, 2.0], 3.0],
        ["length", 1.0, 4.0, ["gap", 6.0, 5.0, 6.0]],
    ]
    trees = planted(0.0, [deep, ["gap", 4.0, 0.25, 0.5]], NAMES)
    asked = [(0, 1), (0, 3), (2, 1), (0, 5), (2, 5), (2, 7)]
    assert [answer(trees, facts) for facts in asked] == [1.25, 2.25, 3.25, 4.5, 5.5, 6.5]


def test_no_trees_answer_the_bias() -> None:
    assert answer(planted(0.5, [], NAMES), (0.0, 0.0)) == 0.5


def test_trees_deeper_than_three_questions_are_refused() -> None:
    deep: Node = ["gap", 1.0, ["gap", 0.5, ["gap", 0.25, ["gap", 0.125, 1.0, 2.0], 2.0], 0.0], 0.0]
    with pytest.raises(IndexError, match="4 questions"):
        planted(0.0, [deep], NAMES)
