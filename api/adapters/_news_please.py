"""news-please: ``NewsArticle.get_serializable_dict()``.

Dates are written without zone, and the string "None" where there is none. Where a page has no image, ``image_url`` is
the page itself.
"""

from collections.abc import Mapping
from typing import Any

from api.adapters._adapted import Adapted, Foreign


def adapt(document: Mapping[str, Any]) -> Adapted:
    """Read one article."""
    foreign = Foreign(document)
    if foreign.rest.get("image_url") == foreign.rest.get("url"):
        foreign.drop("image_url")
    foreign.map("url", "url")
    foreign.map("title", "title", "title_page", "title_rss")
    foreign.map("text", "maintext", "text")
    foreign.map("html", "html")
    foreign.map("authors", "authors")
    foreign.map("published_at", "date_publish")
    foreign.map("modified_at", "date_modify")
    foreign.map("fetched_at", "date_download")
    foreign.map("source_domain", "source_domain")
    foreign.map("description", "description")
    foreign.map("language", "language")
    foreign.map("image_url", "image_url")
    return foreign.adapted()
