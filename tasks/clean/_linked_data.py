"""JSON-LD: what a page tells machines about itself, found without recursion and whatever its form."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml.html import HtmlElement

_MAX_JSON_CHARS = 500_000
_MAX_NODES = 2_000
_ARTICLE = re.compile(r"article|posting|report", re.IGNORECASE)
Fields = Mapping[str, Any]


def nodes(value: Any, limit: int = _MAX_NODES) -> Iterator[Fields]:
    """Every object of a JSON document, outer ones first, without recursion; at most ``limit`` values are looked at."""
    queue = deque([value])
    for _ in range(limit):
        if not queue:
            return
        node = queue.popleft()
        if isinstance(node, dict):
            yield node
            queue.extend(child for child in node.values() if isinstance(child, dict | list))
        elif isinstance(node, list):
            queue.extend(node[:limit])


def linked_data(tree: HtmlElement) -> Iterator[Fields]:
    """Every object of the page's JSON-LD."""
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        raw = script.text or ""
        if len(raw) > _MAX_JSON_CHARS:
            continue
        try:
            parsed = json.loads(raw, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from nodes(parsed)


def article_in(found: Sequence[Fields]) -> Fields:
    """The first object that calls itself an article, else a recipe; references to authors are what they refer to."""
    for node in found:
        if _ARTICLE.search(str(node.get("@type", ""))[:200]) and (node.get("headline") or node.get("datePublished")):
            authors = node.get("author")
            listed = authors if isinstance(authors, list) else [authors]
            return {**node, "author": [_resolved(author, found) for author in listed]}
    return next((node for node in found if node.get("@type") == "Recipe" and node.get("datePublished")), {})


def is_by_body(article: Fields) -> bool:
    """Whether all that is named as author calls itself an organisation."""
    authors = article.get("author")
    listed = authors if isinstance(authors, list) else [authors]
    return all(isinstance(one, dict) and "Organization" in str(one.get("@type", "")) for one in listed)


def _resolved(author: Any, found: Sequence[Fields]) -> Any:
    """The object with a name that an author's ``@id`` refers to, or the author as it is."""
    if not isinstance(author, dict) or "@id" not in author:
        return author
    named = (node for node in found if node.get("@id") == author["@id"] and node.get("name"))
    return next(named, author)


def texts(value: Any, key: str = "name") -> list[str]:
    """The strings in a JSON-LD value, which may be a string, an object with ``key``, or a list of either."""
    found = []
    for item in value if isinstance(value, list) else [value]:
        inner = item.get(key) if isinstance(item, dict) else item
        if isinstance(inner, list):
            found += [text for text in inner if isinstance(text, str)]
        elif isinstance(inner, str):
            found.append(inner)
    return found
