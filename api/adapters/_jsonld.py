"""JSON-LD: an article of https://schema.org/NewsArticle, as pages carry it in ``application/ld+json``.

Takes the object itself, an array, or ``@graph``; references by ``@id`` are followed within it. The other objects of a
graph are kept under ``extra``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from api.adapters._adapted import Adapted, Foreign, NoArticle
from api.adapters._values import (
    first_of,
    host,
    is_markup,
    listed,
    member,
    members,
    readable_date,
    terms,
    web_address,
    without_tags,
)

_ARTICLES = frozenset({"BlogPosting", "LiveBlogPosting", "Report"})
"""Types of articles whose names do not end in Article."""
_HOLDERS = ("@graph", "mainEntity")
"""Properties of a page or a bare frame that hold the article."""
_LINK = member("url", "@id", "contentUrl")


def _types(node: Any) -> list[str]:
    """The types of an object, without vocabulary: ``schema:NewsArticle``, ``https://schema.org/NewsArticle``."""
    named = listed(node.get("@type")) if isinstance(node, dict) else []
    return [name.rpartition("/")[2].rpartition(":")[2] for name in named if isinstance(name, str)]


def is_article(node: Any) -> bool:
    """Whether an object is an article in the words of schema.org."""
    return any(name in _ARTICLES or name.endswith("Article") for name in _types(node))


def nodes(document: Mapping[str, Any]) -> Iterator[Any]:
    """The objects that a document holds at its top."""
    yield document
    for name in _HOLDERS:
        yield from listed(document.get(name, []))


def _resolved(value: Any, known: Mapping[str, Any]) -> Any:
    """References to other objects of the graph, followed one step."""
    if isinstance(value, list):
        return [_resolved(item, known) for item in value]
    if isinstance(value, dict) and set(value) == {"@id"}:
        return known.get(str(value["@id"]), value)
    return value


def _article(document: Mapping[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """The article and what stands beside it."""
    found = list(nodes(document))
    article = next(filter(is_article, found), None)
    if article is None:
        raise NoArticle("/@type", "holds no article of schema.org: its type is not NewsArticle or one like it")
    frame = {name: value for name, value in document.items() if name not in _HOLDERS}
    known = {
        str(node["@id"]): node for node in found if isinstance(node, dict) and "@id" in node and node is not article
    }
    others = [node for node in (frame, *found[1:]) if node is not article and node]
    return {name: _resolved(value, known) for name, value in article.items()}, others


def _publisher_host(value: Any) -> str | None:
    return first_of(value, lambda item: host(_LINK(item)))


def _headline(value: Any) -> str | None:
    text = first_of(value, member("@value"))
    return without_tags(text) if text else None


def adapt(document: Mapping[str, Any]) -> Adapted:
    """Read one article.

    Raises:
        NoArticle: There is none.
    """
    article, others = _article(document)
    foreign = Foreign(article)
    if not is_article(document) and others:
        foreign.rest["@graph"] = others
    _identity(foreign)
    _body(foreign)
    foreign.map("title", "headline", "name", "alternativeHeadline", read=_headline)
    foreign.put("published_at", readable_date(map(article.get, ("datePublished", "dateCreated"))), "datePublished")
    foreign.map("modified_at", "dateModified")
    foreign.map("authors", "author", "creator", read=members("name"))
    foreign.map("source_name", "publisher", "sourceOrganization", read=lambda value: first_of(value, member("name")))
    foreign.map("description", "description", "abstract", read=member("@value"))
    foreign.map("image_url", "image", "thumbnailUrl", read=lambda value: first_of(value, _LINK))
    foreign.map("section", "articleSection", read=lambda value: first_of(value, member("name")))
    foreign.map("keywords", "keywords", read=terms)
    foreign.map("language", "inLanguage", read=lambda value: first_of(value, member("alternateName", "name")))
    foreign.map("license", "license", read=member("url", "@id", "name"))
    return foreign.adapted()


def _identity(foreign: Foreign) -> None:
    foreign.map(
        "url", "url", "mainEntityOfPage", "@id", read=lambda value: first_of(value, lambda v: web_address(_LINK(v)))
    )
    if foreign.get("url") is None:
        foreign.map("external_id", "identifier", "@id", read=lambda value: first_of(value, member("value", "@id")))
        foreign.map("source_domain", "publisher", read=_publisher_host)


def _body(foreign: Foreign) -> None:
    """``articleBody`` is meant to be text, and often is HTML."""
    name = next((name for name in ("articleBody", "text") if isinstance(foreign.rest.get(name), str)), None)
    if name:
        foreign.map("html" if is_markup(foreign.rest[name]) else "text", name)
