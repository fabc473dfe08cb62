"""What the rest of an article and common knowledge say against a label."""

import re

import pytest

from schemas import Label, Part
from tasks.entities._rules import Passage
from tasks.entities._whole_article import doubt
from tasks.entities.recognizer import Span

_MARK = re.compile(r"\[(?P<name>[^|\]]+)\|(?P<label>[A-Z]+)\]")


def passage(part: Part, marked: str) -> Passage:
    """A passage with its names marked as ``[name|LABEL]``."""
    text, spans, reached = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[reached : match.start()]
        spans.append(Span(len(text), len(text) + len(match["name"]), Label(match["label"])))
        text += match["name"]
        reached = match.end()
    return Passage(part, text + marked[reached:], spans)


def named(title: str, text: str) -> list[tuple[str, str]]:
    found = doubt([passage(Part.TITLE, title), passage(Part.TEXT, text)])
    return [(one.text[span.start : span.end], span.label.value) for one in found for span in one.spans]


def test_words_of_a_headline_that_the_text_writes_small_are_no_name() -> None:
    title, text = "Council Rejects Plan for [Old Cannery|ORG]", "The plan for the old cannery failed."
    assert named(title, text) == []


def test_the_first_word_of_a_sentence_that_the_text_writes_small_elsewhere_is_no_name() -> None:
    assert named("", "[Otters|PERSON] are back. She saw five otters.") == []


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("[Apple|ORG] Opens a Store", "The firm, [Apple|ORG], gave an apple to each child."),
        ("Talks in [Old Town|LOC] End", "The old part of the town was empty."),
        ("[Turkey|LOC] votes", "She ate turkeys."),
    ],
)
def test_a_name_that_stands_large_within_a_sentence_stays(title: str, text: str) -> None:
    assert len(named(title, text)) == len(_MARK.findall(title + text))


@pytest.mark.parametrize(
    "address", ["[northwales|LOC]@isles.example", "https://[Reno|LOC].example/x", "www.[Reno|LOC].com"]
)
def test_parts_of_addresses_are_no_names(address: str) -> None:
    assert named("", f"Write to {address} today.") == []


@pytest.mark.parametrize("label", ["PERSON", "ORG", "LOC"])
def test_a_feast_is_a_date(label: str) -> None:
    assert named("", f"They will vote before [Easter|{label}].") == [("Easter", "DATE")]


def test_a_surname_in_a_headline_is_the_person_that_the_text_names() -> None:
    text = "[Abdoulaye Sissoko|PERSON] scored twice."
    assert named("[Sissoko|ORG] strikes twice", text)[0] == ("Sissoko", "PERSON")
    assert named("[Sissoko|LOC] strikes twice", text)[0] == ("Sissoko", "PERSON")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("[Ford|ORG] shuts a plant", "[Ford Motor|ORG] was founded by [Henry Ford|PERSON]."),
        ("Fire in [Hammersmith|LOC]", "[Paul Hammersmith|PERSON] saw it."),
    ],
)
def test_a_body_or_a_place_of_a_persons_name_stays_one_in_a_headline(title: str, text: str) -> None:
    assert named(title, text)[0][1] == _MARK.search(title)["label"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The prefecture and [Panasonic|LOC] share the cost.", ("Panasonic", "ORG")),
        ("[Hitachi|PERSON] left the town.", ("Hitachi", "ORG")),
        ("This is [Washington|PERSON] telling a farmer.", ("Washington", "LOC")),
        ("[Royal Hoogendoorn|PERSON] pulled out.", ("Royal Hoogendoorn", "ORG")),
        ("[Chicago|ORG] beat Boston.", ("Chicago", "ORG")),
        ("[Kenji Suzuki|PERSON] came. Then [Suzuki|PERSON] left.", ("Kenji Suzuki", "PERSON")),
    ],
)
def test_a_name_that_means_one_thing_everywhere_is_that(text: str, found: tuple[str, str]) -> None:
    assert named("", text)[0] == found


def test_a_person_of_that_surname_keeps_it() -> None:
    text = "[Denzel Washington|PERSON] came. Then [Washington|PERSON] left."
    assert named("", text)[1] == ("Washington", "PERSON")
