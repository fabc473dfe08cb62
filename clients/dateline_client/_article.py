"""An article as one line of NDJSON."""

import dataclasses
import json
import math
from collections.abc import Mapping
from datetime import date, time
from typing import Any

FIELDS = frozenset(
    {
        "authors", "canonical_url", "description", "external_id", "extra", "fetched_at", "html", "image_url",
        "keywords", "language", "license", "modified_at", "published_at", "section", "source_domain", "source_name",
        "text", "title", "url",
    }
)  # fmt: skip
"""The fields of a submission; others go under ``extra``. A test holds them against Dateline's schema."""


def _plain(value: Any) -> Any:
    """A JSON value for a value of another type."""
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, bytes | bytearray):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    if isinstance(value, Mapping):
        return dict(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return str(value)


def _finite(value: Any) -> Any:
    """The same without NaN and infinities, which JSON does not have."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value


def submission(article: Mapping[str, Any]) -> dict[str, Any]:
    """The article with everything that is no field of a submission under ``extra``."""
    known = {name: value for name, value in article.items() if name in FIELDS and name != "extra"}
    others = {name: value for name, value in article.items() if name not in FIELDS}
    given = article.get("extra") or {}
    extra = {**given, **others} if isinstance(given, Mapping) else {"extra": given, **others}
    return known | ({"extra": extra} if extra else {})


def to_line(article: Any, *, foreign: bool) -> bytes:
    """An article as JSON, without a line break in it.

    Args:
        article: A mapping or a dataclass. Dates become ISO 8601, sets lists; what JSON does not know becomes text.
        foreign: Whether it is written in another format, which the server reads: then no field is moved.

    Raises:
        TypeError: It is neither of the two.
    """
    if dataclasses.is_dataclass(article) and not isinstance(article, type):
        article = dataclasses.asdict(article)
    if not isinstance(article, Mapping):
        raise TypeError(f"an article is a mapping or a dataclass, not {type(article).__name__}")
    document = dict(article) if foreign else submission(article)
    try:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_plain, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(document), ensure_ascii=False, separators=(",", ":"), default=_plain)
    return text.encode("utf-8", errors="replace")
