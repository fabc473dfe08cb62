"""Our own sentences, and how answers are compared with them."""

import re
from collections.abc import Mapping, Sequence

import pytest

from benchmarks.gold_values import Marked, read_sentences, score_values
from schemas import Label
from tasks.entities import EntitiesStage, Span

ISO = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?:/\d{4}(?:-\d\d(?:-\d\d)?)?)?")
AMOUNT = re.compile(r"\d+(?:\.\d+)?(?:/\d+(?:\.\d+)?)? [A-Z]{3}")


class Nothing:
    """A recognizer that finds nothing, so that the rules answer alone."""

    languages = frozenset({"en"})
    artefacts: Mapping[str, str] = {"nothing": "1"}

    def recognize(self, texts: Sequence[str]) -> list[list[Span]]:
        return [[] for _ in texts]


@pytest.mark.parametrize(("name", "form", "least"), [("dates.tsv", ISO, 100), ("money.tsv", AMOUNT, 50)])
def test_every_mark_stands_in_its_sentence_and_says_something_well_formed(
    name: str, form: re.Pattern[str], least: int
) -> None:
    sentences = list(read_sentences(name))
    marks = [(sentence.text[mark.start : mark.end], mark.value) for sentence in sentences for mark in sentence.marks]
    assert len(marks) >= least
    assert all(surface.strip() == surface and surface for surface, _ in marks)
    assert all(value is None or form.fullmatch(value) for _, value in marks)
    assert not [sentence.text for sentence in sentences if set("[]|") & set(sentence.text)]


@pytest.mark.parametrize(
    ("answer", "agrees"),
    [
        (Marked(4, 10, "2024"), True),
        (Marked(0, 10, "2024"), True),
        (Marked(4, 9, "2024"), False),
        (Marked(4, 10, None), False),
    ],
)
def test_an_answer_has_to_end_with_the_mark_and_to_say_the_same(answer: Marked, *, agrees: bool) -> None:
    assert answer.means(Marked(4, 10, "2024")) is agrees


def test_what_was_missed_and_what_was_made_up_both_cost() -> None:
    stage = EntitiesStage(Nothing())
    sentences = [sentence for sentence in read_sentences("money.tsv") if "weapons" in sentence.text]
    whole = score_values(stage, sentences, Label.MONEY)
    none = score_values(stage, sentences, Label.DATE)
    assert (whole.right, whole.answered, whole.gold, whole.f1, whole.wrong) == (1, 1, 1, 100.0, ())
    assert (none.right, none.f1, len(none.wrong)) == (0, 0.0, 1)


def test_the_rules_alone_read_most_of_them() -> None:
    score = score_values(EntitiesStage(Nothing()), read_sentences("dates.tsv"), Label.DATE)
    assert score.f1 > 90
