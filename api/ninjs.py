"""Articles as IPTC ninjs 3.1 (https://iptc.org/standards/ninjs/): what newsrooms exchange.

Offsets of mentions, removed passages and stage records have no place there: those are in our own JSON.
"""

from collections.abc import Iterable
from typing import Any, Final

from schemas import Article, Entity, Label, Outcome, Place, PlaceRole, Result

NINJS: Final = "application/ninjs+json"
"""As IPTC's documents write it; it is not registered with IANA."""
_STANDARD: Final = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
}
_KINDS: Final = {
    "people": (Label.PERSON,),
    "organisations": (Label.ORG,),
    "events": (Label.EVENT,),
    "objects": (Label.PRODUCT, Label.WORK),
}
_STATUS: Final = {Outcome.DONE: "usable", Outcome.PARTIAL: "usable", Outcome.WITHDRAWN: "canceled"}
"""Everything else, what is pending among it, is withheld."""


def of_article(article: Article) -> dict[str, Any]:
    """An article as a ninjs object. What is not known is left out."""
    outcome = article.outcome if isinstance(article, Result) else None
    known: dict[str, Any] = {
        "uri": f"urn:dateline:article:{article.id}",
        "type": "text",
        "representationType": "full" if outcome is Outcome.DONE else "partial",
        "version": str(article.revision),
        "firstCreated": article.accepted_at.isoformat(),
        "pubStatus": _STATUS.get(outcome, "withheld") if outcome else "withheld",
        "infoSources": [{"name": article.source}] if article.source else None,
        "altIds": [{"role": "external", "value": article.external_id}] if article.external_id else None,
        "renditions": [{"name": "web", "href": article.url, "contentType": "text/html"}] if article.url else None,
        "standard": _STANDARD,
    }
    if isinstance(article, Result):
        known["versionCreated"] = article.finished_at.isoformat()
        known |= _text(article) | _entities(article) | _places(article) | _associations(article)
    return {name: value for name, value in known.items() if value not in (None, [], "")}


def _text(result: Result) -> dict[str, Any]:
    clean = result.clean
    if clean is None:
        return {}
    body = {
        "role": "main",
        "contentType": "text/plain",
        "charCount": len(clean.text),
        "wordCount": len(clean.text.split()),
        "value": clean.text,
    }
    return {
        "headlines": [{"role": "main", "value": clean.title}] if clean.title else None,
        "bodies": [body],
        "language": clean.language,
        "by": clean.byline or ", ".join(clean.authors),
        "located": clean.dateline.place if clean.dateline else None,
        "contentCreated": clean.published_at.isoformat() if clean.published_at else None,
    }


def _entities(result: Result) -> dict[str, Any]:
    entities = result.entities.entities if result.entities else ()
    kinds: dict[str, Any] = {
        name: [_concept(entity) for entity in entities if entity.label in labels] for name, labels in _KINDS.items()
    }
    subjects = [
        _concept(entity) | {"relevance": round(entity.salience * 100)}
        for entity in entities
        if entity.label in {Label.NORP, Label.MISC}
    ]
    return kinds | {"subjects": subjects}


def _concept(entity: Entity) -> dict[str, Any]:
    return {"name": entity.name, "rel": "mentions", "literal": entity.id}


def _places(result: Result) -> dict[str, Any]:
    return {"places": [_place(place) for place in result.geotags.places] if result.geotags else None}


def _place(place: Place) -> dict[str, Any]:
    known = {
        "name": place.name,
        "rel": "about" if PlaceRole.FOCUS in place.roles else "mentions",
        "literal": str(place.geoname_id),
        "geoJSON": {"type": "Point", "coordinates": [place.longitude, place.latitude]},
    }
    # Negative ids are Dateline's own, for places that GeoNames does not have.
    return known | ({"uri": f"https://sws.geonames.org/{place.geoname_id}/"} if place.geoname_id > 0 else {})


def _associations(result: Result) -> dict[str, Any]:
    found = result.duplicates
    if found is None or not found.is_copy:
        return {}
    original = {"name": "original", "rel": f"duplicate ({found.relation})"}
    return {"associations": [original | {"uri": f"urn:dateline:article:{found.canonical_id}"}]}


def of_page(articles: Iterable[Article]) -> list[dict[str, Any]]:
    """A page of articles; the standard has no object for one."""
    return [of_article(article) for article in articles]
