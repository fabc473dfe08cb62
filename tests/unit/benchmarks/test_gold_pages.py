"""The pages written for Dateline, with all that should be told of them."""

from benchmarks.gold_pages import GATES, GoldPage, measure, plain, read_pages, text_faults
from benchmarks.report import Report

PAGE = GoldPage("01-x", "https://a.example/", "", ("One two three.", "Four five six."), ("Perhaps seven.",), {})


def test_clean_and_entities_answer_as_the_gates_demand() -> None:
    assert Report("gold_pages", measure(), GATES).failed() == []


def test_every_page_marks_its_text_and_no_mark_is_left() -> None:
    pages = list(read_pages())
    assert len(pages) > 50
    assert [page.name for page in pages if not page.kept and not page.told.get("flags")] == []
    assert [page.name for page in pages if set("⟦⟧⟨⟩") & set(page.html)] == []


def test_passages_that_are_lost_or_left_are_faults() -> None:
    assert text_faults(PAGE, "One two three.\n\nFour five six.") == []
    assert text_faults(PAGE, "One two three.\n\nPerhaps seven.\n\nFour five six.") == []
    assert text_faults(PAGE, "One two three.\n\nAdvertisement") == ["lost: Four five six.", "left: Advertisement"]


def test_a_passage_is_compared_without_its_markup() -> None:
    assert plain("<b>A &amp;  B</b>\n\\u201cc\\u201d") == "A & B “c”"
