"""Counts which lines several articles of a source have: what a source prints under all articles is part of none.

Only digests are kept, counted once for each article and deleted after two to four weeks.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import redis

from store._scripts import Scripts
from store.errors import translated

OFTEN: Final = 3
"""Articles that must have a line. Measurements F6: with fewer, headings that two stories share would count."""


class ArticleLines(NamedTuple):
    """The lines of an article that is not a copy: a copy tells nothing new about its source."""

    article_id: str
    source: str
    """Host of the outlet."""
    digests: Sequence[bytes]
    """The article's lines, each once."""


class SourceLines:
    """Counts lines of sources, and reads which are frequent."""

    def __init__(self, client: "redis.Redis", scripts: Scripts) -> None:
        self._client = client
        self._scripts = scripts

    def count(self, articles: Sequence[ArticleLines]) -> list[int]:
        """Count the lines of articles in one round trip; returns the number for each, 0 if it was counted before."""
        telling = [article for article in articles if article.digests]
        pipe = self._client.pipeline(transaction=False)
        for article_id, source, digests in telling:
            self._scripts.run("count_lines", article_id, source, OFTEN, *digests, pipe=pipe)
        with translated():
            counted = iter(pipe.execute() if telling else [])
        return [int(next(counted)) if article.digests else 0 for article in articles]

    def frequent(self, sources: Sequence[str]) -> list[frozenset[bytes]]:
        """The digests of the lines that are frequent in each source, in order, in one round trip."""
        pipe = self._client.pipeline(transaction=False)
        for source in sources:
            self._scripts.run("frequent_lines", source, pipe=pipe)
        with translated():
            rows = pipe.execute() if sources else []
        return [frozenset(row) for row in rows]
