"""Entries of RSS and Atom feeds as feedparser gives them, written with ``json.dumps``.

feedparser 6.0.14 cuts names in half where an author is given as "desk@paper.example (News desk)": those are read from
``author``. ``published_parsed`` knows zones by name (EST) that other readers of dates do not.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from api.adapters._adapted import Adapted, Foreign
from api.adapters._values import (
    first_of,
    is_markup,
    listed,
    member,
    members,
    readable_date,
    string,
    terms,
    without_tags,
)

_MAIL_AND_NAME = re.compile(r"^\S+@\S+\s+\((.+)\)$")
_PARTS = 6
"""Year to second of a ``time.struct_time``, which JSON makes a list."""


def _moment(parsed: Any) -> str | None:
    """A ``…_parsed`` time, which is in UTC."""
    try:
        year, month, day, hour, minute, second = parsed[:_PARTS]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).isoformat()
    except (TypeError, ValueError, OverflowError):
        return None


def _dates(entry: Mapping[str, Any], *names: str) -> Iterator[Any]:
    """As written first: that keeps the zone."""
    for name in names:
        yield entry.get(name)
        yield _moment(entry.get(f"{name}_parsed"))


def _authors(entry: Mapping[str, Any]) -> list[str]:
    alone = _MAIL_AND_NAME.match(string(entry.get("author")) or "")
    if alone and len(listed(entry.get("authors", []))) <= 1:
        return [alone[1]]
    return members("name")(entry.get("authors", [])) or [found for found in [string(entry.get("author"))] if found]


def _longest(content: Any) -> tuple[int, str] | None:
    """Place and value of the longest of the contents: feeds put teasers beside texts."""
    values = [(position, text) for position, item in enumerate(listed(content)) if (text := member("value")(item))]
    return max(values, key=lambda found: len(found[1]), default=None)


def _body(foreign: Foreign) -> None:
    found = _longest(foreign.rest.get("content", []))
    if found:
        position, text = found
        foreign.put("html" if is_markup(text) else "text", text, "content")
        contents = listed(foreign.rest["content"])
        kept = [item for place, item in enumerate(contents) if place != position]
        about = contents[position] if isinstance(contents[position], dict) else {}
        foreign.rest["content"] = [{key: value for key, value in about.items() if key != "value"}, *kept]
        foreign.map("description", "summary", read=_plain)
    elif summary := string(foreign.rest.get("summary")):
        foreign.map("html" if is_markup(summary) else "text", "summary")


def _plain(value: Any) -> str | None:
    return without_tags(value) if isinstance(value, str) else None


def _image(value: Any) -> str | None:
    """The first picture of ``media_content``, ``media_thumbnail`` or ``links``."""
    return first_of(value, lambda item: member("url", "href")(item) if _is_picture(item) else None)


def _is_picture(item: Any) -> bool:
    if not isinstance(item, dict):
        return False
    kind = string(item.get("type")) or ""
    return (
        kind.startswith("image/")
        or item.get("medium") == "image"
        or ("url" in item and not kind and "medium" not in item)
    )


def adapt(document: Mapping[str, Any]) -> Adapted:
    """Read one entry."""
    foreign = Foreign(document)
    foreign.map("url", "link")
    if foreign.get("url") is None:
        foreign.map("external_id", "id", "guid")
    foreign.map("title", "title", read=_plain)
    _body(foreign)
    foreign.put("authors", _authors(document), "author")
    foreign.put("published_at", readable_date(_dates(document, "published", "created", "updated")), "published")
    foreign.put("modified_at", readable_date(_dates(document, "updated")), "updated")
    foreign.map("source_name", "source", read=member("title"))
    foreign.map("keywords", "tags", read=terms)
    foreign.map("language", "language", "dc_language")
    foreign.map("image_url", "media_content", "media_thumbnail", "links", read=_image)
    foreign.map("license", "rights", "license")
    _shorten_details(foreign, document)
    return foreign.adapted()


def _shorten_details(foreign: Foreign, entry: Mapping[str, Any]) -> None:
    """Details repeat the whole text of what they describe."""
    for name in ("title_detail", "summary_detail", "rights_detail"):
        detail = foreign.rest.get(name)
        if isinstance(detail, dict) and detail.get("value") == entry.get(name.removesuffix("_detail")):
            foreign.rest[name] = {key: value for key, value in detail.items() if key != "value"}
