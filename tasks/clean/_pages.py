"""From HTML to main text and metadata: trafilatura behind a guard, with a plain fallback that cannot hang.

What may be costly is read in a child process; `tasks.clean._guarded` decides on that before a page comes here.
"""

import logging
from collections.abc import Callable, Sequence

from lxml.etree import ElementDefaultClassLookup
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction, load_html
from trafilatura.utils import HTML_PARSER

from tasks.clean._embedded import FEW_WORDS, read_embedded
from tasks.clean._furniture import host_of
from tasks.clean._layout import arrange, read_leaves, short_lines_below, text_key
from tasks.clean._metadata import read_metadata
from tasks.clean._page import Metadata, Page
from tasks.clean._plain_layout import plain_layout
from tasks.clean._prescan import Danger, Scan, scan
from tasks.clean._recovery import (
    PARAGRAPH_CHARS,
    Block,
    lost_beside,
    lost_within,
    merge,
    parted,
    read_blocks,
    with_rest,
)
from tasks.clean._strip import find_title, strip_tags
from tasks.clean._views import count_words

for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)
"""They warn on every page that has no article; that is an answer here (``boilerplate_only``), not an event."""

_ONE_CLASS = ElementDefaultClassLookup(element=HtmlElement)
"""lxml.html asks a function in Python for the class of each element that is touched, ten thousand times a page, since
forms and their inputs have classes of their own. Nobody here fills in forms: a tenth of the time of a page."""
HTML_PARSER.set_element_class_lookup(_ONE_CLASS)

Extractor = Callable[[str, str | None], Page]
"""Turns a page and its address into text and metadata; may raise anything."""

_ALARM_SHARE = 0.7
"""The precise mode is distrusted below this share of the words in the page's plain paragraphs."""
_ALARM_WORDS = 100
_ALARM_LOST = 20
"""... and where as many words are lost beside paragraphs that it found. Together these fire on every sixth news page;
a share of .9 alone fires on every third for the same F1 on the development pages."""
_STORY_WORDS = 220
_OTHERS = 3
"""Where the precise mode has a story and nothing is lost beside it, three times as much is not its rest but other
stories: pages that go on with the next one. Two development pages decide this, both from .2 and .4 to .8 and more."""
_SHOWN_SHARE = 0.5
"""Of the words of a story in the page's data; where the page shows less, a browser fills it."""
_LINKED_DATA = "application/ld+json"
_LOST_WORDS = 10
"""From here on the generous mode is asked as well: on every ninth news page, on every fourth of a blog."""


def _tree(html: str) -> HtmlElement:
    """The page as a tree. A fragment without ``<html>``, which trafilatura refuses, is one too: scrapers send them."""
    tree = load_html(html)
    if tree is None:
        parser = HTMLParser(encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True)
        tree = document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    return tree


def _without_silent(tree: HtmlElement) -> None:
    """Take out what holds no text for any mode of the extractor, which copies the tree nine times."""
    for element in list(tree.iter("script", "style", "svg")):
        if element.get("type") != _LINKED_DATA:
            element.drop_tree()


def _main_text(tree: HtmlElement, *, precise: bool = False, generous: bool = False) -> str:
    found = bare_extraction(tree, include_comments=False, favor_precision=precise, favor_recall=generous)
    text = getattr(found, "text", None)
    return text if isinstance(text, str) else ""


def _first_text(tree: HtmlElement, blocks: Sequence[Block]) -> str:
    """The precise mode's text, or the default mode's where that one finds too little.

    Where both find nothing, the page's plain paragraphs are the text.
    """
    paragraphs = [block for block in blocks if block.is_paragraph and len(block.text) > PARAGRAPH_CHARS]
    text = _main_text(tree, precise=True)
    words, beside = count_words(text), lost_beside(text, blocks)
    short = words < _ALARM_WORDS or words < _ALARM_SHARE * sum(block.words for block in paragraphs)
    if not short and beside < _ALARM_LOST:
        return text
    wide = _main_text(tree) or text or "\n".join(block.text for block in paragraphs)
    is_whole = words >= _STORY_WORDS and not beside
    return text if is_whole and count_words(wide) > _OTHERS * words else parted(wide, blocks)


def extract(html: str, url: str | None) -> Page:
    """Extract with trafilatura, and recover what it lost between and after the paragraphs that it found."""
    tree = _tree(html)
    plain_layout(tree)
    blocks = read_blocks(tree)
    is_empty = sum(block.words for block in blocks) < FEW_WORDS
    embedded = read_embedded(tree) if is_empty else None
    metadata = read_metadata(tree, url, embedded.fields if embedded else {})
    _without_silent(tree)
    text = _first_text(tree, blocks)
    if embedded and (len(text.split()) < _SHOWN_SHARE * embedded.words or text_key(text) == text_key(embedded.text)):
        return Page(embedded.text, metadata)
    if lost_within(text, blocks) >= _LOST_WORDS:
        text = merge(text, _main_text(tree, generous=True))
    leaves = read_leaves(tree)
    text = arrange(with_rest(text, blocks), leaves, host_of(url))
    return Page(text, metadata, below=short_lines_below(text, leaves))


def _strip(html: str) -> Page:
    text, shortened = strip_tags(html)
    return Page(text, Metadata(title=find_title(html)), degraded=True, shortened=shortened)


def _lost_by_depth(found: Scan, page: Page) -> bool:
    return found.is_deep and not page.text


def read_page(html: str, url: str | None = None, *, extractor: Extractor = extract, found: Scan | None = None) -> Page:
    """Read a page. Never raises: what the extractor cannot take is read by the tag stripper and marked ``degraded``.

    Args:
        html: The page.
        url: Where it was fetched from.
        extractor: Reads a page that looks harmless.
        found: What a scan of the page found, where one was done already.
    """
    found = found or scan(html)
    if found.danger is Danger.BINARY:
        return Page("", degraded=True)
    if found.danger is not None:
        return _strip(html)
    try:
        page = extractor(html, url)
    except Exception:  # noqa: BLE001 - libraries raise anything on hostile pages; the text is still there
        return _strip(html)
    return _strip(html) if _lost_by_depth(found, page) else page
