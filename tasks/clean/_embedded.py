"""Stories that a page holds as data only: pages that a browser builds from JSON when they are opened.

Their HTML has a spinner and no article. The story is in a script: the ``articleBody`` of JSON-LD, or the state of a
framework (Next.js, Nuxt and their like) with the body as HTML, as text, or as a list of blocks. This is asked only
where the page's own paragraphs hold next to nothing, since ``articleBody`` is often cut short (measurements F3).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lxml.html import HtmlElement, fragment_fromstring

from tasks.clean._linked_data import Fields, nodes

FEW_WORDS: Final = 40
"""In paragraphs and list items: a page with less may be one that a browser fills."""
_MIN_WORDS = 60
_MAX_JSON_CHARS = 2_000_000
_MAX_NODES = 20_000
_MAX_TAGS = 5_000
_TYPES = frozenset({"application/ld+json", "application/json"})
_BODIES = frozenset({
    "articlebody", "body", "bodyhtml", "bodytext", "content", "contenthtml", "html", "maintext", "story", "storybody",
    "text", "fulltext", "blocks", "paragraphs", "components", "elements", "contentelements",
})  # fmt: skip
_PIECES = ("text", "content", "html", "value", "body", "data", "model")
"""What a block of a body calls its words; the first that is there is taken."""
_PUBLISHED = (
    "datepublished",
    "publishedat",
    "publisheddate",
    "publishdate",
    "firstpublished",
    "pubdate",
    "displaydate",
)
_AUTHORS = ("author", "authors", "byline", "bylines", "contributors", "creator")
_BLOCKS = frozenset(["p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "br", "tr", "section"])
_SILENT = frozenset(["script", "style", "noscript", "iframe", "figure", "aside", "form"])


@dataclass(frozen=True, slots=True)
class Embedded:
    """A story found in a page's data: a line for each block, and who wrote it and when, as JSON-LD says it."""

    text: str
    fields: Fields = field(default_factory=dict)

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())


def read_embedded(tree: HtmlElement) -> Embedded | None:
    """The longest story in the page's data, if there is one."""
    found = [story for parsed in _documents(tree) for story in _stories(parsed)]
    best = max(found, key=lambda story: story.words, default=None)
    return best if best is not None and best.words >= _MIN_WORDS else None


def _documents(tree: HtmlElement) -> Iterator[Any]:
    for script in tree.iter("script"):
        raw = script.text or ""
        if (script.get("type") or "").lower() not in _TYPES or len(raw) > _MAX_JSON_CHARS:
            continue
        try:
            yield json.loads(raw, strict=False)
        except (ValueError, RecursionError):
            continue


def _stories(parsed: Any) -> Iterator[Embedded]:
    for node in nodes(parsed, _MAX_NODES):
        for key, value in node.items():
            if _plain_key(key) in _BODIES and isinstance(value, str | list):
                text = "\n".join(_lines(value))
                if text:
                    yield Embedded(text, _fields(node))


def _plain_key(key: str) -> str:
    return key.replace("_", "").replace("-", "").lower()


def _lines(value: str | Sequence[Any]) -> Iterator[str]:
    """The lines of a body: of HTML, of a text, or of a list of blocks."""
    if isinstance(value, str):
        yield from _html_lines(value) if "</" in value or "<br" in value else _text_lines(value)
        return
    for block in value:
        piece = block if isinstance(block, str) else _piece(block)
        if piece:
            yield from _lines(piece)


def _piece(block: Any) -> str | None:
    if not isinstance(block, Mapping):
        return None
    found = (block.get(name) for name in _PIECES)
    return next((one for one in found if isinstance(one, str) and " " in one), None)


def _text_lines(text: str) -> Iterable[str]:
    return filter(None, (" ".join(line.split()) for line in text.splitlines()))


def _html_lines(html: str) -> Iterable[str]:
    if html.count("<") > _MAX_TAGS:
        return ()
    try:
        root = fragment_fromstring(html, create_parent="div")
    except (ValueError, AssertionError):
        return ()
    return _text_lines("".join(_words(root)))


def _words(root: HtmlElement) -> Iterator[str]:
    """The text of a tree with a line break around each block, without recursion."""
    stack: list[tuple[HtmlElement, bool]] = [(root, False)]
    while stack:
        element, is_done = stack.pop()
        is_block = element.tag in _BLOCKS
        if is_done:
            yield "\n" if is_block else ""
            yield element.tail or ""
            continue
        stack.append((element, True))
        if isinstance(element.tag, str) and element.tag not in _SILENT:
            yield "\n" if is_block else ""
            yield (element.text or "").replace("\n", " ")
            stack += [(child, False) for child in reversed(element)]


def _fields(node: Fields) -> Fields:
    """Who wrote the story and when, as its own object says it, under the names of JSON-LD."""
    known = {_plain_key(key): value for key, value in node.items()}
    first = {
        "datePublished": next((known[key] for key in _PUBLISHED if known.get(key)), None),
        "author": next((known[key] for key in _AUTHORS if known.get(key)), None),
    }
    return {name: value for name, value in first.items() if isinstance(value, str | list | dict)}
