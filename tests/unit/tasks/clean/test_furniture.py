# ruff: noqa: E501 - markup stays on one line
"""What a block's links say of it, whatever its words are."""

import pytest
from lxml.html import fragment_fromstring

from tasks.clean._furniture import host_of, is_furniture, lists_stories

HOST = "tiszainaplo.example"


@pytest.mark.parametrize(
    "block",
    [
        '<p><a href="https://www.facebook.com/sharer.php?u=x">Megosztom</a></p>',
        '<p><a href="https://t.me/share/url?url=x">تلگرام</a> <a href="https://wa.me/?text=x">واتساپ</a></p>',
        '<p>Xyz <a href="https://www.facebook.com/tiszainaplo">qwer</a> abc!</p>',
        '<p><a href="https://whatsapp.com/channel/0029">להצטרפות</a></p>',
        '<p><a href="/cimke/szolnok">Szolnok</a>, <a href="/cimke/galamb">galamb</a></p>',
        '<p>Olvasta már? <a href="/belfold/komp">Újra jár a tiszaugi komp</a></p>',
        '<p><a href="https://tiszainaplo.example/a"><b>Ovce na pisti odgodile let</b></a></p>',
    ],
)
def test_links_tell_furniture(block: str) -> None:
    assert is_furniture(fragment_fromstring(block), HOST)


@pytest.mark.parametrize(
    "block",
    [
        "<p>No link at all.</p>",
        '<p>He wrote on <a href="https://x.com/tiszainaplo/status/1">X</a> that it was over.</p>',
        '<li><a href="/one">A list of links may be the story</a></li>',
        '<p><a href="https://other.example/x">Another site has the whole report</a></p>',
        '<p>The mayor, who has <a href="/a">promised a new bridge since spring</a>, said nothing.</p>',
        '<p>Tickets: <a href="/t">at the door</a></p>',
        '<p><a href="http://[bad">An address that cannot be read here</a></p>',
    ],
)
def test_links_of_the_story_stay(block: str) -> None:
    assert not is_furniture(fragment_fromstring(block), HOST)


def test_an_address_that_is_none_has_no_host() -> None:
    assert host_of("http://[bad") == host_of(None) == ""
    assert host_of("https://www.tiszainaplo.example/a") == HOST


@pytest.mark.parametrize(
    "listed",
    [
        "<ul><li><a href='/a/1'>Storm leaves the island without power</a></li><li><a href='/a/2'>Mayor opens the bridge in spring</a></li></ul>",
        "<ul><li>Sleep: <a href='/a/1'>Only this method helps most people</a></li><li>Health: <a href='/a/2'>When gaps of memory are a sign</a></li></ul>",
        "<ul><li><a href='https://news.herald.example/1'><b>F1</b> The duel of the two great teams</a></li><li><a href='/2'>An old problem that cost him power</a></li></ul>",
    ],
)  # fmt: skip
def test_a_list_of_headlines_of_the_site_is_of_other_stories(listed: str) -> None:
    assert lists_stories(fragment_fromstring(listed), "herald.example")


@pytest.mark.parametrize(
    "listed",
    [
        "<ul><li><a href='/a/1'>Storm leaves the island without power</a></li></ul>",
        "<ul><li><a href='/a/1'>Storm leaves the island without power</a></li><li>Bring warm clothes and water</li></ul>",
        "<ul><li><a href='/a/1'>Storm leaves the island without power</a>, as the governor said on Monday</li><li><a href='/2'>An old problem that cost power</a></li></ul>",
        "<ul><li><a href='https://other.example/1'>A study of storms and islands</a></li><li><a href='https://third.example/2'>A report about all the bridges</a></li></ul>",
        "<ul><li><a href='#one'>What the new rule says exactly</a></li><li><a href='#two'>Who has to follow the rule</a></li></ul>",
        "<ul><li><a href='/towns/a'>Huntsville</a></li><li><a href='/towns/b'>Flagstaff</a></li></ul>",
        "<ul><li><a href='/a/1'>The storm left the island without power.</a></li><li><a href='/a/2'>The mayor opened the bridge in spring.</a></li></ul>",
    ],
)  # fmt: skip
def test_a_list_that_is_more_or_leads_elsewhere_is_the_storys(listed: str) -> None:
    assert not lists_stories(fragment_fromstring(listed), "herald.example")
