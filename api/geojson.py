"""Places of articles as GeoJSON (RFC 7946): a feature for each place of each article."""

import json
from collections.abc import Iterable
from typing import Any

from schemas import Article, BoundingBox, Place, Result, StageName

GEOJSON = "application/geo+json"


def of_article(article: Article) -> bytes:
    """The places of one article. `geotag` says why there may be none: the stage's status, `pending` or `not_run`."""
    box = article.geotags.bounding_box if isinstance(article, Result) and article.geotags else None
    more = {"article_id": article.id, "revision": article.revision, "geotag": _status(article)}
    return _collection(_features(article), more, box)


def of_page(articles: Iterable[Article], next_cursor: str | None) -> bytes:
    """The places of many articles, in their order. `articles` has the `geotag` of each."""
    found = list(articles)
    states = [{"article_id": one.id, "revision": one.revision, "geotag": _status(one)} for one in found]
    features = [feature for one in found for feature in _features(one)]
    return _collection(features, {"articles": states, "next_cursor": next_cursor})


def _collection(features: list[dict[str, Any]], more: dict[str, Any], box: BoundingBox | None = None) -> bytes:
    bbox = {} if box is None else {"bbox": [box.west, box.south, box.east, box.north]}
    return json.dumps({"type": "FeatureCollection", **bbox, "features": features, **more}, ensure_ascii=False).encode()


def _status(article: Article) -> str:
    """``done`` without features means that the article names no place; other values, that its places are unknown."""
    if not isinstance(article, Result):
        return "pending"
    statuses = [record.status.value for record in article.stages if record.stage is StageName.GEOTAG]
    return statuses[-1] if statuses else "not_run"


def _features(article: Article) -> list[dict[str, Any]]:
    if not isinstance(article, Result) or article.geotags is None:
        return []
    about = {
        "article_id": article.id,
        "revision": article.revision,
        "url": article.url,
        "title": article.clean.title if article.clean else None,
    }
    return [_feature(about, place) for place in article.geotags.places]


def _feature(about: dict[str, Any], place: Place) -> dict[str, Any]:
    properties = place.model_dump(mode="json", exclude={"latitude", "longitude"})
    return {
        "type": "Feature",
        "id": f"{about['article_id']}:{about['revision']}:{place.geoname_id}",
        "geometry": {"type": "Point", "coordinates": [place.longitude, place.latitude]},
        "properties": about | properties,
    }
