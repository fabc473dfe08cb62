"""Bodies that carry the marks of another form."""

from textwrap import wrap

import pytest

from schemas import Submission
from tasks.clean._marks import as_page, is_markdown
from tasks.clean._passages import split
from tasks.clean._story import find_story

FIRST = "The harbour at Port Ellery stays closed until Thursday, the port authority said on Monday evening."
SECOND = "Passengers with tickets for the morning boat are taken by bus to the terminal at Scarra."


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{FIRST}</p><p>{SECOND}</p>",
        f"&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p&gt;{SECOND}&lt;/p&gt;",
        f"{FIRST}<br>{SECOND}<br/>{FIRST}<br>",
    ],
)
def test_a_body_of_markup_is_a_page(body: str) -> None:
    page = as_page(Submission(text=body))
    assert page.text is None
    assert page.html is not None
    assert page.html.count("<") == body.count("<") + body.count("&lt;")


@pytest.mark.parametrize("body", [FIRST, "In HTML, <p> begins a paragraph.", "a < b, and &lt; is written so"])
def test_words_about_markup_are_text(body: str) -> None:
    assert as_page(Submission(text=body)).text == body


def test_quoted_mail_is_freed_of_its_marks_and_joined() -> None:
    first, second = wrap(FIRST, 60), wrap(SECOND, 60)
    source = f"> {first[0]}\n> {first[1]}\n>\n>> {second[0]}\n>> {second[1]}"
    assert [passage.text for passage in split(source)] == [FIRST, SECOND]


def test_a_single_quoted_line_keeps_its_mark() -> None:
    assert split(f"{FIRST}\n\n> {SECOND}\n\n{FIRST}")[1].text == f"> {SECOND}"


def test_markdown_loses_its_marks_and_no_words() -> None:
    source = (
        f"# A headline of Markdown\n\n**The harbour** at [Port Ellery](https://e.example/x) is *closed*.\n\n> {SECOND}"
    )
    assert is_markdown(source)
    assert [passage.text for passage in split(source)] == [
        "A headline of Markdown",
        "The harbour at Port Ellery is closed.",
        SECOND,
    ]


def test_line_breaks_written_as_two_characters_are_line_breaks() -> None:
    assert [passage.text for passage in split(rf"{FIRST}\n\n{SECOND}\r\n{FIRST}")] == [FIRST, SECOND, FIRST]
    assert len(split(r"The path C:\news is on the disk.")) == 1


@pytest.mark.parametrize("width", [34, 60, 95, 130])
def test_the_first_line_of_a_wrapped_text_is_no_headline(width: int) -> None:
    lines = wrap(f"{FIRST} {SECOND}", width)
    story = find_story("\n".join([*lines, "", *lines]))
    assert story.title is None
    assert story.text == f"{FIRST} {SECOND}\n\n{FIRST} {SECOND}"


def test_an_indented_line_begins_a_paragraph_of_a_wrapped_text() -> None:
    wrapped = f"  {FIRST[:60].strip()}\n{FIRST[60:].strip()}\n  {SECOND[:57].strip()}\n{SECOND[57:].strip()}"
    assert [passage.text for passage in split(wrapped)] == [FIRST, SECOND]


def test_fields_above_a_story_are_what_they_say() -> None:
    head = "Title: Harbour stays closed\nAuthor: Nora Whitlock\nDate: 2026-04-12\nURL: https://e.example/1"
    story = find_story(f"{head}\n\n{FIRST}\n\n{SECOND}")
    assert (story.title, story.authors) == ("Harbour stays closed", ("Nora Whitlock",))
    assert story.text == f"{FIRST}\n\n{SECOND}"
    assert [one.rule for one in story.removed] == ["fields"]


def test_one_line_with_a_label_is_no_head_of_fields() -> None:
    assert find_story(f"Date: the twelfth of April\n\n{FIRST}\n\n{SECOND}", "A title").text.startswith("Date")


def test_the_subject_of_a_forwarded_mail_is_the_title() -> None:
    head = "---------- Forwarded message ----------\nFrom: Desk <d@e.example>\nSubject: Fwd: Harbour stays closed"
    assert find_story(f"{head}\n\n{FIRST}\n\n{SECOND}").title == "Harbour stays closed"


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("wire_marks", "(MORE)"),
        ("wire_marks", "###"),
        ("wire_marks", "The post Harbour stays closed appeared first on Ellery Today."),
    ],
)
def test_marks_of_wires_and_feeds_are_taken_anywhere(rule: str, line: str) -> None:
    story = find_story(f"{FIRST}\n\n{line}\n\n{SECOND}", "A title")
    assert [(one.rule, one.text) for one in story.removed] == [(rule, line)]


def test_a_wires_slug_is_not_the_headline() -> None:
    story = find_story(f"BC-EU--Ferry Strike,2nd Ld-Writethru,0312\n\nFerry workers walk out\n\n{FIRST}\n\n{SECOND}")
    assert story.title == "Ferry workers walk out"


def test_the_senders_lines_below_two_hyphens_are_taken() -> None:
    story = find_story(f"{FIRST}\n\n{SECOND}\n\n--\nPetr Malý\nEditor, Brno Daily", "A title")
    assert story.text == f"{FIRST}\n\n{SECOND}"
    assert story.removed[0].rule == "mail_signature"
