"""Texts told again with other names."""

import random

from hypothesis import given
from hypothesis import strategies as st

from training.entities._corpus import Document
from training.entities._names import NameBook
from training.entities._swapping import swap


class OtherNames(NameBook):
    """Knows two towns, so that nothing but this test decides what is one."""

    def town(self, choice: random.Random) -> str:
        return choice.choice(("Ouagadougou", "Osh"))

    def is_town(self, name: str) -> bool:
        return name == "Rome"


TEXT = "Ada Byron left Rome for ICI. Byron wrote; Ada sang of the Alps. ROME slept."
SPANS = (
    (0, 9, "PERSON"), (15, 19, "LOC"), (24, 27, "ORG"), (29, 34, "PERSON"), (42, 45, "PERSON"), (58, 62, "LOC"),
)  # fmt: skip
DOCUMENT = Document("redocred/1", TEXT, SPANS)


def names(document: Document) -> list[str]:
    return [document.text[start:end] for start, end, _ in document.spans]


def test_a_surname_follows_the_full_name_and_the_sentence_stays() -> None:
    for seed in range(40):
        told = swap(DOCUMENT, OtherNames([DOCUMENT]), random.Random(seed))
        full, town, _, last, first, hills = names(told)
        assert hills == "Alps"
        assert town in {"Rome", "Ouagadougou", "Osh"}
        assert last in full
        assert first in full
        assert " left " in told.text
        assert told.text.endswith(" ROME slept.")


def test_most_persons_get_another_name() -> None:
    told = [swap(DOCUMENT, OtherNames([DOCUMENT]), random.Random(seed)) for seed in range(40)]
    assert sum(names(document)[0] != "Ada Byron" for document in told) > 20


@given(st.integers(0, 10_000))
def test_labels_and_their_order_stay(seed: int) -> None:
    told = swap(DOCUMENT, OtherNames([DOCUMENT]), random.Random(seed))
    assert [label for _, _, label in told.spans] == [label for _, _, label in SPANS]
    assert all(0 <= start < end <= len(told.text) for start, end, _ in told.spans)
