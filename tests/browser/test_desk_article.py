"""The desk in a browser: one article, its marks and what was removed from it."""

from typing import Any

import pytest
from browser.sitting import NARROW, Dateline, Sit
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.edges
ASTRAL = {
    "url": "https://astral.example/1",
    "title": "🎈 Balloons Rise Over Nairobi 🎈",
    "text": "🎈🎈🎈 Balloons rose over Nairobi on Saturday, and Rita Coelho, the mayor of Lisbon, saw them from a hill."
    "\n\n“👩‍👩‍👧 Families came from Mombasa,” said Joseph Mwangi of the Kenya Red Cross. 𝔘 was painted on them."
    "\n\nThe balloons will fly again over Osaka in May, the organisers said after the last of them had landed.",
}
MARKS = """marks => marks.map((mark) => (
    { start: +mark.dataset.start, end: +mark.dataset.end, text: mark.textContent, kind: mark.className }
))"""
WHOLE = """(body) => [...body.querySelectorAll("p")].map((paragraph) => {
    const copy = paragraph.cloneNode(true);
    copy.querySelectorAll(".removed").forEach((one) => one.remove());
    return copy.textContent;
}).join("\\n\\n")"""


def titled(dateline: Dateline, words: str) -> dict[str, Any]:
    return next(article for article in dateline.articles() if words in ((article["clean"] or {}).get("title") or ""))


def shown(page: Page, selector: str) -> list[dict[str, Any]]:
    return list(page.locator(selector).evaluate_all(MARKS))


def mentions(article: dict[str, Any], part: str) -> set[tuple[int, int, str]]:
    things = [*article["geotags"]["places"], *article["entities"]["entities"]]
    return {(m["start"], m["end"], m["text"]) for thing in things for m in thing["mentions"] if m["part"] == part}


@pytest.mark.parametrize("words", ["Ukraine", "Lima", "Vancouver", "Paris, Texas", "Osaka"])
def test_marks_stand_where_the_result_says(sit: Sit, dateline: Dateline, words: str) -> None:
    article = titled(dateline, words)
    reader = sit()
    page = reader.open(f"/#article/{article['id']}")
    text = article["clean"]["text"]
    marks = shown(page, "#reading-body .m")
    assert marks
    assert all(text[mark["start"] : mark["end"]] == mark["text"] for mark in marks)
    assert {(mark["start"], mark["end"], mark["text"]) for mark in marks} == mentions(article, "text")
    assert reader.complaints == []


def test_offsets_count_code_points_also_beyond_the_basic_plane(sit: Sit, dateline: Dateline) -> None:
    article = dateline.article(dateline.submit(**ASTRAL))
    assert {"Nairobi", "Mombasa"} <= {text for _, _, text in mentions(article, "text")}
    page = sit().open(f"/#article/{article['id']}")
    marks = shown(page, "#reading-body .m")
    assert {(mark["start"], mark["end"], mark["text"]) for mark in marks} == mentions(article, "text")
    title = shown(page, "#reading-title .m")
    assert {(mark["start"], mark["end"], mark["text"]) for mark in title} == mentions(article, "title")


def test_places_are_marked_as_places(sit: Sit, dateline: Dateline) -> None:
    article = titled(dateline, "Lima")
    page = sit().open(f"/#article/{article['id']}")
    places = {mark["text"] for mark in shown(page, "#reading-body .m.place")}
    assert {"Lima", "Peru", "Gothenburg"} <= places
    assert "Ingrid Sandelin" in {mark["text"] for mark in shown(page, "#reading-body .m.person")}


def test_the_text_is_whole_and_in_order(sit: Sit, dateline: Dateline) -> None:
    article = titled(dateline, "Vancouver")
    page = sit().open(f"/#article/{article['id']}")
    assert page.locator("#reading-body").evaluate(WHOLE) == article["clean"]["text"]


def test_removed_passages_stand_where_they_stood(sit: Sit, dateline: Dateline) -> None:
    article = titled(dateline, "Lima")
    page = sit().open(f"/#article/{article['id']}")
    blocks = page.locator("#reading-body > *").evaluate_all("all => all.map(one => one.className)")
    assert blocks[:2] == ["removed", "removed"]
    assert blocks[-1] == "removed"
    assert "removed" not in blocks[2:-1]
    struck = page.locator("#reading-body del").all_text_contents()
    assert struck == [removed["text"] for removed in article["clean"]["removed"]]
    assert page.locator("#reading-body .why").all_text_contents() == ["headline", "byline", "related"]


def test_a_passage_removed_between_two_paragraphs_stands_between_them(sit: Sit, dateline: Dateline) -> None:
    first, second = (
        "The bridge over the Daugava in Riga opened on Monday. " * 3,
        "Trams will cross it from June, the city said. " * 3,
    )
    text = f"{first.strip()}\n\nADVERTISEMENT\n\n{second.strip()}\n\nRead more: Ten bridges to see\n"
    article = dateline.article(dateline.submit(url="https://bridge.example/1", title="Bridge Opens in Riga", text=text))
    assert len(article["clean"]["removed"]) == 2, article["clean"]["removed"]
    page = sit().open(f"/#article/{article['id']}")
    order = page.locator("#reading-body > *").evaluate_all("all => all.map(one => one.className || 'text')")
    assert order == ["text", "removed", "text", "removed"]


def test_each_kind_of_mark_and_the_removed_passages_can_be_switched_off(sit: Sit, dateline: Dateline) -> None:
    page = sit().open(f"/#article/{titled(dateline, 'Lima')['id']}")
    place = page.locator("#reading-body .m.place").first
    before = place.evaluate("one => getComputedStyle(one).backgroundColor")
    page.get_by_label("Places", exact=True).uncheck()
    assert place.evaluate("one => getComputedStyle(one).backgroundColor") != before
    page.get_by_label("Removed passages (3)").uncheck()
    expect(page.locator("#reading-body .removed").first).to_be_hidden()


def test_the_map_shows_the_places_of_the_article_that_is_read(sit: Sit, dateline: Dateline) -> None:
    article = titled(dateline, "Osaka")
    page = sit().open(f"/#article/{article['id']}")
    page.wait_for_selector(".spot.is-focus")
    lit = page.locator(".spot.is-focus").evaluate_all("spots => spots.map(spot => +spot.dataset.place)")
    points = {place["geoname_id"] for place in article["geotags"]["places"] if place["precision"] == "point"}
    assert set(lit) == points


def test_a_copy_leads_to_its_original(sit: Sit, dateline: Dateline) -> None:
    copy = next(a for a in dateline.articles() if a["duplicates"]["relation"] in {"exact", "near"})
    page = sit(viewport=NARROW).open(f"/#article/{copy['id']}")
    page.locator(".verdict a").click()
    page.wait_for_url(f"**#article/{copy['duplicates']['canonical_id']}")
    expect(page.locator(".reading-bar")).to_be_visible()


def test_an_article_that_is_not_there_is_told_with_a_way_out(sit: Sit) -> None:
    page = sit().open(f"/#article/{'a' * 26}")
    expect(page.locator(".notice h3")).to_have_text("There is no such thing")
    page.get_by_role("link", name="All articles").click()
    expect(page.locator(".entries > li").first).to_be_visible()


def test_a_skipped_stage_says_why(sit: Sit, dateline: Dateline) -> None:
    page = sit().open(f"/#article/{titled(dateline, 'Hamburger')['id']}")
    expect(page.locator(".verdict")).to_contain_text("Entities skipped")
