"""Who wrote a page and when, read below its headline: bylines and times that no metadata repeats.

Only what stands between the headline and the first paragraph is looked at. Elsewhere a page names authors and times of
other articles.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from tasks.clean._calendar import read_day
from tasks.clean._foreign_byline import foreign_byline, labelled_names
from tasks.clean._kicker import read_kicker, read_lead, read_subhead
from tasks.clean._layout import text_key
from tasks.clean._views import is_prose

_HEADINGS = ("h1", "h2", "h3")
_REACH = 150
"""Elements. On the development pages the byline is within 60 of the headline; some have share bars between them."""
_MAX_INSIDE = 30
_MAX_PARAGRAPHS = 2
"""The first one may be a caption."""
_MAX_HEADINGS = 40
_LINES = ("b", "strong", "font", "div", "span", "p", "td")
_MAX_LINES = 2_000
_KEY_ROOM = 3
"""Characters of a line for each letter of its key: blanks and punctuation."""
_NAME_CHARS = 120
_DATE_CHARS = 80
_AUTHOR = re.compile(
    r"(?<![\w-])(?:byline|by-line|author|writer|autor|autore|auteur|autoria|firma|signature|muhabir|yazar|entry-author|article-author|post-author)(?:[-_]{1,2}name)?(?![\w-])"
)
_AUTHOR_PAGE = re.compile(r"/(?:author|authors|staff|profile|journalists?|people|by)/[^/]")
_PLAIN = frozenset(["p", "div", "span", "address", "h4", "h5", "li", "em", "font"])
_DATE = re.compile(r"date|publish|posted|time-?stamp|(?<![\w-])time(?![\w-])")
_SAYS_BY = re.compile(
    r"^(?:(?:story|written|posted|submitted|words|article|interview(?:ed)?|reviewed|(?:photographs|pictures|words)\sand\s\w+)\s)?by[:\s]\s*(?=\S)",
    re.IGNORECASE,
)
_SECTION = re.compile(r"\s(?:in|on)\s[A-Z].*$")
"""What stands behind the name: "in Politics", "on Monday"."""
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_MEDIUM = re.compile(r"^.{0,40}?\s[-–—|•·]\s+by\s+(?=\S)", re.IGNORECASE)
"""A date before the name: "Mon, 6/3/2019 - by Jane Doe"."""


@dataclass(frozen=True, slots=True)
class Byline:
    """What stands around the headline.

    ``names`` are as they are written there, once for each kind of evidence, the surest first: links to authors'
    pages, what follows "By", elements that are called bylines. ``said`` is the second kind alone. ``dates`` are to be
    parsed; ``stamps`` are days in lines that nothing marks as dates.
    """

    names: tuple[tuple[str, ...], ...] = ()
    said: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ()
    kicker: str | None = None
    subhead: str | None = None
    lead: str | None = None


def _text(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _first_line(element: HtmlElement) -> str:
    """The text before the first line break."""
    cut = next(element.iter("br"), None)
    if cut is None:
        return _text(element)
    pieces: list[str] = []
    for event, inner in iterwalk(element, events=("start", "end")):
        if inner is cut:
            break
        pieces.append((inner.text if event == "start" else inner.tail if inner is not element else "") or "")
    return " ".join("".join(pieces).split())


def _is_small(element: HtmlElement) -> bool:
    """Whether it can be a byline by its size: a container of the whole story is looked into, not at."""
    return next(islice(element.iter(), _MAX_INSIDE, None), None) is None


def find_line(tree: HtmlElement, keys: Collection[str]) -> HtmlElement | None:
    """The first element whose text has one of these keys; it may be one that says of itself to be no heading."""
    if not keys:
        return None
    most = max(map(len, keys)) * _KEY_ROOM
    for element in islice(tree.iter(*_LINES), _MAX_LINES):
        text = (element.text or "").strip() or next(iter(element.itertext()), "")
        if len(text) <= most and text_key(text) in keys and text_key(element.text_content()[: most + 1]) in keys:
            return element
    return None


def _headline(tree: HtmlElement, titles: Sequence[str]) -> HtmlElement | None:
    """The heading that repeats a title of the page, else its first ``h1``, else another line that repeats one."""
    keys = {key for key in map(text_key, titles) if key}
    headings = list(islice(tree.iter(*_HEADINGS), _MAX_HEADINGS))
    for heading in headings:
        key = text_key(heading.text_content())
        if key and (key in keys or any(title.startswith(key) for title in keys if len(key) * 2 > len(title))):
            return heading
    first = next((heading for heading in headings if heading.tag == "h1"), None)
    return find_line(tree, keys) if first is None else first


def _below(element: HtmlElement) -> Iterator[HtmlElement]:
    """The elements behind one, in the order of the page."""
    for around in (element, *element.iterancestors()):
        for sibling in around.itersiblings():
            yield from (inner for inner in sibling.iter() if isinstance(inner.tag, str))


def _is_author_link(element: HtmlElement) -> bool:
    if element.tag != "a":
        return False
    return (
        "author" in (element.get("rel") or "").lower().split()
        or _AUTHOR_PAGE.search(element.get("href") or "") is not None
    )


def _is_marked(element: HtmlElement) -> bool:
    """Whether an element says of itself that it holds an author's name."""
    return _AUTHOR.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()) is not None


def _said(element: HtmlElement, text: str) -> str | None:
    """The name in a short text of its own that begins with "By"."""
    if element.tag not in _PLAIN:
        return None
    match = _SAYS_BY.match(text) or _MEDIUM.match(text)
    if match is None:
        return "; ".join(foreign_byline(text) or labelled_names(text)) or None
    return _SECTION.sub("", text[match.end() :])


def _dates_in(element: HtmlElement, text: str) -> Iterable[str]:
    if element.tag == "time":
        return filter(None, (element.get("datetime"), text))
    if not _DATE.search(
        f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('id') or ''}".lower()
    ):
        return ()
    text = element.get("content") or element.get("datetime") or text
    return (text,) if len(text) <= _DATE_CHARS and _YEAR.search(text) else ()


def read_byline(tree: HtmlElement, titles: Sequence[str], descriptions: Sequence[str] = ()) -> Byline:
    """Read what stands between the headline and the first paragraph.

    Args:
        tree: The page.
        titles: The titles that the page gives itself; one of its headings repeats one of them.
        descriptions: How the page's data describes it: readers may see that below the headline.
    """
    headline = _headline(tree, titles)
    if headline is None:
        return Byline()
    linked: list[str] = []
    marked: list[str] = []
    said: list[str] = []
    dates: list[str] = []
    stamps: list[str] = []
    paragraphs = 0
    for element in islice(_below(headline), _REACH):
        if not _is_small(element):
            continue
        text = _text(element)
        paragraphs += element.tag == "p" and is_prose(text)
        if paragraphs == _MAX_PARAGRAPHS:
            break
        if len(text) <= _NAME_CHARS:
            linked += [text] if _is_author_link(element) else []
            marked += [text] if _is_marked(element) else []
            said += filter(None, [_said(element, _first_line(element))])
        dates += _dates_in(element, text)
        if len(text) <= _NAME_CHARS and _YEAR.search(text) and (day := read_day(text)):
            stamps.append(day)
    candidates = (tuple(dict.fromkeys(names)) for names in (linked, said, marked) if names)
    kicker, subhead = read_kicker(headline), read_subhead(headline, _below(headline))
    return Byline(
        tuple(candidates),
        tuple(dict.fromkeys(said)),
        tuple(dict.fromkeys(dates)),
        tuple(stamps[:1]),
        kicker,
        subhead,
        read_lead(_below(headline), set(map(text_key, descriptions)) - {""}),
    )
