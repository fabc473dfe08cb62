"""newspaper4k: ``Article.to_json()``.

``language`` is the configured one and "en" unless somebody changed it: only ``meta_lang`` is the page's. ``keywords``
and ``summary`` are made from the text by word counts; they are kept under ``extra``.
"""

from collections.abc import Mapping
from typing import Any

from api.adapters._adapted import Adapted, Foreign
from api.adapters._values import terms


def adapt(document: Mapping[str, Any]) -> Adapted:
    """Read one article."""
    foreign = Foreign(document)
    foreign.map("url", "url")
    foreign.map("canonical_url", "canonical_link")
    foreign.map("title", "title")
    foreign.map("text", "text")
    foreign.map("html", "html")
    foreign.map("authors", "authors")
    foreign.map("published_at", "publish_date")
    foreign.map("source_name", "meta_site_name")
    foreign.map("description", "meta_description")
    foreign.map("keywords", "meta_keywords", "tags", read=terms)
    foreign.map("language", "meta_lang")
    foreign.map("image_url", "top_image", "meta_img")
    if foreign.rest.get("meta_img") == foreign.get("image_url"):
        foreign.drop("meta_img")
    return foreign.adapted()
