"""Elements that say what they are not, put right in the tree before anything reads it.

Old pages are laid out in tables: what extractors take for rows of data is the page. Live blogs print each entry as an
``article`` of its own: what extractors take for the next story is the same one going on.
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from lxml.etree import XPath
from lxml.html import HtmlElement

_LAYOUT_WORDS: Final = 100
"""In one cell: what tables of data hold is shorter."""
_OF_TABLES = frozenset(["table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption"])
_MAX_TABLES = 200
_LIVE_TYPE = "LiveBlogPosting"
_LIVE = XPath(
    f"boolean(//script[@type='application/ld+json'][contains(., '{_LIVE_TYPE}')]"
    f" | //*[contains(@itemtype, '{_LIVE_TYPE}')])"
)
_MIN_ENTRIES = 2


def plain_layout(tree: HtmlElement) -> None:
    """Make plain containers of the tables that lay a page out, and of the entries of a live blog; changes the tree."""
    for table in list(islice(tree.iter("table"), _MAX_TABLES)):
        if _lays_out(table):
            _make_plain(table)
    if _LIVE(tree):
        _join_entries(tree)


def _lays_out(table: HtmlElement) -> bool:
    """Whether a table holds another one, or as many words in one cell as only a story has."""
    if next(islice(table.iter("table"), 1, None), None) is not None:
        return True
    return any(cell.text_content().count(" ") > _LAYOUT_WORDS for cell in table.iter("td"))


def _make_plain(table: HtmlElement) -> None:
    """The table and its own rows and cells, not those of tables inside it."""
    pending = [table]
    while pending:
        element = pending.pop()
        pending += [child for child in element if child.tag in _OF_TABLES - {"table"}]
        element.tag = "div"


def _join_entries(tree: HtmlElement) -> None:
    """Entries that stand side by side are parts of one article."""
    for parent in list({entry.getparent() for entry in tree.iter("article")} - {None}):
        entries = [child for child in parent if child.tag == "article"]
        if len(entries) >= _MIN_ENTRIES:
            parent.tag = parent.tag if parent.tag in ("body", "main", "article") else "article"
            for entry in entries:
                entry.tag = "div"
                for head in entry.iterfind(".//header"):
                    head.tag = "div"
