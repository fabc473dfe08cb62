"""The desk in a browser: what stands where, in windows of every width."""

from typing import Any

import pytest
from browser.sitting import Dateline, Sit
from playwright.sync_api import expect

pytestmark = pytest.mark.edges
BEYOND = """[...document.querySelectorAll("header *, section *, main *")]
    .filter((part) => !part.closest("svg, .unseen") && part.getBoundingClientRect().right > innerWidth + 0.5)
    .map((part) => part.outerHTML.slice(0, 80))"""
"""What lies beyond the right edge, whether the page can be scrolled there or it is cut off."""


def much(dateline: Dateline) -> dict[str, Any]:
    """A pipeline of large numbers that is not well."""
    with dateline.client as client:
        told: dict[str, Any] = client.get("/v1/pipeline").json()
    told |= {"accepted": 1_234_567, "pending": 234_567, "balanced": False, "broker": None}
    told["outcomes"]["quarantined"] = 12_345
    told["last"]["minute"] |= {"accepted_per_second": 123.4, "finished_per_second": 99.9}
    for lane in told["lanes"].values():
        lane |= {"waiting": 123_456, "oldest_seconds": 12_345}
    return told


@pytest.mark.parametrize("width", [320, 390, 768, 1000, 1600, 2200])
def test_nothing_is_wider_than_the_window(sit: Sit, dateline: Dateline, width: int) -> None:
    reader = sit(viewport={"width": width, "height": 800})
    for path in ("/", "/#stories", f"/#article/{dateline.articles()[0]['id']}"):
        page = reader.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(BEYOND) == []


@pytest.mark.parametrize("width", [320, 350, 390, 420, 600, 1000])
def test_nothing_is_wider_than_the_window_while_much_is_told(sit: Sit, dateline: Dateline, width: int) -> None:
    reader, told = sit(viewport={"width": width, "height": 800}), much(dateline)
    reader.page.route("**/v1/pipeline", lambda route: route.fulfill(json=told))
    page = reader.open()
    page.get_by_text("1,234,567").wait_for()
    for word in ("connecting", "live", "reconnecting", "not connected"):
        beyond = f"(document.getElementById('live-word').textContent = '{word}', {BEYOND})"
        assert page.evaluate(beyond) == [], word
        assert page.evaluate("document.querySelector('.wordmark').offsetHeight") < 40, "the name takes two lines"


@pytest.mark.parametrize("width", [320, 1600])
def test_an_answer_without_articles_leaves_no_empty_boxes(sit: Sit, width: int) -> None:
    reader = sit(viewport={"width": width, "height": 800})
    reader.page.route("**/countries-*.json", lambda route: (reader.page.wait_for_timeout(700), route.continue_()))
    page = reader.open("/?country=ZZZ")  # the map comes after the refusal
    page.wait_for_selector(".country")
    told = "country does not have the form that is described for it, as in UA."
    expect(page.locator(".notice p").nth(1)).to_have_text(told)
    expect(page.locator("#timeline")).to_be_hidden()
    expect(page.locator("#places")).to_be_hidden()
    page.get_by_role("link", name="Without filters").click()
    expect(page.locator("#timeline")).to_be_visible()
    expect(page.locator("#places")).to_be_visible()


def test_ticks_of_the_timeline_end_inside_it(sit: Sit) -> None:
    page = sit().open()
    page.locator(".tick").first.wait_for()
    for width in range(1000, 1100, 9):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(50)
        assert (
            page.evaluate(
                """() => [...document.querySelectorAll(".tick")].filter((tick) => {
                const { x, width } = tick.getBBox();
                return x + width > tick.ownerSVGElement.clientWidth;
            }).length"""
            )
            == 0
        ), f"at {width} pixels"
