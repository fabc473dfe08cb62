"""The desk in a browser: what comes in while it is open, and what happens when the API is away."""

import re

import pytest
from browser.sitting import Dateline, Reader, Sit
from conftest import article, eventually
from playwright.sync_api import expect

from schemas import Result
from store import Scope
from tasks import pipeline

pytestmark = pytest.mark.edges
TEXT = (
    "Divers in Valletta found a bronze bell from {} in the harbour on Tuesday, the museum of Malta said. "
    "It will be shown in May. "
)


def news(dateline: Dateline, number: int) -> str:
    years = ("1571", "1632", "1688", "1701", "1755", "1798", "1812", "1848")
    title = f"Bell No. {number} Found in the Harbour of Valletta"
    return dateline.submit(url=f"https://bells.example/{number}", title=title, text=TEXT.format(years[number % 8]) * 2)


def live(reader: Reader) -> None:
    expect(reader.page.locator("#live-word")).to_have_text("live")


def test_a_new_article_appears_by_itself(sit: Sit, dateline: Dateline) -> None:
    reader = sit()
    page = reader.open()
    live(reader)
    found = news(dateline, 1)
    expect(page.locator(f'.entries > li[data-id="{found}"]')).to_be_visible()
    assert page.locator(".entries > li").first.get_attribute("data-id") == found
    assert page.locator('.spot[data-place="2562305"]').count() == 1
    assert reader.complaints == []


def test_a_filtered_list_takes_in_only_what_fulfils_the_filter(sit: Sit, dateline: Dateline) -> None:
    reader = sit()
    page = reader.open("/?country=MT")
    live(reader)
    elsewhere = dateline.submit(
        url="https://elsewhere.example/1", title="Tram Stops in Porto", text="A tram stopped in Porto on Monday. " * 6
    )
    found = news(dateline, 2)
    expect(page.locator(f'.entries > li[data-id="{found}"]')).to_be_visible()
    assert page.locator(f'.entries > li[data-id="{elsewhere}"]').count() == 0


def test_an_article_that_is_withdrawn_is_told_so_and_leaves_the_map(sit: Sit, dateline: Dateline) -> None:
    reader = sit()
    found = news(dateline, 9)
    page = reader.open()
    live(reader)
    row = page.locator(f'.entries > li[data-id="{found}"]')
    expect(row).to_be_visible()
    with dateline.store() as store:
        pipeline.withdrawal(store).article(found)
    expect(row.locator("h3")).to_have_text("Withdrawn")
    expect(row.locator(".state")).to_have_text("withdrawn")


def test_a_list_that_is_being_read_does_not_move(sit: Sit, dateline: Dateline) -> None:
    reader = sit()
    page = reader.open()
    live(reader)
    link = page.locator(".entries h3 a").nth(2)
    link.focus()
    before = page.locator(".entries > li").first.get_attribute("data-id")
    found = news(dateline, 3)
    button = page.get_by_role("button", name=re.compile(r"Show \d+ new article"))
    expect(button).to_be_visible()
    assert page.locator(".entries > li").first.get_attribute("data-id") == before
    expect(link).to_be_focused()
    button.click()
    assert page.locator(".entries > li").first.get_attribute("data-id") == found
    expect(page.locator(".entries h3 a").first).to_be_focused()


def test_it_goes_on_from_the_last_event_after_the_api_was_killed(sit: Sit, dateline: Dateline) -> None:
    reader = sit()
    feeds: list[str] = []
    reader.page.on("request", lambda request: feeds.append(request.url) if "/v1/feed" in request.url else None)
    page = reader.open()
    live(reader)
    first = news(dateline, 4)
    expect(page.locator(f'.entries > li[data-id="{first}"]')).to_be_visible()
    cursor = dateline.article(first)["cursor"]
    with dateline.store() as store, dateline.without_api():
        expect(page.locator("#live-word")).to_have_text("reconnecting")
        missed = [one.ref.article_id for one in store.ledger.accept([article(5, text=TEXT * 2), article(6)])]
        eventually(lambda: all(isinstance(store.results.get(found), Result) for found in missed), 60, "the outcomes")
        assert page.locator(f'.entries > li[data-id="{missed[0]}"]').count() == 0
    for found in missed:
        expect(page.locator(f'.entries > li[data-id="{found}"]')).to_have_count(1)
    live(reader)
    assert f"after={cursor}" in feeds[-1]


LISTEN = """() => {
    const status = document.getElementById("announcements");
    window.said = [];
    const heard = new MutationObserver(() => window.said.push(status.textContent));
    heard.observe(status, { childList: true, characterData: true, subtree: true });
}"""


def test_screen_readers_are_told_once_and_not_of_each(sit: Sit, dateline: Dateline) -> None:
    reader = sit()
    page = reader.open()
    live(reader)
    page.evaluate(LISTEN)
    news(dateline, 7)
    found = dateline.submit(
        url="https://bells.example/8", title="Bells Ring in Gozo", text="The bells of Gozo rang on Friday. " * 8
    )
    expect(page.locator(f'.entries > li[data-id="{found}"]')).to_be_visible()
    # Not by `wait_for_function`, whose `eval` the policy forbids.
    eventually(lambda: bool(page.evaluate("window.said.length")), 30, "an announcement")
    page.wait_for_timeout(1_500)
    assert len(page.evaluate("window.said")) == 1


def test_an_api_that_is_away_is_told_and_the_desk_goes_on_by_itself(sit: Sit) -> None:
    reader = sit()
    reader.page.route("**/v1/**", lambda route: route.abort())
    page = reader.open()
    expect(page.locator(".notice h3")).to_have_text("The API is away")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    reader.page.unroute("**/v1/**")
    expect(page.locator(".entries > li").first).to_be_visible()


def test_without_a_key_it_asks_for_one_and_keeps_it_out_of_every_address(sit: Sit, dateline: Dateline) -> None:
    reader = sit(key=None)
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    page = reader.open("/?country=KE")
    field = page.get_by_label("Access key", exact=True).and_(page.locator("input"))
    expect(field).to_be_focused()
    field.fill("dl_wrong_key")
    field.press("Enter")
    expect(page.locator(".notice h3")).to_have_text("Try another key")
    page.locator("input[name=key]").fill(dateline.key)
    page.get_by_role("button", name="Open the desk").click()
    expect(page.locator(".entries > li").first).to_be_visible()
    page.reload()
    expect(page.locator(".entries > li").first).to_be_visible()
    assert not [url for url in [*asked, page.url] if dateline.key in url or "dl_" in url]
    assert page.evaluate("Object.values(localStorage).join()") == ""
    page.get_by_role("button", name="Forget key").click()
    expect(page.locator(".notice h3")).to_have_text("This desk opens with a key")
    assert page.evaluate("sessionStorage.length") == 0


def test_a_key_without_the_scope_is_told_so(sit: Sit, dateline: Dateline) -> None:
    with dateline.store() as store:
        token, _ = store.access.create("pusher", frozenset({Scope.SUBMIT}))
    page = sit(key=token).open()
    expect(page.locator(".notice")).to_contain_text("scope read")


def test_a_filter_that_the_api_refuses_is_told_with_a_way_out(sit: Sit) -> None:
    page = sit().open("/?near=somewhere")
    expect(page.locator(".notice h3")).to_have_text("The API does not take this filter")
    page.get_by_role("link", name="Without filters").click()
    expect(page.locator(".entries > li").first).to_be_visible()
