"""What is written like a name and names nothing."""

import pytest
from unit.tasks.entities.test_entities_rules import passage

from schemas import Label
from tasks.entities._no_names import drop_no_names
from tasks.entities._rules import Passage


def left(found: Passage) -> list[str]:
    (kept,) = drop_no_names([found])
    return [kept.text[span.start : span.end] for span in kept.spans]


@pytest.mark.parametrize(
    ("text", "names", "kept"),
    [
        ("Nordlys A/S (CPH: NLYS) said", ["Nordlys A/S", "CPH", "NLYS"], ["Nordlys A/S"]),
        (
            "Alphabet (Nasdaq: GOOG; LSE: BP.) and Ann",
            ["Alphabet", "Nasdaq", "GOOG", "LSE", "Ann"],
            ["Alphabet", "Ann"],
        ),
        ("It trades on Nasdaq (ticker GOOG)", ["Nasdaq", "GOOG"], ["Nasdaq", "GOOG"]),
        ("The Bank of England (BoE) said", ["Bank of England", "BoE"], ["Bank of England", "BoE"]),
    ],
)
def test_quotations_of_shares_are_no_names(text: str, names: list[str], kept: list[str]) -> None:
    assert left(passage(text, *((name, Label.ORG) for name in names))) == kept


def test_initials_of_who_speaks_are_no_names() -> None:
    names = [("Tom Ashdown", Label.PERSON), ("TA", Label.ORG), ("Piran", Label.LOC), ("EU", Label.ORG)]
    found = passage("Tom Ashdown: Why?\n\nTA: It is set in Piran.\n\nEU: four facts", *names)
    assert left(found) == ["Tom Ashdown", "Piran", "EU"]


def test_an_office_alone_is_no_name() -> None:
    found = passage("Taoiseach Micheál Martin spoke. The Tánaiste did not.",
                    ("Taoiseach", Label.NORP), ("Micheál Martin", Label.PERSON), ("Tánaiste", Label.ORG))  # fmt: skip
    assert left(found) == ["Micheál Martin"]


@pytest.mark.parametrize(
    ("text", "names", "kept"),
    [
        ("The union Unite said so", ["union", "Unite"], ["Unite"]),
        ("Fighters of al-Qaeda and 3m of Maine", ["al-Qaeda", "3m"], ["al-Qaeda", "3m"]),
        ("i work for google", ["google"], ["google"]),
    ],
)
def test_words_in_lower_case_are_no_bodies_where_others_are_written_large(
    text: str, names: list[str], kept: list[str]
) -> None:
    assert left(passage(text, *((name, Label.ORG) for name in names))) == kept


def test_places_may_be_written_small() -> None:
    assert left(passage("We were in iraq", ("iraq", Label.LOC))) == ["iraq"]
