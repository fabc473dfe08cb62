import random

import pytest

from benchmarks import copies_gold, copies_templates
from benchmarks.copies_cases import Case, Expected, Half, Told, cases, run
from benchmarks.copies_edits import KEPT_BACK, UNSEEN, WORKED_ON
from benchmarks.copies_gold import GATES
from tasks.dedupe import MemoryIndex

REPORT = "word " + " ".join(f"word{number}" for number in range(200))


def test_the_gold_set_of_our_own_is_decided_as_its_gates_demand() -> None:
    found = copies_gold.measure()
    for metric, gate in GATES.items():
        assert gate.get("min", 0) <= found[metric] <= gate.get("max", 1), metric


@pytest.mark.parametrize(
    ("expected", "later", "wrong"),
    [
        (Expected.COPY, REPORT, None),
        (Expected.STANDS, REPORT, "hidden, and is no copy"),
        (Expected.COPY, REPORT.replace("word", "term"), "not found"),
        (Expected.APART, REPORT.replace("word", "term"), None),
    ],
)
def test_what_an_editor_objects_to_is_told(expected: Expected, later: str, wrong: str | None) -> None:
    told = [Told("first", "", REPORT), Told("later", "", later, hours=1, expected=expected)]
    assert run(Case("case", Half.WORKED_ON, told), MemoryIndex())[1].wrong == wrong


@pytest.mark.parametrize("half", Half)
def test_both_halves_have_cases_of_many_kinds(half: Half) -> None:
    assert len(list(cases(half))) > 20
    assert {one.expected for case in cases(half) for one in case.articles[1:]} == set(Expected)


@pytest.mark.parametrize("edit", [*WORKED_ON, *KEPT_BACK, *UNSEEN], ids=lambda edit: edit.__name__)
def test_every_edit_changes_the_text(edit: object) -> None:
    text = "\n\n".join(
        f'LIMA, March {3 + day} - The "Über" center said fine, five percent. '
        + "Some sentences about extraordinary towns. " * 8
        for day in range(4)
    )
    assert edit(text, random.Random(1)) != text  # type: ignore[operator]


@pytest.mark.parametrize("most", copies_templates.CHANGED)
def test_two_fillings_of_a_template_differ_in_as_many_slots_as_were_asked_for(most: int) -> None:
    for template in copies_templates.templates(Half.KEPT_BACK):
        fillers = template.filled(random.Random(1))
        other = template.changed(fillers, most, random.Random(2))
        assert sum(fillers[name] != other[name] for name in fillers) == most
