"""Which format a line is written in, by the names that only that format uses."""

from collections.abc import Mapping
from typing import Any

from api.adapters._jsonld import nodes
from schemas import Format

_MARKS: tuple[tuple[Format, frozenset[str]], ...] = (
    (Format.NEWS_PLEASE, frozenset({"maintext", "date_publish", "date_download", "title_rss"})),
    (Format.NEWSPAPER4K, frozenset({"publish_date", "top_image", "meta_img", "meta_lang", "canonical_link"})),
    (Format.TRAFILATURA, frozenset({"source-hostname", "raw_text", "fingerprint", "filedate", "pagetype", "sitename"})),
    (Format.RSS, frozenset({"published_parsed", "updated_parsed", "guidislink", "title_detail", "summary_detail"})),
)
"""Of each format, names that no other one has; two of them decide."""
_ENOUGH = 2
_NINJS = (
    "bodies",
    "body_",
    "headlines",
    "headline",
    "versioncreated",
    "versionCreated",
    "representation",
    "descriptions",
)


def detect(document: Any) -> Format:
    """The format of a parsed line; `Format.DATELINE` when nothing speaks for another one."""
    if not isinstance(document, dict):
        return Format.JSONLD if isinstance(document, list) else Format.DATELINE
    if any("@type" in node for node in nodes(document) if isinstance(node, dict)):
        return Format.JSONLD
    if _is_ninjs(document):
        return Format.NINJS
    names = frozenset(document)
    return next((found for found, marks in _MARKS if len(names & marks) >= _ENOUGH), Format.DATELINE)


def _is_ninjs(document: Mapping[str, Any]) -> bool:
    """``uri`` is the one required property of ninjs; a submission has no such field."""
    return "uri" in document and any(name.startswith(_NINJS) for name in document)
