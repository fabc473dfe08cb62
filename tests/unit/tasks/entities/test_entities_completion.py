"""Dates and amounts by rule, and how they get along with what the recognizer marked."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from entities_articles import ListedNames, article
from hypothesis import given
from hypothesis import strategies as st

from schemas import Entities, Entity, Label, Part
from tasks.entities import EntitiesStage, Span
from tasks.entities._completion import complete
from tasks.entities._rules import Passage


def completed(text: str, *marked: tuple[str, Label]) -> list[tuple[str, Label]]:
    spans = sorted(Span(text.index(name), text.index(name) + len(name), label) for name, label in marked)
    (passage,) = complete([Passage(Part.TEXT, text, spans)])
    return [(text[span.start : span.end], span.label) for span in passage.spans]


def dates(text: str) -> list[str]:
    return [surface for surface, label in completed(text) if label is Label.DATE]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He left on Tuesday, November 12, 2024, at noon.", ["Tuesday, November 12, 2024"]),
        ("On Nov. 12 and 13 November they met.", ["Nov. 12", "13 November"]),
        ("It opened on June 5-7.", ["June 5-7"]),
        ("KYIV, NOV 12 - On TUESDAY", ["NOV 12", "TUESDAY"]),
        ("Since 2019 and in 1999, 2,019 came; in 2019, too", ["2019", "1999", "2019"]),
        (
            "He came last week, yesterday evening and three days ago.",
            ["last week", "yesterday evening", "three days ago"],
        ),
        (
            "They settled 1,800 years ago; others 65,000 years ago, or 30 years ago.",
            ["1,800 years ago", "65,000 years ago", "30 years ago"],
        ),
        ("In November 2023 he was 34", ["November 2023"]),
        ("It may 12 times march 3", []),
        ("Good Friday, the Sunday Times, Monday Night Football, Black Friday", []),
        ("today's world, a last-year effort, thisweek", []),
        ("It ran from October 28 to November 2, 2023.", ["October 28 to November 2, 2023"]),
        ("between July 26 and August 11, 2028", ["July 26 and August 11, 2028"]),
        ("on July 26 and August 11 they", ["July 26", "August 11"]),
        ("He led from 1914 to 1918, in 1998-99 and 2003–2005.", ["1914 to 1918", "1998-99", "2003–2005"]),
        ("In the early 1970s and the 18th century", ["early 1970s", "18th century"]),
        ("last March, in August, early October, since May", ["last March", "August", "early October", "May"]),
        ("In May Smith's house, the March of Dimes, Theresa May", []),
        ("A year ago, last Friday, this past Sunday", ["A year ago", "last Friday", "this past Sunday"]),
        ("on Christmas Day and New Year's Eve", ["Christmas Day", "New Year's Eve"]),
        ("in fiscal 2025, Q2 2024 and the first half of 2026", ["fiscal 2025", "Q2 2024", "first half of 2026"]),
        ("by 25/12/2024, version 1.2.2024.5", ["25/12/2024"]),
        ("Sunday School, the 2024-25-26 line", []),
        ("May 12:30 be a good time, March 12,000 men", []),
    ],
)
def test_dates_are_found_by_their_form(text: str, found: list[str]) -> None:
    assert dates(text) == found


def test_what_the_recognizer_cut_is_completed() -> None:
    text = "On November 12, 2024 the US$5 million came"
    marked = [("November 12", Label.DATE), ("2024", Label.DATE), ("US", Label.LOC)]
    assert completed(text, *marked) == [("November 12, 2024", Label.DATE), ("US$5 million", Label.MONEY)]


def test_a_longer_name_that_holds_a_date_is_left_alone() -> None:
    text = "the Tuesday Club and the Battle of March 12 Square, since early November 12"
    marked = [
        ("Tuesday Club", Label.ORG), ("Battle of March 12 Square", Label.MISC), ("early November 12", Label.DATE),
    ]  # fmt: skip
    assert completed(text, *marked) == marked


def test_a_name_across_the_edge_of_a_date_is_left_alone() -> None:
    assert completed("the Paris May 12, 2020", ("Paris May", Label.PERSON)) == [("Paris May", Label.PERSON)]


PIECES = [
    "May",
    "12",
    "2024",
    "Tuesday",
    "$",
    "5",
    "million",
    "euros",
    ",",
    " ",
    " ",
    "-",
    "last week",
    "Lee",
    "🙂",
    "ש",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sets(st.integers(0, 60)))
def test_spans_stay_in_order_apart_and_inside_their_text(pieces: list[str], cuts: set[int]) -> None:
    text = "".join(pieces)
    edges = sorted(cut for cut in cuts if cut <= len(text))
    marked = [Span(*pair, Label.DATE) for pair in zip(edges[::2], edges[1::2], strict=False)]
    (passage,) = complete([Passage(Part.TEXT, text, marked)])
    ends = [0, *(span.end for span in passage.spans)]
    assert all(span.start < span.end <= len(text) for span in passage.spans)
    assert all(end <= span.start for end, span in zip(ends, passage.spans, strict=False))


@pytest.mark.parametrize("text", ["9" * 100_000, "9," * 100_000, "$" * 100_000, "May " * 25_000, "a million " * 10_000])
def test_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    started = time.process_time()
    complete([Passage(Part.TEXT, text, [])])
    assert time.process_time() - started < 5


def entities(text: str, published: datetime | None = None) -> dict[str, Entity]:
    given = article(text)
    assert given.clean is not None
    given = replace(given, clean=given.clean.model_copy(update={"published_at": published}))
    (answer,) = EntitiesStage(ListedNames(PERSON="Ann Lee")).run([given])
    assert isinstance(answer, Entities)
    return {entity.id: entity for entity in answer.entities}


def test_ways_to_say_one_day_are_one_entity_under_the_fullest_form() -> None:
    found = entities("Ann Lee came on Tuesday, November 12. On Tuesday she left. It was $5 million, or $5,000,000.")
    day, sum_ = found["date:2024-11-12"], found["money:5000000-usd"]
    assert (day.name, day.value, day.count) == ("Tuesday, November 12", "2024-11-12", 2)
    assert (sum_.value, [mention.text for mention in sum_.mentions]) == ("5000000 USD", ["$5 million", "$5,000,000"])


def test_one_weekday_may_be_two_days() -> None:
    found = entities("Ann Lee came on Monday. She will leave on Monday.")
    assert {entity.value for entity in found.values() if entity.label is Label.DATE} == {"2024-11-11", "2024-11-18"}


def test_the_day_of_publication_counts_before_the_day_of_acceptance() -> None:
    assert "date:2020-01-31" in entities("She left yesterday.", datetime(2020, 2, 1, 23, 30, tzinfo=UTC))
    assert "date:2024-11-11" in entities("She left yesterday.")


def test_what_stays_open_has_no_value_and_its_own_id() -> None:
    (entity,) = entities("It weighs 500 rupees.").values()
    assert (entity.id, entity.value) == ("money:500-rupees", None)
