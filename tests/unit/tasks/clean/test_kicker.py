import pytest
from lxml.html import document_fromstring

from schemas import Submission
from tasks.clean import find_story
from tasks.clean._byline import read_byline
from tasks.clean._cleaning import clean

BODY = (
    "The regional governor said on Monday that repairs to the power grid would take three days, and that crews from "
    "two neighbouring regions were on their way to help restore heating before the frost."
)
MORE = "Crews from two neighbouring regions arrived in the evening, and the first lines were repaired before midnight."
HEADLINE = "Grid repairs begin in the city of Sumy"
STORY = f"{BODY}\n\n{MORE}"


@pytest.mark.parametrize("title", [HEADLINE, None])
@pytest.mark.parametrize("label", ["WAR IN UKRAINE", "ENERGY"])
def test_a_label_above_the_headline_is_the_kicker(label: str, title: str | None) -> None:
    source = f"{label}\n\n{HEADLINE}\n\n{STORY}\n\n{MORE} It is cold."
    story = find_story(source, title)
    assert (story.kicker, story.title) == (label, HEADLINE)
    assert label not in story.text
    assert [source[one.start : one.end] for one in story.removed if one.rule == "kicker"] == [label]


@pytest.mark.parametrize("line", ["The bridge is closed.", "• Energy", "By Jane Doe", "09:00 AM", BODY])
def test_what_is_no_label_above_the_headline_is_no_kicker(line: str) -> None:
    assert find_story(f"{line}\n\n{HEADLINE}\n\n{STORY}", HEADLINE).kicker is None


def test_a_label_below_the_headline_is_no_kicker() -> None:
    story = find_story(f"{HEADLINE}\n\nENERGY\n\n{STORY}\n\n{MORE} It is cold.", HEADLINE)
    assert story.kicker is None


def test_a_line_without_a_full_stop_below_the_headline_is_the_subhead_and_stays() -> None:
    subhead = "Crews from two regions are on their way before the frost"
    story = find_story(f"{HEADLINE}\n\n{subhead}\n\n{STORY}")
    assert (story.title, story.subhead) == (HEADLINE, subhead)
    assert story.text.startswith(subhead)


@pytest.mark.parametrize("between", ["By Jane Doe", "12 November 2024"])
def test_a_sentence_parted_from_the_story_by_the_byline_is_the_subhead(between: str) -> None:
    sentence = "Crews from two regions are on their way."
    assert find_story(f"{HEADLINE}\n\n{sentence}\n\n{between}\n\n{STORY}", HEADLINE).subhead == sentence


def test_a_sentence_above_a_dateline_is_the_subhead() -> None:
    sentence = "Crews from two regions are on their way."
    assert find_story(f"{HEADLINE}\n\n{sentence}\n\nSUMY (Reuters) — {STORY}", HEADLINE).subhead == sentence


@pytest.mark.parametrize(
    "first",
    [
        "Crews from two regions are on their way.",
        "RRP: 49.95 Euro More info: www.books.example today",
        "- One item of a list of several items",
        "By Jane Doe, who wrote about it in November 12, 2024",
        "READ WHAT THE GOVERNOR SAID ABOUT THE REPAIRS",
        "and crews from two regions on their way before the frost",
        "Not enough words here",
    ],
)
def test_a_first_line_that_may_be_the_story_is_no_subhead(first: str) -> None:
    assert find_story(f"{first}\n\n{STORY}", HEADLINE).subhead is None


def page(above: str, below: str) -> str:
    return (
        f"<html><head><title>{HEADLINE}</title></head><body><article>{above}<h1>{HEADLINE}</h1>{below}"
        f"<p>{BODY}</p><p>{MORE}</p><p>{MORE} It is cold.</p></article></body></html>"
    )


def test_a_page_marks_its_kicker_and_its_subhead() -> None:
    html = page(
        "<p class='article-kicker'>Energy</p>", "<p class='standfirst'>Crews from two regions are on their way.</p>"
    )
    result = clean(Submission(html=html))
    assert (result.kicker, result.subhead) == ("Energy", "Crews from two regions are on their way.")
    assert "Energy" not in result.text


def test_a_smaller_heading_right_below_the_headline_is_the_subhead() -> None:
    result = clean(Submission(html=page("", "<h2>Crews from two regions are on their way to help</h2>")))
    assert result.subhead == "Crews from two regions are on their way to help"


@pytest.mark.parametrize(
    "text", ["By Jane Doe, who writes about energy", "Updated: Nov. 20, 2019 1:35 a.m. in the city"]
)
def test_a_credit_in_an_element_called_subhead_is_none(text: str) -> None:
    tree = document_fromstring(page("", f"<div class='subhead'>{text}</div>"))
    assert read_byline(tree, [HEADLINE]).subhead is None


def test_a_subhead_below_the_first_paragraph_is_of_another_story() -> None:
    tree = document_fromstring(page("", f"<p>{BODY}</p><p class='subhead'>Crews from two regions are on their way</p>"))
    assert read_byline(tree, [HEADLINE]).subhead is None


def described(html: str, description: str) -> str:
    return html.replace("<head>", f"<head><meta property='og:description' content='{description}'>")


LEAD = "Crews from two regions are on their way to help the town, the governor says"


def test_a_lead_that_the_data_repeats_is_the_subhead_of_a_text_without_it() -> None:
    tree = document_fromstring(page("", f"<div class='x1'>{LEAD}</div><p>{BODY}</p>"))
    assert read_byline(tree, [HEADLINE], [f"{LEAD}."]).lead == LEAD
    assert read_byline(tree, [HEADLINE], ["Something else that nobody sees"]).lead is None
    result = clean(Submission(html=described(page("", f"<div class='x1'><span>{LEAD}</span></div>"), LEAD)))
    assert LEAD in (result.subhead or "") + result.text


def test_a_first_paragraph_that_the_data_repeats_is_no_subhead() -> None:
    first = "The governor said on Monday that crews from two regions are on their way to help the town."
    result = clean(Submission(html=described(page("", f"<p>{first}</p>"), first)))
    assert first in result.text
    assert result.subhead is None
