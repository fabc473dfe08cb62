"""Which lines stand in several articles of a source: what it prints under all of them is no part of any.

Only digests are kept, counted once for each article, and forgotten after two to four weeks.
"""

from collections.abc import Sequence
from typing import Final

import redis

from store._scripts import Scripts
from store.errors import translated

OFTEN: Final = 3
"""Articles in which a line has to stand. Measurements F6: with fewer, headings that two stories share would count."""


class SourceLines:
    """Counts lines of sources, and tells which are frequent."""

    def __init__(self, client: "redis.Redis", scripts: Scripts) -> None:
        self._client = client
        self._scripts = scripts

    def count(self, article_id: str, source: str, digests: Sequence[bytes]) -> int:
        """Count the lines of an article; returns how many, 0 where the article was counted before.

        Args:
            article_id: An article that is no copy of another one: a copy says nothing new of its source's habits.
            source: Host of the outlet.
            digests: The article's lines, each once.
        """
        if not digests:
            return 0
        with translated():
            return int(self._scripts.run("count_lines", article_id, source, OFTEN, *digests))

    def frequent(self, sources: Sequence[str]) -> list[frozenset[bytes]]:
        """The digests of the lines that are frequent in each source, in order, in one round trip."""
        pipe = self._client.pipeline(transaction=False)
        for source in sources:
            self._scripts.run("frequent_lines", source, pipe=pipe)
        with translated():
            rows = pipe.execute() if sources else []
        return [frozenset(row) for row in rows]
