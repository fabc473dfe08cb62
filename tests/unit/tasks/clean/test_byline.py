import pytest
from lxml.html import HtmlElement, document_fromstring

from tasks.clean._byline import read_byline
from tasks.clean._metadata import read_metadata

TITLE = "Bridge over the river closed after inspection"
STORY = (
    "<p>The bridge over the river was closed on Monday after engineers found cracks in two of its pillars, the city "
    "said, and nobody could say when it would open again.</p>"
)


def page(between: str, *, above: str = "", below: str = "") -> HtmlElement:
    return document_fromstring(f"<html><body>{above}<h1>{TITLE}</h1>{between}{STORY}{STORY}{below}</body></html>")


@pytest.mark.parametrize(
    "between",
    [
        "<p>By <a href='/author/jane-doe'>Jane Doe</a>, staff writer</p>",
        "<span class='byline'>By Jane Doe</span>",
        "<span itemprop='author'><span itemprop='name'>Jane Doe</span></span>",
        "<div>Mon, 6/3/2019 - by <span>Jane Doe</span></div>",
        "<div>By Jane Doe<br>The Daily Mail</div>",
        "<p>Posted by: Jane Doe in Politics</p>",
        "<a rel='author' href='/x'>Jane Doe</a><span>12 comments</span>",
    ],
)
def test_names_the_author_below_the_headline(between: str) -> None:
    assert read_metadata(page(between), None).authors == ("Jane Doe",)


def test_links_to_authors_pages_come_before_what_is_called_a_byline() -> None:
    found = read_byline(page("<p class='byline'>Our team <a href='/author/jd'>Jane Doe</a></p>"), [TITLE])
    assert found.names[0] == ("Jane Doe",)


def test_names_below_the_story_are_not_its_authors() -> None:
    assert read_byline(page("", below="<p>By John Roe</p>"), [TITLE]).names == ()


def test_the_headline_is_the_heading_that_repeats_the_title() -> None:
    above = "<h2>Other news</h2><p>By John Roe</p>"
    assert read_byline(page("<p>By Jane Doe</p>", above=above), [TITLE]).names == (("Jane Doe",),)


def test_a_page_without_a_headline_has_no_byline() -> None:
    assert read_byline(document_fromstring("<p>By Jane Doe</p>"), [TITLE]).names == ()


def test_reads_the_time_below_the_headline_before_another_one_on_the_page() -> None:
    tree = page(
        "<time datetime='2016-11-06T20:33:59+00:00'>November 6</time>", above="<time datetime='2013-01-01'>x</time>"
    )
    found = read_metadata(tree, None).published_at
    assert found is not None
    assert found.isoformat() == "2016-11-06T20:33:59+00:00"


def test_reads_a_day_that_is_only_written_there() -> None:
    found = read_metadata(page("<span class='entry-date'>Jun 19, 2018</span>"), None).published_at
    assert found is not None
    assert found.date().isoformat() == "2018-06-19"


def test_an_author_that_json_ld_only_refers_to_is_looked_up() -> None:
    data = """{"@graph": [{"@type": "NewsArticle", "headline": "x", "author": {"@id": "#p"}},
               {"@type": "Person", "@id": "#p", "name": "Frank Gaffney, Jr."}]}"""
    tree = page("", above=f'<script type="application/ld+json">{data}</script>')
    assert read_metadata(tree, None).authors == ("Frank Gaffney, Jr.",)


def test_one_meta_element_may_say_its_name_in_two_ways() -> None:
    meta = '<meta property="article:published" itemprop="datePublished" content="2018-12-21T02:40:26Z">'
    found = read_metadata(page("", above=meta), None).published_at
    assert found is not None
    assert found.isoformat() == "2018-12-21T02:40:26+00:00"


def test_an_outlet_beside_a_person_is_no_author() -> None:
    assert read_metadata(page("<p>By Jane Doe, Columbian Post</p>"), None).authors == ("Jane Doe",)


def test_markup_in_a_declared_title_is_no_part_of_it() -> None:
    tree = document_fromstring(
        '<head><meta property="og:title" content="A <i>long</i> wait"></head><body><p>x</p></body>'
    )
    assert read_metadata(tree, None).title == "A long wait"
