"""Made-up news with known labels."""

import random

import pytest

from training.entities._corpus import Document
from training.entities._names import NameBook
from training.entities._newsroom import Newsroom, passages
from training.entities._windows import CLASSES


class FewNames(NameBook):
    """Places without the gazetteer's sources, which only training installs."""

    def __init__(self) -> None:
        super().__init__([Document("redocred/1", "Ada Byron ran ICI", ((0, 9, "PERSON"), (14, 17, "ORG")))])

    def town(self, choice: random.Random) -> str:
        return choice.choice(("Sumy", "Osh"))

    city = town
    state = town

    def country(self, choice: random.Random) -> str:
        return choice.choice(("FR", "PL"))

    def country_name(self, code: str) -> str:
        return {"FR": "France", "PL": "Poland"}[code]

    def people(self, code: str, choice: random.Random) -> str:
        return choice.choice({"FR": ["French"], "PL": ["Polish"]}[code])


@pytest.fixture(scope="module")
def told() -> list[Document]:
    return list(Newsroom(FewNames()).tell(random.Random(7)))


def test_every_passage_is_told_without_a_slot_left(told: list[Document]) -> None:
    assert len(told) == len(passages()) > 1_500
    assert not [document.text for document in told if {"{", "}"} & set(document.text) or "[[" in document.text]


def test_spans_are_in_order_apart_and_hold_a_name(told: list[Document]) -> None:
    for document in told:
        last = 0
        for start, end, label in document.spans:
            assert last <= start < end <= len(document.text), document.text
            assert label in CLASSES
            assert document.text[start:end] == document.text[start:end].strip(), document.text
            last = end


def test_no_passage_is_written_twice() -> None:
    texts = [passage for _, passage in passages()]
    assert len(texts) == len(set(texts))


def test_a_letter_names_the_same_person_country_and_people() -> None:
    newsroom = Newsroom(FewNames())
    text, spans = newsroom._filled("{PERSON:a} of {COUNTRY:b} met {PERSON:c}. {LAST:a} is {NORP:b}.", random.Random(3))
    first, country, _, last, people = (text[start:end] for start, end, _ in spans)
    assert last in first
    assert (country, people) in {("France", "French"), ("Poland", "Polish")}
    assert [label for _, _, label in spans] == ["PERSON", "LOC", "PERSON", "PERSON", "NORP"]


def test_a_weekday_outside_a_slot_is_a_date() -> None:
    document = next(d for d in Newsroom(FewNames()).tell(random.Random(1)) if " on Friday" in d.text)
    at = document.text.index("Friday")
    assert (at, at + 6, "DATE") in document.spans
