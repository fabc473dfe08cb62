"""The desk's map under a hand: the wheel magnifies it, a drag moves it and chooses nothing, a click chooses."""

import re

import pytest
from browser.sitting import Sit
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.edges

LAND = ".land"


def _magnified(page: Page) -> tuple[float, float]:
    """Turn the wheel in the middle of the map; returns that point."""
    page.wait_for_selector(".spot")
    box = page.locator("svg:has(.land)").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.wheel(0, -800)
    expect(page.locator("svg:has(.land)")).to_have_class(re.compile("is-zoomed"))
    return x, y


def test_the_wheel_magnifies_and_a_drag_moves_without_choosing(sit: Sit) -> None:
    page = sit().open()
    x, y = _magnified(page)
    before, address = page.locator(LAND).get_attribute("transform"), page.url
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=5)
    page.mouse.up()
    expect(page.locator(LAND)).not_to_have_attribute("transform", before or "")
    page.wait_for_timeout(200)
    assert page.url == address


def test_moving_on_after_a_drag_moves_nothing(sit: Sit) -> None:
    page = sit().open()
    x, y = _magnified(page)
    for _ in range(3):
        page.mouse.down()
        page.mouse.move(x + 20, y + 10, steps=3)
        page.mouse.up()
        page.mouse.move(x, y)
    after = page.locator(LAND).get_attribute("transform")
    page.mouse.move(x - 80, y - 40, steps=5)
    assert page.locator(LAND).get_attribute("transform") == after


def test_a_click_on_a_country_lists_its_articles(sit: Sit) -> None:
    page = sit().open()
    page.wait_for_selector(".spot")
    page.locator('.country[data-code="BR"]').click()
    page.wait_for_url(re.compile("country=BR"))
