"""The forms in which articles are sent: JSON, lines, GeoJSON, ninjs."""

import json
from typing import Any

from fastapi import Request

from api import geojson, ninjs
from api.fields import Tree
from api.negotiation import JSON, NDJSON, best_answer
from api.problems import Kind, Refused
from schemas import Article, ArticlePage, FieldError

_LINES = NDJSON[0]
_WITH_FIELDS = frozenset({JSON, _LINES})


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def chosen(request: Request, fields: Tree | None, *offered: str) -> str:
    """The media type to answer with.

    Raises:
        Refused: None is accepted, or fields are chosen of a form that has its own.
    """
    media_type = best_answer(request, JSON, *offered, geojson.GEOJSON, ninjs.NINJS)
    if fields is not None and media_type not in _WITH_FIELDS:
        error = FieldError(parameter="fields", code="not_here", message="goes with JSON only")
        raise Refused(Kind.INVALID, "GeoJSON and ninjs have fields of their own; leave `fields` out.", errors=[error])
    return media_type


def of_article(article: Article, media_type: str, fields: Tree | None) -> bytes:
    """One article."""
    if media_type == geojson.GEOJSON:
        return geojson.of_article(article)
    if media_type == ninjs.NINJS:
        return _dumped(ninjs.of_article(article))
    return article.model_dump_json(include=fields).encode()


def of_page(page: ArticlePage, media_type: str, fields: Tree | None) -> bytes:
    """A page of articles."""
    if media_type == geojson.GEOJSON:
        return geojson.of_page(page.items, page.next_cursor)
    if media_type == ninjs.NINJS:
        return _dumped(ninjs.of_page(page.items))
    if media_type == _LINES:
        return b"".join(article.model_dump_json(include=fields).encode() + b"\n" for article in page.items)
    whole: Any = None if fields is None else {"items": {"__all__": fields}, "next_cursor": True}
    return page.model_dump_json(include=whole).encode()
