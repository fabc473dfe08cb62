import random

import pytest

from benchmarks import copies_gold
from benchmarks.copies_gold import EDITS, GATES, Pair


def test_the_gold_set_of_our_own_is_decided_as_its_gates_demand() -> None:
    found = copies_gold.measure()
    for metric, gate in GATES.items():
        assert found[metric] >= gate["min"], metric
    assert found["pairs"] > 25


def test_another_text_is_not_found() -> None:
    report = ("Mayor resigns in Eastbrook", " ".join(f"word{number}" for number in range(200)))
    other = ("Budget passes in Lisbon", " ".join(f"term{number}" for number in range(200)))
    assert not copies_gold.is_found(Pair("unlike", report, other, 1, is_copy=False))


@pytest.mark.parametrize("edit", EDITS)
def test_every_edit_changes_the_text(edit: object) -> None:
    text = "LIMA, March 3 - " + "\n\n".join("Some sentence about several towns. " * 8 for _ in range(3))
    assert edit(text, random.Random(1)) != text  # type: ignore[operator]
