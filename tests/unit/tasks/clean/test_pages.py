import time
from collections.abc import Callable

import pytest

from tasks.clean._page import Metadata, Page
from tasks.clean._pages import read_page
from tasks.clean._prescan import Danger, depth, is_binary, scan
from tasks.clean._strip import MAX_CHARS, find_title, strip_tags

WORDS = [
    "governor",
    "crews",
    "repairs",
    "power",
    "grid",
    "Monday",
    "heating",
    "station",
    "network",
    "engineers",
    "officials",
    "district",
    "school",
]


def paragraph(seed: int) -> str:
    said = " the ".join(WORDS[(seed * 7 + step * 3) % len(WORDS)] for step in range(16))
    return f"<p>The governor said {said}, and that help was on its way with number {seed}.</p>\n"


PARAGRAPHS = "".join(map(paragraph, range(8)))
KEPT = "help was on its way with number 3"
HEAD = f"<html><head><title>T</title></head><body><article><h1>Headline here</h1>{PARAGRAPHS}"
FOOT = "</article></body></html>"

FLAGGED: dict[str, tuple[Danger, Callable[[], str]]] = {
    "deep_divs": (Danger.DEPTH, lambda: "<div>" * 3_000 + PARAGRAPHS + "</div>" * 3_000),
    "nested_tables": (Danger.DEPTH, lambda: "<table><tr><td>" * 3_000 + PARAGRAPHS),
    "unclosed_formatting": (Danger.TAGS, lambda: HEAD + "<b>" * 70_000 + "x" + FOOT),
    "attribute_flood": (
        Danger.ATTRIBUTES,
        lambda: "<div " + " ".join(f'a{n}="1"' for n in range(50_000)) + f">{PARAGRAPHS}</div>",
    ),
    "bare_brackets": (Danger.TAGS, lambda: PARAGRAPHS + "<" * 100_000),
    "open_comments": (Danger.TAGS, lambda: HEAD + "<!--" * 70_000 + FOOT),
    "many_links": (
        Danger.TAGS,
        lambda: "".join(f'<li><a href="/{n}">Link {n}</a></li>' for n in range(16_000)) + PARAGRAPHS,
    ),
    "too_large": (Danger.SIZE, lambda: PARAGRAPHS + "word " * 1_000_001),
}
BEARABLE: dict[str, Callable[[], str]] = {
    "blank_flood": lambda: f"{HEAD}<p>{' ' * 200_000}x</p>{FOOT}",
    "entity_flood": lambda: f"{HEAD}<p>{'&#' * 50_000}</p>{FOOT}",
    "billion_laughs": lambda: (
        '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(f'<!ENTITY a{n} "&a;&a;">' for n in range(9)) + f"]>{HEAD}&a8;{FOOT}"
    ),
    "json_ld_deep": lambda: f'<script type="application/ld+json">{"[" * 100_000}{"]" * 100_000}</script>{HEAD}{FOOT}',
    "date_flood": lambda: f"{HEAD}<p>{'2024-13-45 12/31/2024 31.12.2024 ' * 10_000}</p>{FOOT}",
    "long_title": lambda: f"<title>{'| a - b » ' * 50_000}</title>{HEAD}{FOOT}",
    "long_author": lambda: f'<meta name="author" content="{"By " * 50_000}">{HEAD}{FOOT}',
    "zalgo": lambda: f"{HEAD}<p>{('a' + chr(0x301) * 1_000 + ' ') * 50}</p>{FOOT}",
    "control_characters": lambda: (HEAD + FOOT).replace("power", "po\x01wer"),
    "broken_references": lambda: f"{HEAD}<p>&#xD800; &#x110000; &#0; &#x1F600;</p>{FOOT}",
    "unclosed_scripts": lambda: HEAD + FOOT + "<script>var a = 1;" * 5_000,
}


@pytest.mark.parametrize("name", FLAGGED)
def test_a_hostile_page_is_flagged_and_its_text_kept_by_the_stripper(name: str) -> None:
    danger, build = FLAGGED[name]
    html = build()
    began = time.process_time()
    assert scan(html).danger is danger
    page = read_page(html)
    assert page.degraded
    assert KEPT in page.text
    assert time.process_time() - began < 5


@pytest.mark.parametrize("name", BEARABLE)
def test_an_odd_page_that_parsers_can_bear_keeps_its_article(name: str) -> None:
    began = time.process_time()
    page = read_page(BEARABLE[name]())
    assert not page.degraded
    assert KEPT in page.text
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "data", ["\x89PNG\r\n\x1a\n", "%PDF-1.7\n", "PK\x03\x04", "a\x01\x02" * 100, "\ufffd" * 50 + "x" * 100]
)
def test_binary_data_is_recognised_and_gives_no_text(data: str) -> None:
    assert is_binary(data)
    assert read_page(data) == Page("", degraded=True)


def test_text_with_a_stray_control_character_is_not_binary() -> None:
    assert not is_binary("")
    assert not is_binary("The bridge\x01 is closed. " + "It opens on Monday. " * 10)


def test_void_and_unclosed_elements_add_no_depth() -> None:
    assert depth("<br><img><p>a<p>b<li>c" * 500) == 0
    assert depth("<div><span></span></div></div><b>") == 2


def test_scripts_and_quoted_drawings_are_no_attribute_flood() -> None:
    script = "<script>" + "if (a<b && c ) { d } " * 3_000 + "</SCRIPT>"
    drawing = f'<path d="{"M1 2 " * 3_000}">'
    assert scan(f"<html>{script}{drawing}<p>x</p></html>").danger is None
    assert scan("<style>" + " a b c" * 3_000).danger is None


def test_an_extractor_that_raises_is_replaced_by_the_stripper() -> None:
    def broken(_html: str, _url: str | None) -> Page:
        raise MemoryError

    page = read_page(HEAD + FOOT, extractor=broken)
    assert page.degraded
    assert KEPT in page.text
    assert page.metadata.title == "T"


def test_what_lxml_lost_by_depth_is_read_by_the_stripper() -> None:
    html = "<div>" * 600 + PARAGRAPHS + "</div>" * 600
    page = read_page(html, extractor=lambda _html, _url: Page("", Metadata()))
    assert page.degraded
    assert KEPT in page.text


def test_a_shallow_page_without_an_article_stays_empty() -> None:
    assert read_page("<html><body><nav>Home</nav></body></html>").text.strip() in ("", "Home")


def test_the_stripper_keeps_blocks_apart_and_hides_what_readers_do_not_see() -> None:
    html = (
        "<head><title>T</title></head><p>a <b>b</b></p><SCRIPT>x<y</SCRIPT>"
        "<div>c &amp; d<br>e<!-- f --></div>1 < 2<?x?>"
    )
    assert strip_tags(html) == ("a b\nc & d\ne\n1 < 2", False)


def test_the_stripper_reads_on_after_markup_that_never_ends() -> None:
    assert strip_tags("<style>a <p>b <!-- c <div d") == ("a\nb c d", False)


def test_the_stripper_is_bounded_in_length() -> None:
    text, shortened = strip_tags("word " * 300_000)
    assert len(text) <= MAX_CHARS
    assert shortened


def test_the_stripper_finds_a_plain_title() -> None:
    assert find_title("<title lang='en'> A &amp; B </title>") == "A & B"
    assert find_title("<title></title>") is None
    assert find_title("<p>none</p>") is None


def test_the_joiners_of_persian_are_kept() -> None:
    paragraph = "نانوا هر روز صبح برای گنجشک‌ها ده نان کوچک می‌پزد و روی لبه دیوار می‌گذارد، همسایه‌ها می‌گویند."
    html = f"<html><body><article><h1>نان</h1><p>{paragraph}</p><p>{paragraph[:60]}</p></article></body></html>"
    assert paragraph in read_page(html).text


def test_drawings_and_scripts_within_a_sentence_do_not_part_it() -> None:
    drawing = '<svg viewBox="0 0 8 8"><title>outside link</title><path d="M0 0"/></svg><script>let a = 1;</script>'
    link = f'<a href="/sumy">Sumy {drawing}</a>'
    inside = f"<p>The grid of {link} was repaired on Monday, the governor of the region said.</p>"
    text = read_page(HEAD + inside + PARAGRAPHS + FOOT, "https://example.org/a").text
    assert "The grid of Sumy was repaired on Monday, the governor of the region said." in text
    assert "outside link" not in text
    assert "let a" not in text
