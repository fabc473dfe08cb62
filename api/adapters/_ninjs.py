"""ninjs, the JSON of news agencies: IPTC ninjs 1.x (``body_text``), 2.x (``bodies``) and 3.x (names in camelCase).

Specification: https://iptc.org/standards/ninjs/
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from api.adapters._adapted import Adapted, Foreign
from api.adapters._values import first_of, host, is_markup, listed, member, members, readable_date, string, without_tags

_MAIN_ROLES = ("main", "text", "html")
_AND = re.compile(r"\s*(?:;|\b(?:and|und|et|en|och|og)\b|&)\s*")
_BY = {"en": "by", "de": "von", "fr": "par", "es": "por", "pt": "por", "nl": "door", "sv": "av", "nb": "av", "da": "af"}
"""How a byline begins, by the item's language: elsewhere such words are parts of names (Von der Heyden)."""
_TAG_URI = re.compile(r"^tag:([^,:]+),|^urn:newsml:([^:]+):")


def _name(*words: str) -> tuple[str, str]:
    """A property's name in 1.x and 2.x, and in 3.x."""
    return "".join(words), words[0] + "".join(word.capitalize() for word in words[1:])


def _role(value: Any) -> int:
    role = value.get("role") if isinstance(value, dict) else None
    return _MAIN_ROLES.index(role) if role in _MAIN_ROLES else len(_MAIN_ROLES)


def _main(value: Any) -> str | None:
    """The value of the main one of ``headlines`` or ``descriptions``."""
    return first_of(sorted(listed(value), key=_role), member("value"))


def _authors(foreign: Foreign) -> None:
    """The names of a byline: "By Ada Lune and Per Falk", "Von Jette Harms, dpa"."""
    language = (string(foreign.rest.get("language")) or "en")[:2].lower()
    agencies = {string(foreign.rest.get(name)) for name in _name("copyright", "holder")}

    def read(byline: Any) -> list[str]:
        begin = re.compile(rf"^{_BY.get(language, 'by')}\s+", re.IGNORECASE)
        names, comma, agency = begin.sub("", string(byline) or "").rpartition(", ")
        known = names if comma and agency in agencies else f"{names}{comma}{agency}"
        return [name for name in _AND.split(known) if name]

    foreign.map("authors", "by", "byline", read=read)


def _image(renditions: Any) -> str | None:
    """The first picture among the renditions: an object by name in 1.x, a list since 2.0."""
    items = list(renditions.values()) if isinstance(renditions, dict) else listed(renditions)
    return next((found for item in items if _is_picture(item) and (found := member("href")(item))), None)


def _is_picture(item: Any) -> bool:
    kinds = (
        [string(item.get(name)) or "" for name in ("mimetype", *_name("content", "type"))]
        if isinstance(item, dict)
        else []
    )
    return any(kind.startswith("image/") for kind in kinds)


def _source_domain(uri: Any) -> str | None:
    found = _TAG_URI.match(uri) if isinstance(uri, str) else None
    return host(uri) or (found and (found[1] or found[2])) or None


def _bodies(document: Mapping[str, Any]) -> Iterator[tuple[str, int, str]]:
    """Where each body stands: the property, the place in its list (-1 for none), the text."""
    for position, item in enumerate(listed(document.get("bodies", []))):
        kind = (
            next((string(item.get(name)) for name in _name("content", "type") if item.get(name)), "")
            if isinstance(item, dict)
            else ""
        )
        text = member("value")(item)
        if text and kind not in {"application/xml", "text/xml"}:  # agencies' own markup: NITF and the like
            yield "bodies", position, text
    for name, value in document.items():
        if name.startswith("body_") and string(value):
            yield name, -1, value


def _take_bodies(foreign: Foreign) -> None:
    """The first body in HTML and the first one in plain text; the others are kept as they are."""
    roles = {position: _role(item) for position, item in enumerate(listed(foreign.rest.get("bodies", [])))}
    taken: list[tuple[str, int]] = []
    for name, position, text in sorted(_bodies(foreign.rest), key=lambda body: roles.get(body[1], 0)):
        target = "html" if is_markup(text) else "text"
        if foreign.get(target) is None:
            foreign.put(target, text, name)
            taken.append((name, position))
    bodies = listed(foreign.rest.get("bodies", []))
    kept = [
        {key: value for key, value in item.items() if key != "value"} if ("bodies", position) in taken else item
        for position, item in enumerate(bodies)
        if isinstance(item, dict)
    ]
    foreign.drop(*(name for name, position in taken if position < 0))
    if kept:
        foreign.rest["bodies"] = kept


def _headlines(foreign: Foreign) -> None:
    more = sorted(name for name in foreign.rest if name.startswith("headline_"))
    foreign.map("title", "headlines", "headline_main", "headline", "title", *more, read=_headline)


def _headline(value: Any) -> str | None:
    found = _main(value)
    return without_tags(found) if found else None


def _times(foreign: Foreign) -> None:
    """The first version's time is the publication; a later version's is a change."""
    first = [foreign.rest.get(name) for name in _name("first", "created")]
    version = [foreign.rest.get(name) for name in _name("version", "created")]
    content = [foreign.rest.get(name) for name in _name("content", "created")]
    foreign.put("published_at", readable_date([*first, *version, *content]), "versioncreated")
    if any(first):
        foreign.put("modified_at", readable_date(version), "versioncreated")


def adapt(document: Mapping[str, Any]) -> Adapted:
    """Read one item."""
    foreign = Foreign(document)
    _take_bodies(foreign)
    _headlines(foreign)
    _times(foreign)
    foreign.put("source_domain", _source_domain(foreign.rest.get("uri")), "uri")
    foreign.map("external_id", "uri")
    _authors(foreign)
    foreign.map(
        "source_name", *_name("info", "sources"), "infosource", read=lambda value: first_of(value, member("name"))
    )
    foreign.map("source_name", *_name("copyright", "holder"))
    foreign.map("description", "descriptions", "description_text", "description_main", read=_main)
    foreign.map("keywords", "keywords", "subjects", "subject", read=members("name"))
    foreign.map("language", "language")
    foreign.map("image_url", "renditions", read=_image)
    foreign.map("license", *_name("usage", "terms"), *_name("copyright", "notice"))
    return foreign.adapted()
