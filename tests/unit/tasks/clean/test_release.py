"""What ends a company's release."""

import pytest

from tasks.clean import find_story

STORY = [
    "Halvorsen Marine today announced that it has ordered four hybrid ferries from a yard in Poland for two years.",
    "The vessels will carry more than a thousand passengers between the two towns, and they will do so in silence.",
    "The order replaces a contract with another yard that both sides ended last year after a quarrel about paint.",
]
PORTRAIT = [
    "About Halvorsen Marine",
    "Halvorsen Marine is a leading operator of passenger ferries, founded in 1932 in Bergen.",
]
CONTACT = ["Media Contact:", "Karin Dahl", "+47 55 50 01 99"]


def text_of(*paragraphs: str) -> str:
    return find_story("\n\n".join(paragraphs), "A title").text


@pytest.mark.parametrize(
    "end", [CONTACT, ["SOURCE Halvorsen Marine"], ["Press contact", "Karin Dahl", "SOURCE Halvorsen"]]
)
def test_takes_portrait_and_contacts_below_a_release(end: list[str]) -> None:
    assert text_of(*STORY, *PORTRAIT, *end) == "\n\n".join(STORY)


def test_takes_cautionary_words_for_investors() -> None:
    caution = [
        "Forward-Looking Statements",
        "This release contains statements that are subject to risks, and may be wrong.",
    ]
    assert text_of(*STORY, *caution, *CONTACT) == "\n\n".join(STORY)


def test_a_heading_about_something_stays_in_an_article() -> None:
    assert text_of(*STORY, *PORTRAIT) == "\n\n".join([*STORY, *PORTRAIT])


def test_a_heading_about_somebody_whom_the_story_does_not_name_stays() -> None:
    other = [
        "About the paint",
        "The paint was blue, and it stayed blue for eleven days until the first rain of the year.",
    ]
    assert text_of(*STORY, *other, *CONTACT) == "\n\n".join([*STORY, *other])


def test_a_sentence_about_a_source_stays() -> None:
    assert text_of(*STORY, "Source of the fire was a toaster.").endswith("a toaster.")
