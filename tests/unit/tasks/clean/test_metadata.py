from datetime import UTC, datetime

import pytest
from trafilatura import load_html

from tasks.clean import _moments
from tasks.clean._authors import author_names
from tasks.clean._metadata import read_metadata
from tasks.clean._page import Metadata


def read(head: str, body: str = "", url: str | None = "https://herald.example/news/a") -> Metadata:
    tree = load_html(f"<html><head>{head}</head><body><p>Text of the story.</p>{body}</body></html>")
    assert tree is not None
    return read_metadata(tree, url)


JSON_LD = """<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "x"},
{"@type": ["NewsArticle"], "headline": "Structured &amp; right", "author": [{"name": "Jane Doe"}, {"name": "John Roe"}],
"datePublished": "2024-11-12T08:30:00+02:00", "dateModified": "2024-11-13T00:00:00Z", "articleSection": "World",
"keywords": "grid, power", "image": {"url": "/i.jpg"}, "publisher": {"name": "The Herald"}}]}</script>"""


def test_json_ld_comes_first() -> None:
    found = read(JSON_LD + '<meta property="og:title" content="Other"><meta name="author" content="Ann Poe">')
    assert found.title == "Structured & right"
    assert found.authors == ("Jane Doe", "John Roe")
    assert found.published_at == datetime(2024, 11, 12, 6, 30, tzinfo=UTC)
    assert found.modified_at == datetime(2024, 11, 13, tzinfo=UTC)
    assert (found.section, found.keywords, found.site_name) == ("World", ("grid", "power"), "The Herald")
    assert found.image_url == "https://herald.example/i.jpg"


def test_meta_elements_fill_in() -> None:
    found = read(
        '<meta property="og:title" content="Grid repairs | The Herald">'
        '<meta property="og:site_name" content="The Herald">'
        '<meta name="author" content="By Jane Doe and John Roe"><meta name="description" content=" Short. ">'
        '<link rel="canonical" href="/a/1"><meta property="og:image" content="https://herald.example/b.png">'
        '<meta name="keywords" content="grid; power,grid">'
    )
    assert found.title == "Grid repairs"
    assert found.authors == ("Jane Doe", "John Roe")
    assert (found.description, found.keywords) == ("Short.", ("grid", "power"))
    assert found.canonical_url == "https://herald.example/a/1"
    assert found.image_url == "https://herald.example/b.png"


def test_the_visible_page_is_the_last_resort() -> None:
    found = read("", '<h1>A visible headline</h1><time datetime="2024-11-12">today</time>')
    assert found.title == "A visible headline"
    assert found.published_at == datetime(2024, 11, 12, tzinfo=UTC)
    assert found.zone_assumed


def test_the_address_may_hold_the_date() -> None:
    found = read("", url="https://herald.example/2024/11/12/grid")
    assert found.published_at == datetime(2024, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize("value", ["soon", "1970-01-01T00:00:00Z", "0001-01-01", "May", "99999999999999999999"])
def test_a_date_that_is_none_is_absent(value: str) -> None:
    assert read(f'<meta property="article:published_time" content="{value}">').published_at is None


@pytest.mark.parametrize("value", ["https://facebook.example/herald", "@herald", "jane-doe", "Photo: Jane"])
def test_an_author_that_is_none_is_absent(value: str) -> None:
    assert read(f'<meta name="author" content="{value}">').authors == ()


@pytest.mark.parametrize("value", ["not an address with blanks", "javascript:alert(1)", "http://[::1"])
def test_an_address_that_is_none_is_absent(value: str) -> None:
    assert read(f'<link rel="canonical" href="{value}">', url=None).canonical_url is None


@pytest.mark.parametrize("value", ["{", "[" * 100_000, "null", '"text"', '{"@type": "Article"}', "1" * 600_000])
def test_broken_structured_data_costs_nothing_else(value: str) -> None:
    found = read(f'<script type="application/ld+json">{value}</script><meta property="og:title" content="Right">')
    assert found.title == "Right"


def test_a_page_that_says_nothing_has_no_metadata() -> None:
    found = read("", url=None)
    assert (found.title, found.authors, found.published_at, found.canonical_url) == (None, (), None, None)


def test_the_visible_headline_wins_where_the_page_names_it_elsewhere() -> None:
    search = '<meta property="og:title" content="Grid repairs: what you need to know">'
    body = "<h1>Grid repairs begin in Sumy</h1>"
    assert read(search + "<title>Grid repairs begin in Sumy | The Herald</title>", body).title == (
        "Grid repairs begin in Sumy"
    )
    assert read(search + "<title>The Herald</title>", body).title == "Grid repairs: what you need to know"


def test_every_title_of_the_page_is_known() -> None:
    found = read(
        '<meta property="og:title" content="One two three"><title>Four five six</title>', "<h1>Seven eight nine</h1>"
    )
    assert set(found.headlines) == {"One two three", "Four five six", "Seven eight nine"}
    assert read("<title>Short title</title>").headlines == ()


def test_a_day_in_the_visible_text_is_a_guess() -> None:
    found = read("", '<div class="date">Published on November 12, 2024</div>', url=None)
    assert found.published_at == datetime(2024, 11, 12, tzinfo=UTC)
    assert found.day_guessed
    assert not read('<meta property="article:published_time" content="2024-11-12">').day_guessed


def test_a_page_whose_dates_break_the_guesser_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_options: object) -> str:
        raise OverflowError

    monkeypatch.setattr(_moments, "find_date", broken)
    assert read("", url=None).published_at is None


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        ("Jane Doe Herald Staff Writer", ("Jane Doe",)),
        ("Jane Doe, Senior Reporter", ("Jane Doe",)),
        ("Jane Doe March 1", ("Jane Doe",)),
        ("Jane Doe and Politics", ("Jane Doe",)),
        ("Martin King, Jr.", ("Martin King, Jr.",)),
        ("Herald Staff", ()),
        ("Login", ()),
        ("Madonna", ("Madonna",)),
    ],
)
def test_authors_are_persons_without_their_roles(value: str, authors: tuple[str, ...]) -> None:
    assert read(f'<meta name="author" content="{value}">').authors == authors


def test_an_address_behind_an_author_is_no_part_of_the_name() -> None:
    page = '<h1>Council approves budget</h1><p class="author">By Tommy Culkin tculkin@news.example</p>'
    assert read("", page).authors == ("Tommy Culkin",)


@pytest.mark.parametrize(
    "mark",
    [
        '<abbr class="published" title="2026-04-18T07:45:00+07:00">7:45 AM</abbr>',
        '<span itemprop="datePublished" content="2026-04-18T07:45:00+07:00">Saturday</span>',
    ],
)
def test_reads_dates_in_microdata_and_hatom(mark: str) -> None:
    found = read("", mark)
    assert found.published_at == datetime(2026, 4, 18, 0, 45, tzinfo=UTC)
    assert not found.day_guessed


def test_the_title_is_the_part_that_the_page_shows() -> None:
    body = "<div>Brick makers face closure over new rules</div>"
    for title in (
        "Voice :: Brick makers face closure over new rules",
        "Brick makers face closure over new rules - Voice",
    ):
        assert read(f"<title>{title}</title>", body).title == "Brick makers face closure over new rules"


HEAD_WITH_ONE = '<title>A bridge in the fog</title><meta name="author" content="Jane Doe">'


def test_a_byline_with_all_declared_authors_and_more_is_the_fuller_list() -> None:
    found = read(HEAD_WITH_ONE, "<h1>A bridge in the fog</h1><p>By Jane Doe and John Roe</p>")
    assert found.authors == ("Jane Doe", "John Roe")


def test_a_byline_with_other_names_does_not_overrule_the_declared_author() -> None:
    found = read(HEAD_WITH_ONE, "<h1>A bridge in the fog</h1><p>By Ann Poe and John Roe</p>")
    assert found.authors == ("Jane Doe",)


def test_a_person_below_the_headline_comes_before_the_organisation_in_the_data() -> None:
    data = """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A bridge in the fog",
    "author": {"@type": "Organization", "name": "The Herald"}}</script>"""
    assert read(data, "<h1>A bridge in the fog</h1><p>By Jane Doe</p>").authors == ("Jane Doe",)
    assert read(data, "<h1>A bridge in the fog</h1>").authors == ("The Herald",)


def test_headings_below_the_first_paragraph_are_no_headlines_of_the_page() -> None:
    prose = "<p>The bridge over the river was closed on Monday after engineers found cracks in it.</p>"
    found = read("", f"<h1>A bridge in the fog</h1><h1>What the mayor said</h1>{prose}<h1>Three that agree now</h1>")
    assert found.headlines == ("A bridge in the fog", "What the mayor said")


def test_who_submitted_a_page_is_its_author() -> None:
    body = (
        "<h1>A bridge in the fog</h1><div>Submitted by <span>Désiré Mbeki</span> on <span>Wed, 05/06/2026</span></div>"
    )
    assert read("<title>A bridge in the fog</title>", body).authors == ("Désiré Mbeki",)


def test_a_recipe_says_when_it_was_published() -> None:
    data = '<script type="application/ld+json">{"@type": "Recipe", "datePublished": "2024-11-12T08:30:00Z"}</script>'
    assert read(data).published_at == datetime(2024, 11, 12, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("declared", "names"),
    [
        ("By JANE DOE - Associated Press", ("Jane Doe",)),
        ("Anne Roe-Poe – The Herald", ("Anne Roe-Poe",)),
        ("Halvorsen Marine ASA", ()),
        ("Incandescent Jane", ("Incandescent Jane",)),
    ],
)
def test_names_stand_without_their_outlet_and_companies_are_none(declared: str, names: tuple[str, ...]) -> None:
    assert author_names([declared], ()) == names


def linked(text: str) -> str:
    return f'<script type=\'application/ld+json\'>{{"@type": "NewsArticle", "headline": "H", {text}}}</script>'


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Fri Apr 28 19:20:36 CEST 2023", "2023-04-28T19:20:36+02:00"),
        ("2023-04-28 19:20 JST", "2023-04-28T19:20:00+09:00"),
        ("1682702436", "2023-04-28T17:20:36+00:00"),
        ("1682702436000", "2023-04-28T17:20:36+00:00"),
    ],
)
def test_zones_that_have_one_meaning_and_seconds_since_1970_are_read(written: str, moment: str) -> None:
    found = read(linked(f'"datePublished": "{written}"'))
    assert found.published_at == datetime.fromisoformat(moment)
    assert not found.zone_assumed


def test_a_time_without_a_zone_is_in_the_zone_of_the_pages_other_time() -> None:
    found = read(linked('"datePublished": "2026-05-13T15:44:00", "dateModified": "2026-05-13T15:50:29+02:00"'))
    assert found.published_at == datetime.fromisoformat("2026-05-13T15:44:00+02:00")
    assert not found.zone_assumed
    other = read(linked('"datePublished": "2026-05-13T15:44:00+02:00", "dateModified": "2026-05-13T15:50:29"'))
    assert other.modified_at == datetime.fromisoformat("2026-05-13T15:50:29+02:00")
    assert read(linked('"datePublished": "2026-05-13T15:44:00", "dateModified": "2026-05-13T15:50:29Z"')).zone_assumed


def test_an_article_that_was_saved_before_it_appeared_was_not_modified() -> None:
    found = read(linked('"datePublished": "2026-05-13T15:44:00Z", "dateModified": "2026-05-12T09:00:00Z"'))
    assert found.modified_at is None


@pytest.mark.parametrize(
    ("title", "url", "site"),
    [
        ("Storm nears the coast - The New York Times", "https://www.nytimes.com/a", "The New York Times"),
        ("Storm nears the coast | Sputnik International", "https://sputniknews.com/a", "Sputnik International"),
        ("Storm nears the coast - www.wday.ru", "http://www.wday.ru/a", "wday.ru"),
        ("Storm nears the coast - and what comes next", "https://herald.example/a", None),
        ("Storm nears the coast", "https://coast.example/a", None),
        ("Storm nears the coast - The Herald", None, None),
    ],
)
def test_the_end_of_a_title_names_the_site_if_the_host_is_called_so(
    title: str, url: str | None, site: str | None
) -> None:
    assert read(f"<title>{title}</title>", url=url).site_name == site


def test_a_name_that_is_the_host_in_small_letters_gives_way_to_the_publishers() -> None:
    publisher = linked('"publisher": {"@type": "Organization", "name": "The Detroit News"}')
    declared = "<meta property='og:site_name' content='detroitnews'>"
    assert read(publisher + declared, url="https://www.detroitnews.com/a").site_name == "The Detroit News"
    assert read(declared, url="https://www.detroitnews.com/a").site_name == "detroitnews"
    kept = "<meta property='og:site_name' content='taz'>"
    assert read(publisher + kept, url="https://herald.example/a").site_name == "taz"


def test_keywords_are_subjects_and_no_ids_hosts_or_halves_of_entities() -> None:
    words = (
        "Crime &amp;amp; Courts, 26157981-b4f7-4929-adc1-e860c6f03636, o.canada.com, @river, 1234567, 2020, &amp;quot;"
    )
    assert read(f"<meta name='keywords' content='{words}'>").keywords == ("Crime & Courts", "2020")


def test_a_section_stands_without_brackets() -> None:
    assert read("<meta property='article:section' content='[Defense]'>").section == "Defense"


def test_an_outlet_beside_persons_is_no_author_and_alone_it_is() -> None:
    site = "<meta property='og:site_name' content='Business Insider Deutschland'>"
    both = "<meta name='author' content='Tanza Loudenback, Business Insider'>"
    assert read(site + both).authors == ("Tanza Loudenback",)
    assert read(site + "<meta name='author' content='Business Insider'>").authors == ("Business Insider",)


def test_an_agency_in_small_letters_is_an_author() -> None:
    assert read(linked('"author": {"@type": "Person", "name": "dpa"}')).authors == ("dpa",)
    assert read(linked('"author": {"@type": "Person", "name": "kei_eno"}')).authors == ()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Finian Cunningham. Sputnik International", "Finian Cunningham"),
        ("George W. Bush", "George W. Bush"),
        ("Dr. Jane Doe", "Dr. Jane Doe"),
        ("Martin Luther King Jr. Smith", "Martin Luther King Jr. Smith"),
    ],
)
def test_an_outlet_behind_a_full_stop_is_no_part_of_a_name(written: str, name: str) -> None:
    assert author_names([written], ()) == (name,)
