"""What is known about a source: its home, and which places its earlier articles named."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import redis

from store._scripts import Scripts
from store.errors import translated
from store.keys import Keys

WINDOW: Final = 64
"""Lessons that a stage is given, the most recent ones of a source. LGL's sources have 1 to 13 articles each."""


@dataclass(frozen=True, slots=True)
class SourceMemory:
    """What the geotag stage may know about a source, at the version that the article was first given."""

    version: int
    """Number of lessons at that time."""
    lessons: tuple[bytes, ...] = ()
    """The last of them, oldest first, as the stage wrote them."""
    home: int | None = None
    """GeoNames id of the home that an operator set."""


class Sources:
    """Reads the memory of sources and keeps their homes. Lessons are written by the commit that makes them."""

    def __init__(self, client: "redis.Redis", keys: Keys, scripts: Scripts) -> None:
        self._client = client
        self._keys = keys
        self._scripts = scripts

    def recall(self, wanted: Sequence[tuple[str, int | None]]) -> list[SourceMemory]:
        """The memory of each source at a version (``None``: now), in order, in one round trip."""
        pipe = self._client.pipeline(transaction=False)
        for source, version in wanted:
            self._scripts.run("recall", source, "" if version is None else version, WINDOW, pipe=pipe)
        with translated():
            rows = pipe.execute() if wanted else []
        return [SourceMemory(int(at), tuple(lessons), int(home) if home else None) for at, home, lessons in rows]

    def set_home(self, source: str, geoname_id: int | None) -> None:
        """Set the home of a source; ``None`` removes it."""
        with translated():
            if geoname_id is None:
                self._client.hdel(self._keys.homes, source)
            else:
                self._client.hset(self._keys.homes, source, str(geoname_id))

    def homes(self) -> dict[str, int]:
        """All homes that operators set, by source."""
        with translated():
            rows: Any = self._client.hgetall(self._keys.homes)
        return {source.decode(): int(place) for source, place in sorted(rows.items())}
