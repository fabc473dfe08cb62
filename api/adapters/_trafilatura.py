"""trafilatura: ``extract(…, output_format="json", with_metadata=True)``, or ``bare_extraction(…).as_dict()``.

Authors, tags and categories are joined with ";" in the JSON output, and tags may hold comma lists. Dates are days: time
and zone are lost before they come here. ``raw_text`` repeats ``text`` without its line breaks.
"""

from collections.abc import Mapping
from typing import Any

from api.adapters._adapted import Adapted, Foreign
from api.adapters._values import first_of, same_words, string, terms


def _only_category(value: Any) -> str | None:
    parts = value.split(";") if isinstance(value, str) else value
    return first_of(parts, string)


def adapt(document: Mapping[str, Any]) -> Adapted:
    """Read one document."""
    foreign = Foreign(document)
    categories = foreign.rest.get("categories")
    foreign.map("url", "source", "url")
    foreign.map("external_id", "id")
    foreign.map("title", "title")
    foreign.map("text", "text", "raw_text")
    foreign.map("html", "html")
    foreign.map("authors", "author")
    foreign.map("published_at", "date")
    foreign.map("source_name", "source-hostname", "sitename")
    foreign.map("source_domain", "hostname")
    foreign.map("description", "excerpt", "description")
    foreign.map("keywords", "tags", read=terms)
    foreign.map("section", "categories", read=_only_category)
    foreign.map("language", "language")
    foreign.map("image_url", "image")
    foreign.map("license", "license")
    if same_words(foreign.rest.get("raw_text"), foreign.get("text")):
        foreign.drop("raw_text")
    if categories and len(terms(categories)) > 1:
        foreign.rest["categories"] = categories
    return foreign.adapted()
