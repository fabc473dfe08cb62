"""Reading stories: one by its id, or pages of them by time or size, of a place, of an entity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import redis

from schemas import Count, Ref, Result, Story, StoryArticle, StoryDetail, StoryPage, StoryPlace
from store import _cursors
from store.errors import translated
from store.feed import BadCursor
from store.keys import Keys
from store.results import Results
from store.stories import indexed_name
from store.story_names import ASKED, StoryNames, named

_MOST_SHOWN: Final = 20
_MOST_ARTICLES: Final = 500
_FILTERED: Final = 1_000
"""Stories of a place or an entity that are looked at, the newest: more than a reader pages through."""
_HOPS: Final = 16
_FEWEST: Final = 2


class StoryOrder(StrEnum):
    """Which stories come first."""

    NEWEST = "newest"
    LARGEST = "largest"


@dataclass(frozen=True, slots=True)
class StoryQuery:
    """Which stories to list; all conditions have to hold."""

    order: StoryOrder = StoryOrder.NEWEST
    place: int | None = None
    country: str | None = None
    entity: str | None = None


class StoryListing:
    """Reads what the story index keeps."""

    def __init__(self, client: "redis.Redis", keys: Keys, results: Results) -> None:
        self._client = client
        self._root = f"{keys.prefix}:sty:"
        self._results = results

    def get(self, story_id: str) -> StoryDetail | None:
        """A story with its articles, also by the id of one that merged into it; ``None`` where there is none."""
        [story_id] = self.merged_into([story_id])
        with translated():
            rows: Any = self._client.zrange(f"{self._root}m:{story_id}", 0, _MOST_ARTICLES - 1, withscores=True)
        found = self._stories([story_id])
        if not found:
            return None
        return StoryDetail(**found[0].model_dump(), articles=tuple(_article(*row) for row in rows))

    def members(self, story_id: str) -> list[Ref]:
        """The articles of a story, the earliest first; also by the id of one that merged into it."""
        [story_id] = self.merged_into([story_id])
        with translated():
            rows: Any = self._client.zrange(f"{self._root}m:{story_id}", 0, -1)
        return [Ref.parse(row.decode()) for row in rows]

    def merged_into(self, story_ids: Sequence[str]) -> list[str]:
        """For each story the one that it is part of by now; itself where it merged into none."""
        found = list(story_ids)
        for _ in range(_HOPS if found else 0):
            with translated():
                into: Any = self._client.hmget(f"{self._root}alias", found)
            if not any(into):
                break
            found = [new.decode() if new else old for old, new in zip(found, into, strict=True)]
        return found

    def page(self, query: StoryQuery, cursor: str | None = None, limit: int = 50) -> StoryPage:
        """A page of stories. Stories that grow meanwhile move to the front, and may be seen again or not.

        Raises:
            BadCursor: The cursor was not given out by `page`, or its story is gone.
        """
        after = _cursors.read(cursor) if cursor else None
        with translated():
            ids = (
                self._matching(query, after, limit + 1)
                if _is_filtered(query)
                else self._listed(query, after, limit + 1)
            )
        next_cursor = _cursors.written(ids[limit - 1]) if len(ids) > limit else None
        return StoryPage(items=tuple(self._stories(ids[:limit])), next_cursor=next_cursor)

    def _listed(self, query: StoryQuery, after: str | None, most: int) -> list[str]:
        key, start = f"{self._root}{query.order}", 0
        if after is not None:
            rank: Any = self._client.zrevrank(key, after)
            if rank is None:
                raise BadCursor("The story that the cursor names is gone; start without a cursor.")
            start = rank + 1
        rows: Any = self._client.zrevrange(key, start, start + most - 1)
        return [row.decode() for row in rows]

    def _matching(self, query: StoryQuery, after: str | None, most: int) -> list[str]:
        pipe = self._client.pipeline(transaction=False)
        for name in self._lists(query):
            pipe.zrevrange(name, 0, _FILTERED - 1)
        first, *others = [dict.fromkeys(row.decode() for row in rows) for rows in pipe.execute()]
        wanted = [story for story in first if all(story in other for other in others)]
        if query.order is StoryOrder.LARGEST:
            wanted = self._by_size(wanted)
        if after is None:
            return wanted[:most]
        if after not in wanted:
            raise BadCursor("The story that the cursor names is gone; start without a cursor.")
        start = wanted.index(after) + 1
        return wanted[start : start + most]

    def _lists(self, query: StoryQuery) -> list[str]:
        places = [str(query.place)] if query.place is not None else []
        places += [query.country.upper()] if query.country else []
        names = [f"{self._root}place:{place}" for place in places]
        return names + ([f"{self._root}entity:{indexed_name(query.entity)}"] if query.entity else [])

    def _by_size(self, stories: Sequence[str]) -> list[str]:
        pipe = self._client.pipeline(transaction=False)
        for story in stories:
            pipe.zscore(f"{self._root}largest", story)
        sizes = dict(zip(stories, pipe.execute() if stories else (), strict=True))
        return sorted(stories, key=lambda story: -(sizes[story] or 0))

    def _stories(self, ids: Sequence[str]) -> list[Story]:
        """Those of them that still are stories, in their order."""
        if not ids:
            return []
        pipe = self._client.pipeline(transaction=False)
        for story in ids:
            pipe.hgetall(f"{self._root}s:{story}")
        with translated():
            rows = pipe.execute()
        told = [
            (story, fields) for story, fields in zip(ids, rows, strict=True) if int(fields.get(b"size", 0)) >= _FEWEST
        ]
        centrals = [Ref.parse(fields[b"central"].decode()) for _, fields in told]
        names = {story: StoryNames() for story, _ in told}
        results = {article.id: article for article in self._results.many(centrals) if isinstance(article, Result)}
        found = []
        for (story, fields), central in zip(told, centrals, strict=True):
            result = results.get(central.article_id)
            names[story].learn(result)
            found.append(_story(story, fields, central, result))
        return named(found, names, self._first_members, self._results.many)

    def _first_members(self, ids: Sequence[str]) -> list[list[Ref]]:
        pipe = self._client.pipeline(transaction=False)
        for story in ids:
            pipe.zrange(f"{self._root}m:{story}", 0, ASKED - 1)
        with translated():
            rows = pipe.execute() if ids else []
        return [[Ref.parse(ref.decode()) for ref in refs] for refs in rows]


def _story(story_id: str, fields: Mapping[bytes, bytes], central: Ref, result: Result | None) -> Story:
    places, sources = _counts(fields, b"p:"), _counts(fields, b"o:")
    return Story(
        id=story_id,
        size=int(fields[b"size"]),
        first_at=_moment(fields[b"first"]),
        last_at=_moment(fields[b"last"]),
        headline=result.clean.title if result and result.clean else None,
        central_article_id=central.article_id,
        sources=sources[:_MOST_SHOWN],
        source_count=len(sources),
        places=tuple(
            StoryPlace(geoname_id=int(place.value), name=None, articles=place.articles)
            for place in places
            if not place.value.isalpha()
        )[:_MOST_SHOWN],
        countries=tuple(place for place in places if place.value.isalpha()),
        entities=_counts(fields, b"e:")[:_MOST_SHOWN],
    )


def _counts(fields: Mapping[bytes, bytes], kind: bytes) -> tuple[Count, ...]:
    rows = [(name[len(kind) :].decode(), int(value)) for name, value in fields.items() if name.startswith(kind)]
    ranked = sorted(rows, key=lambda row: (-row[1], row[0]))
    return tuple(Count(value=value, articles=articles) for value, articles in ranked if articles > 0)


def _article(ref: bytes, seconds: float) -> StoryArticle:
    known = Ref.parse(ref.decode())
    return StoryArticle(
        article_id=known.article_id,
        revision=known.revision,
        at=datetime.fromtimestamp(seconds, UTC),
        status_url=f"/v1/articles/{known.article_id}?revision={known.revision}",
    )


def _moment(seconds: bytes) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)


def _is_filtered(query: StoryQuery) -> bool:
    return query.place is not None or bool(query.country) or bool(query.entity)
