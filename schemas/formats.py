"""The forms in which an article may be pushed."""

from enum import StrEnum


class Format(StrEnum):
    """How a line of a batch is written."""

    DATELINE = "dateline"
    """A `Submission`."""
    TRAFILATURA = "trafilatura"
    """JSON output of trafilatura, or a document's dictionary."""
    NEWSPAPER4K = "newspaper4k"
    """``Article.to_json`` of newspaper4k."""
    NEWS_PLEASE = "news-please"
    """``NewsArticle.get_serializable_dict`` of news-please."""
    JSONLD = "jsonld"
    """An article of schema.org as JSON-LD, also within ``@graph``."""
    NINJS = "ninjs"
    """IPTC ninjs 1.x to 3.x."""
    RSS = "rss"
    """An entry of feedparser."""
    AUTO = "auto"
    """Whichever of them the line looks like."""
