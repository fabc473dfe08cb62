"""The desk in a browser: by keyboard alone, for screen readers, and without motion."""

from typing import Any

import pytest
from browser.sitting import NARROW, WIDE, Dateline, Sit
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.edges
LOOKS = [{"color_scheme": scheme, "viewport": size} for scheme in ("light", "dark") for size in (WIDE, NARROW)]


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run(document)).violations")
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look['color_scheme']}-{look['viewport']['width']}")
@pytest.mark.parametrize("what", ["list", "filter", "article", "stories", "nothing", "key"])
def test_axe_finds_nothing(sit: Sit, dateline: Dateline, axe: str, look: dict[str, Any], what: str) -> None:
    reader = sit(key=None, **look) if what == "key" else sit(**look)
    article = next(a for a in dateline.articles() if a["clean"] and "Lima" in (a["clean"]["title"] or ""))
    paths = {
        "article": f"/#article/{article['id']}",
        "stories": "/#stories",
        "nothing": "/?country=AQ&source=none.example",
    }
    page = reader.open(paths.get(what, "/"))
    if what == "filter":
        page.get_by_role("button", name="Filter").click()
    page.wait_for_timeout(300)
    assert violations(page, axe) == []


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.textContent.trim() || document.activeElement.getAttribute('name') || ''")
    )


def tab_to(page: Page, words: str, key: str = "Tab") -> None:
    for _ in range(60):
        page.keyboard.press(key)
        if words in focused(page):
            return
    raise AssertionError(f"{words} cannot be reached with the Tab key")


def test_everything_can_be_done_with_the_keyboard(sit: Sit) -> None:
    page = sit().open()
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the articles"
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    shown = page.locator("#content").evaluate(
        "it => [getComputedStyle(it).outlineStyle, getComputedStyle(it).borderLeftColor]"
    )
    idle = page.locator(".tabs").evaluate("it => getComputedStyle(it).borderBottomColor")
    assert shown[0] == "none", "a ring would be cut by the sticky tabs"
    assert shown[1] != idle, "who skips to the articles sees where that is"
    tab_to(page, "Filter")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=entity]")).to_be_focused()
    page.keyboard.type("Carris")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?entity=Carris")
    expect(page.locator(".entries > li")).to_have_count(2)
    expect(page.locator("#content")).to_be_focused()
    tab_to(page, "Lisbon")
    page.keyboard.press("Home")
    first = focused(page)
    page.keyboard.press("ArrowDown")
    assert focused(page) != first
    opened = focused(page)
    page.keyboard.press("Enter")
    expect(page.locator("#reading-title")).to_be_focused()
    assert page.locator("#reading-title").inner_text() == opened
    tab_to(page, "All articles", key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".entries h3 a", has_text=opened)).to_be_focused()


OUTLINED = """() => {
    const one = document.activeElement;
    const isDrawn = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const drawn = [one, one.closest(".entries > li")].filter(Boolean).some((each) => isDrawn(getComputedStyle(each)));
    return drawn || one === document.body;
}"""


def test_what_has_the_focus_is_seen_to_have_it(sit: Sit) -> None:
    page = sit().open()
    for _ in range(25):
        page.keyboard.press("Tab")
        seen = page.evaluate(OUTLINED)
        assert seen, focused(page)


def test_landmarks_and_headings_tell_the_page(sit: Sit) -> None:
    page = sit().open()
    assert page.get_by_role("main").count() == 1
    assert page.get_by_role("banner").count() == 1
    assert page.get_by_role("heading", level=1).inner_text() == "Dateline"
    assert {"Pipeline", "Map and timeline"} <= set(page.get_by_role("heading", level=2).all_inner_texts())
    assert page.get_by_role("navigation", name="What to list").count() == 1


def test_the_choice_of_light_or_dark_stays(sit: Sit) -> None:
    page = sit(color_scheme="light").open()
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(paper)
    assert light != dark
    page.reload()
    page.wait_for_selector(".entries li")
    assert page.evaluate(paper) == dark


def test_who_wants_no_motion_gets_none(sit: Sit) -> None:
    page = sit(reduced_motion="reduce").open()
    assert page.evaluate("document.getAnimations().filter(one => one.playState === 'running').length") == 0
