"""What is put right after the recognizer."""

import pytest

from schemas import Label, Part
from tasks.entities import Span
from tasks.entities._rules import Passage, agree_on_labels, know_surnames, trim_edges


def passage(text: str, *names: tuple[str, Label]) -> Passage:
    """A passage whose names are looked up from left to right."""
    spans, reached = [], 0
    for surface, label in names:
        start = text.index(surface, reached)
        reached = start + len(surface)
        spans.append(Span(start, reached, label))
    return Passage(Part.TEXT, text, spans)


@pytest.mark.parametrize(
    ("found", "label", "kept"),
    [
        ("the Pentagon", Label.ORG, "Pentagon"),
        ("The Hague", Label.LOC, "The Hague"),
        ("Russia's", Label.LOC, "Russia"),
        ("Russia’s", Label.LOC, "Russia"),
        ("St. John's", Label.LOC, "St. John's"),
        ("November 5,", Label.DATE, "November 5"),
        ("President Donald Trump", Label.PERSON, "Donald Trump"),
        ("Vice President Kamala Harris", Label.PERSON, "Kamala Harris"),
        ("Mr. Popko", Label.PERSON, "Popko"),
        ("Pope Francis", Label.PERSON, "Pope Francis"),
        ("Ann Lee MP", Label.PERSON, "Ann Lee"),
        ("Sir Bo Oz, CBE", Label.PERSON, "Bo Oz"),
        ("Lee MP", Label.PERSON, "Lee MP"),
        ("Ann Lee MP", Label.ORG, "Ann Lee MP"),
        ("King", Label.PERSON, "King"),
        ("President", Label.PERSON, "President"),
    ],
)
def test_what_is_not_part_of_a_name_stays_outside(found: str, label: Label, kept: str) -> None:
    text = f"Then {found} did it"
    (trimmed,) = trim_edges([passage(text, (found, label))])
    assert [text[span.start : span.end] for span in trimmed.spans] == [kept]


@pytest.mark.parametrize("address", ["Sir", "Dr.", "Ms"])
def test_a_form_of_address_alone_is_no_person(address: str) -> None:
    (trimmed,) = trim_edges([passage(f"yes, {address}, no", (address, Label.PERSON))])
    assert trimmed.spans == []


def test_a_number_without_a_currency_is_no_amount() -> None:
    (trimmed,) = trim_edges([passage("won 1,200 by $5", ("1,200", Label.MONEY), ("$5", Label.MONEY))])
    assert [span.start for span in trimmed.spans] == [13]


def test_commas_and_articles_alone_are_no_names() -> None:
    (trimmed,) = trim_edges([passage("one, the two", (",", Label.DATE), ("the", Label.DATE))])
    assert trimmed.spans == []


def test_equal_names_take_the_label_of_their_majority_also_in_the_title() -> None:
    body = passage("Ajax won. Ajax, again. Ajax!", ("Ajax", Label.ORG), ("Ajax", Label.ORG), ("Ajax", Label.LOC))
    title = passage("Ajax Wins", ("Ajax", Label.PERSON))._replace(part=Part.TITLE)
    agreed = agree_on_labels([title, body, passage("Ajax", ("Ajax", Label.ORG))])
    assert {span.label for each in agreed for span in each.spans} == {Label.ORG}


def test_without_a_majority_each_name_keeps_its_label() -> None:
    (agreed,) = agree_on_labels([passage("Ajax Ajax", ("Ajax", Label.ORG), ("Ajax", Label.LOC))])
    assert [span.label for span in agreed.spans] == [Label.ORG, Label.LOC]


def test_dates_and_money_take_no_part_in_the_vote() -> None:
    (agreed,) = agree_on_labels(
        [passage("May May May", ("May", Label.DATE), ("May", Label.DATE), ("May", Label.PERSON))]
    )
    assert [span.label for span in agreed.spans] == [Label.DATE, Label.DATE, Label.PERSON]


@pytest.mark.parametrize("rest", ["Paris said so.", "It was in Paris' case.", "The car hit Paris about noon."])
def test_a_place_that_bears_a_surname_is_the_person(rest: str) -> None:
    (known,) = know_surnames(
        [passage(f"Melton Paris died. {rest}", ("Melton Paris", Label.PERSON), ("Paris", Label.LOC))]
    )
    assert [span.label for span in known.spans] == [Label.PERSON, Label.PERSON]


@pytest.mark.parametrize(
    "rest", ["He lived in Paris.", "Paris, Texas, mourns.", "Paris City Council met.", "He left for north Paris."]
)
def test_a_place_that_stands_like_one_stays_a_place(rest: str) -> None:
    (known,) = know_surnames(
        [passage(f"Melton Paris died. {rest}", ("Melton Paris", Label.PERSON), ("Paris", Label.LOC))]
    )
    assert known.spans[1].label is Label.LOC


def test_a_surname_is_known_from_where_it_stands_first() -> None:
    text = "Paris wept. Melton Paris died."
    (known,) = know_surnames([passage(text, ("Paris", Label.LOC), ("Melton Paris", Label.PERSON))])
    assert known.spans[0].label is Label.LOC
