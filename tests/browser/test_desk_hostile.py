"""The desk in a browser: what scrapers sent stays text, whatever it is."""

import json
from typing import Any

import pytest
from browser.sitting import Dateline, Sit
from playwright.sync_api import Page, Route

pytestmark = pytest.mark.edges
PAYLOAD = (
    '"><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>'
    '<a href="javascript:window.pwned=1">x</a>\'{{7*7}}'
)
LINKS = [
    "javascript:window.pwned=1",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//evil.example",
    "/\\evil.example",
    "https://user:pw@evil.example/",
]
CODES = {
    *("outcome", "state", "label", "kind", "part", "relation", "form", "precision", "status", "stage", "role", "roles"),
    *("lane", "id", "accepted_at", "finished_at", "next_cursor", "canonical_id", "story_id", "cluster_id"),
}
"""Fields that only hold what Dateline itself writes."""


def poisoned(value: Any, name: str = "") -> Any:
    """The same document with a payload in every string that is not a code."""
    if isinstance(value, dict):
        return {key: poisoned(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner, name) for inner in value]
    return PAYLOAD if isinstance(value, str) and name not in CODES else value


def harmless(page: Page) -> None:
    assert page.evaluate("window.pwned") is None
    assert page.locator("main script, main img, main iframe, main [onerror]").count() == 0
    hrefs = page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert [href for href in hrefs if not href.startswith(("/", "#", "?", "https://", "http://"))] == []
    assert [href for href in hrefs if href.startswith(("//", "/\\"))] == []


def test_a_stored_article_full_of_markup_is_shown_as_text(sit: Sit, dateline: Dateline) -> None:
    text = f"{PAYLOAD} was painted on a wall in Nairobi on Monday, the police of Kenya said. " * 3
    found = dateline.submit(url="https://hostile.example/1", title=f"Nairobi {PAYLOAD}", text=text)
    reader = sit()
    page = reader.open()
    page.wait_for_selector(f'.entries > li[data-id="{found}"]')
    harmless(page)
    reader.open(f"/#article/{found}")
    page.wait_for_selector("#reading-title")
    assert "<img src=x" in page.locator("#reading-title").inner_text()
    harmless(page)
    assert reader.complaints == []


def test_a_result_with_markup_in_every_field_is_shown_as_text(sit: Sit, dateline: Dateline) -> None:
    article = next(a for a in dateline.articles() if a["geotags"] and a["geotags"]["places"] and a["clean"]["removed"])
    document = poisoned(article)
    document["clean"]["kicker"] = document["clean"]["subhead"] = PAYLOAD
    document["failure"] = {"stage": PAYLOAD, "error": PAYLOAD, "message": PAYLOAD, "attempts": 1}
    document["geotags"]["unresolved"] = [{"name": PAYLOAD, "mentions": [], "reason": PAYLOAD}]
    reader = sit()

    def answer(route: Route) -> None:
        if f"/v1/articles/{article['id']}" in route.request.url:
            route.fulfill(json=document)
        else:
            route.fulfill(json={"items": [document], "next_cursor": None})

    reader.page.route("**/v1/articles**", answer)
    reader.page.route("**/v1/stories**", lambda route: route.fulfill(json={"items": [], "next_cursor": None}))
    page = reader.open()
    page.wait_for_selector(".entries > li")
    harmless(page)
    reader.open(f"/#article/{article['id']}")
    page.wait_for_selector(".record")
    harmless(page)
    assert reader.complaints == []


@pytest.mark.parametrize("address", LINKS)
def test_an_address_that_is_none_of_the_web_is_no_link(sit: Sit, dateline: Dateline, address: str) -> None:
    article = dateline.articles()[0] | {"url": address}
    reader = sit()
    reader.page.route(f"**/v1/articles/{article['id']}", lambda route: route.fulfill(json=article))
    page = reader.open(f"/#article/{article['id']}")
    assert page.locator(".reading .facts a").count() == 0
    assert address in page.locator(".record .ids").last.inner_text()
    harmless(page)


def test_an_address_of_the_web_is_a_link_that_gives_nothing_away(sit: Sit, dateline: Dateline) -> None:
    article = next(a for a in dateline.articles() if a["url"])
    page = sit().open(f"/#article/{article['id']}")
    link = page.locator(".reading .facts a")
    assert link.get_attribute("href") == article["url"]
    assert link.get_attribute("rel") == "noopener noreferrer"


@pytest.mark.parametrize(
    "query",
    ["?entity=<img src=x onerror=window.pwned=1>", '?source="><script>window.pwned=1</script>', "?story=javascript:1"],
)
def test_a_hostile_address_of_the_desk_is_shown_as_text(sit: Sit, query: str) -> None:
    reader = sit()
    page = reader.open(f"/{query}")
    harmless(page)
    assert json.dumps(reader.complaints).count("Content Security Policy") == 0


def test_the_browser_itself_refuses_markup(sit: Sit) -> None:
    """Trusted types: even a module that tried to could not."""
    page = sit().open()
    attempt = 'try { document.body.insertAdjacentHTML("beforeend", "<b>x</b>") } catch (error) { return error.name }'
    assert page.evaluate(f"() => {{ {attempt} }}") == "TypeError"
