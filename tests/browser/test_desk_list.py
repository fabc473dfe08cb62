"""The desk in a browser: list, map, timeline, filters, stories."""

import re

import pytest
from browser.sitting import NARROW, WIDE, Dateline, Sit
from playwright.sync_api import Route, expect

pytestmark = pytest.mark.edges


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_it_loads_without_a_complaint_of_the_browser(sit: Sit, viewport: dict[str, int]) -> None:
    reader = sit(viewport=viewport)
    page = reader.open()
    expect(page.locator("#live-word")).to_have_text("live")
    expect(page.locator(".gauge").first).to_contain_text("Accepted")
    assert page.locator(".country").count() > 150
    assert reader.complaints == []


def test_it_asks_nobody_but_its_own_server(sit: Sit) -> None:
    reader = sit()
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.open()
    reader.page.wait_for_timeout(500)
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith(reader.url)] == []


def test_every_article_is_listed_newest_first(sit: Sit, dateline: Dateline) -> None:
    page = sit().open()
    ids = page.locator(".entries > li").evaluate_all("rows => rows.map(row => row.dataset.id)")
    assert ids == [article["id"] for article in dateline.articles()]


def test_places_of_the_articles_are_points_of_the_map_and_links_of_the_list(sit: Sit, dateline: Dateline) -> None:
    page = sit().open()
    places = {
        place["geoname_id"]
        for article in dateline.articles()
        for place in (article.get("geotags") or {}).get("places", [])
        if place["precision"] == "point" and place["confidence"] >= 0.5
    }
    page.wait_for_selector(".spot")
    drawn = page.locator(".spot").evaluate_all("spots => spots.map(spot => Number(spot.dataset.place))")
    assert set(drawn) == places
    assert len(drawn) == len(places)
    links = page.locator(".ranking a[href*='place=']").evaluate_all("links => links.map(link => link.search)")
    assert {int(search.removeprefix("?place=")) for search in links} == places


def test_a_point_lies_where_its_place_is(sit: Sit, dateline: Dateline) -> None:
    """Lisbon is west of Nairobi and north of it; Lima is west of both."""
    page = sit().open()
    page.wait_for_selector(".spot")
    at = {name: page.locator(f'.spot[data-place="{number}"]').bounding_box() for name, number in PLACES.items()}
    assert all(at.values())
    assert at["Lima"]["x"] < at["Lisbon"]["x"] < at["Nairobi"]["x"] < at["Osaka"]["x"]
    assert at["Lisbon"]["y"] < at["Nairobi"]["y"] < at["Lima"]["y"]


PLACES = {"Lisbon": 2267057, "Nairobi": 184745, "Lima": 3936456, "Osaka": 1853909}


def test_a_filter_goes_into_the_address_and_comes_back_from_it(sit: Sit, dateline: Dateline) -> None:
    page = sit().open()
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Country").select_option("KE")
    page.get_by_label("Leave copies out").check()
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**/?country=KE&originals=true")
    expected = [article["id"] for article in dateline.articles(country="KE", originals="true")]
    assert expected
    expect(page.locator(".entries > li")).to_have_count(len(expected))
    page.reload()
    expect(page.locator(".entries > li")).to_have_count(len(expected))
    assert page.locator(".chip > span").all_inner_texts() == ["Kenya", "no copies"]
    page.get_by_role("button", name="Filter").click()
    assert page.get_by_label("Country").input_value() == "KE"
    assert page.get_by_label("Leave copies out").is_checked()
    assert "GET /v1/articles?country=KE&originals=true" in page.locator(".same-query").inner_text()


@pytest.mark.parametrize(
    "query",
    [
        "entity=ORG:Carris",
        "source=kansai-business.example",
        "near=38.7,-9.1&radius_km=80",
        "place=2267057",
        "admin1=US.TX",
        "originals=true",
        "outcome=done",
        "since=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z",
    ],
)
def test_the_desk_lists_what_the_api_lists(sit: Sit, dateline: Dateline, query: str) -> None:
    reader = sit()
    page = reader.open(f"/?{query}")
    ids = page.locator(".entries > li").evaluate_all("rows => rows.map(row => row.dataset.id)")
    with dateline.client as client:
        assert ids == [article["id"] for article in client.get(f"/v1/articles?{query}").json()["items"]]
    assert ids
    assert reader.complaints == []


def test_a_chip_takes_its_filter_away_and_the_way_back_works(sit: Sit) -> None:
    page = sit().open("/?country=KE&originals=true")
    page.get_by_label("Without “Kenya”").click()
    page.wait_for_url("**/?originals=true")
    page.go_back()
    page.wait_for_url("**/?country=KE&originals=true")
    expect(page.locator(".chip")).to_have_count(2)


def test_a_click_on_a_country_or_a_place_filters_by_it(sit: Sit) -> None:
    page = sit().open()
    page.wait_for_selector(".spot")
    page.locator('.country[data-code="BR"]').click()
    page.wait_for_url("**/?country=BR")
    expect(page.locator(".notice h3")).to_have_text("No articles fulfil all of this")
    page.get_by_role("link", name="Without filters").click()
    page.locator('.spot[data-place="1853909"]').click(force=True)
    page.wait_for_url(re.compile(r"\?place=\d+$"))
    expect(page.locator(".entries > li")).to_have_count(1)


def test_a_list_about_a_place_brings_the_place_into_view(sit: Sit) -> None:
    page = sit().open("/?country=KE")
    page.wait_for_selector(".map-sheet svg.is-zoomed")
    box, sheet = page.locator('.spot[data-place="184745"]').bounding_box(), page.locator("#map-sheet").bounding_box()
    assert box
    assert sheet
    assert sheet["x"] < box["x"] < sheet["x"] + sheet["width"]
    assert sheet["y"] < box["y"] < sheet["y"] + sheet["height"]
    page.get_by_label("Without “Kenya”").click()
    page.wait_for_selector(".map-sheet svg:not(.is-zoomed)")


def test_a_stretch_of_the_timeline_becomes_since_and_until(sit: Sit) -> None:
    page = sit().open()
    box = page.locator("#timeline-sheet svg").bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 30, steps=4)
    page.mouse.up()
    page.wait_for_url(re.compile(r"\?since=[^&]+&until=[^&]+$"))
    expect(page.locator(".chip")).to_have_count(2)


def test_stories_are_listed_and_lead_to_their_articles(sit: Sit, dateline: Dateline) -> None:
    page = sit().open("/#stories")
    with dateline.client as client:
        stories = client.get("/v1/stories").json()["items"]
    expect(page.locator(".entries > li")).to_have_count(len(stories))
    page.get_by_role("link", name=stories[0]["headline"]).click()
    page.wait_for_url(f"**/?story={stories[0]['id']}")
    expect(page.locator(".story-head h2")).to_have_text(stories[0]["headline"])
    expect(page.locator(".entries > li")).to_have_count(stories[0]["size"])


def test_what_is_told_of_a_story_stands_below_its_headline(sit: Sit) -> None:
    page = sit().open("/#stories")
    story = page.locator(".entries > li").first
    story.locator("h3 a").evaluate("headline => (headline.textContent = 'One line')")
    headline, outlet = story.locator("h3").bounding_box(), story.locator(".facts > * >> nth=0").bounding_box()
    assert headline
    assert outlet
    dot = 17  # stands before it and is cut off
    assert outlet["x"] + dot == pytest.approx(headline["x"], abs=1)


def test_older_articles_are_added_below(sit: Sit, dateline: Dateline) -> None:
    reader = sit()
    reader.page.route("**/desk/js/listing.js", few_at_a_time)
    page = reader.open()
    expect(page.locator(".entries > li")).to_have_count(4)
    page.get_by_role("button", name="Older articles").click()
    expect(page.locator(".entries > li")).to_have_count(8)
    expect(page.locator(".entries h3 a").nth(4)).to_be_focused()
    ids = page.locator(".entries > li").evaluate_all("rows => rows.map(row => row.dataset.id)")
    assert ids == [article["id"] for article in dateline.articles()][:8]


def few_at_a_time(route: Route) -> None:
    """The module as it is, with pages of four."""
    source = route.fetch().text().replace("PAGE = 100", "PAGE = 4").replace("ENOUGH = 25", "ENOUGH = 4")
    route.fulfill(body=source, content_type="text/javascript")
