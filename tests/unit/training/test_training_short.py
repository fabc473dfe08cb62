"""Short pairs for the judge of templates: what is done to texts, and in what dress the pairs appear."""

import gzip
import json
import random
from pathlib import Path

import pytest

from tasks.dedupe import ASPECTS
from training.dedupe._edited import EDITS, edits_of
from training.dedupe._refilled import (
    Fillers,
    corrected,
    fillings_of,
    with_another_sentence,
    with_other_marks,
    with_other_words,
)
from training.dedupe._short import of_short

TEXT = " ".join(
    f"On day {day} the council of Eastbrook heard from Ada Coleman that {day * 17} houses were built on the quay."
    for day in range(1, 30)
)
OTHER = TEXT.replace("Eastbrook", "Falmere").replace("Ada Coleman", "Ingrid Ek").replace("houses", "barns")
FILLERS = Fillers.of([OTHER.replace("were built", "stood idle").replace("council", "widows")])


def chance() -> random.Random:
    return random.Random(3)


@pytest.fixture
def examples(tmp_path: Path) -> list[tuple[dict[str, float], bool]]:
    path = tmp_path / "items.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"id": str(number), "text": TEXT}) + "\n" for number in range(30))
    return [(dict(zip(ASPECTS, one.evidence, strict=True)), one.is_copy) for one in of_short(path)]


def test_every_edit_changes_the_text_and_keeps_most_of_its_words() -> None:
    pairs = list(edits_of(TEXT, FILLERS, chance()))
    assert len(pairs) == len(EDITS)
    for start, edited in pairs:
        kept = set(start.split()).intersection(edited.split())
        assert edited != start
        assert len(kept) > len(set(start.split())) / 3


def test_a_filling_has_other_figures_and_names_in_the_same_words() -> None:
    other = with_other_marks(TEXT, FILLERS, chance())
    differ = [pair for pair in zip(TEXT.split(), other.split(), strict=True) if len(set(pair)) == 2]
    assert differ
    assert all(one[0].isdigit() or one[0].isupper() for one, _ in differ)


def test_a_filling_of_words_keeps_figures_and_names() -> None:
    other = with_other_words(TEXT, FILLERS, chance())
    differ = [one for one, new in zip(TEXT.split(), other.split(), strict=True) if one != new]
    assert 1 <= len(differ) <= 3
    assert all(word.islower() for word in differ)


def test_a_filling_of_a_sentence_keeps_all_others() -> None:
    own, other = (set(text.split(". ")) for text in (TEXT, with_another_sentence(TEXT, FILLERS, chance())))
    assert len(own) > len(own & other) >= len(own) - 2


def test_fillings_differ_from_what_they_are_made_of() -> None:
    assert all(one != other for one, other in fillings_of(TEXT, FILLERS, chance()))


def test_a_correction_exchanges_one_thing_and_says_so() -> None:
    pairs = [corrected(TEXT, FILLERS, random.Random(seed)) for seed in range(9)]
    assert all(other.endswith("earlier one.") for _, other in pairs)
    assert any(not other.startswith(start) for start, other in pairs)


@pytest.mark.parametrize("is_copy", [True, False])
@pytest.mark.parametrize("name", ["headline_missing", "same_host", "numbers_missing"])
def test_copies_and_fillings_both_appear_with_and_without(
    examples: list[tuple[dict[str, float], bool]], name: str, *, is_copy: bool
) -> None:
    assert {facts[name] for facts, copy in examples if copy is is_copy} == {0, 1}


def test_short_pairs_are_the_same_in_every_run(examples: list[tuple[dict[str, float], bool]], tmp_path: Path) -> None:
    again = [dict(zip(ASPECTS, one.evidence, strict=True)) for one in of_short(tmp_path / "items.jsonl.gz")]
    assert again == [facts for facts, _ in examples]
