"""Listing articles, newest acceptance first: of a source, with an outcome, at a place, in a country, near a point."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, Final

import redis

from schemas import Article, Outcome, Ref
from store._cursors import Row, read_row, written_row
from store.contents import NamedEntity, is_copy
from store.errors import translated
from store.keys import Keys
from store.places import Near, places_near, read_lines
from store.results import PENDING, Results
from store.story_listing import StoryListing

_SCAN: Final = 200
"""Refs read at a time while a page is being filled from one list."""
_LOOKED_AT: Final = 10_000
"""Articles whose state and places are read for one page at most, if the list holds others than matches: 0.1 s."""
_READ: Final = 2_000
"""Articles whose contents are read for one page at most."""
_TIMED: Final = 1_000
"""Articles of a story whose times are read in one round trip."""
_FIRST: Final = 8
"""Refs read from each list at first if many are merged: most places have few articles."""


@dataclass(frozen=True, slots=True)
class Query:
    """Which articles to list, newest acceptance first; all conditions have to hold.

    ``outcome="pending"`` lists those without an outcome. Conditions on places hold for articles that name a place
    there with at least even odds (`store.places.LISTED_FROM`).
    """

    outcome: Outcome | str | None = None
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    near: Near | None = None
    place: int | None = None
    country: str | None = None
    admin1: str | None = None
    entity: NamedEntity | None = None
    story: str | None = None
    """Id of a story, or of one that merged into it. Each page reads the times of all its articles."""
    originals: bool = False
    """No copies. As with ``entity``, and with several conditions together, pages may be shorter than their limit if few
    articles match."""


@dataclass(frozen=True, slots=True)
class Page:
    """A run of articles, and the cursor of the next one, if there is more."""

    items: tuple[Article, ...]
    next_cursor: str | None


class Listing:
    """Reads the lists that the ledger's scripts keep."""

    def __init__(self, client: "redis.Redis", keys: Keys, results: Results, stories: StoryListing) -> None:
        self._client = client
        self._keys = keys
        self._results = results
        self._stories = stories

    def page(self, query: Query, cursor: str | None = None, limit: int = 50) -> Page:
        """A page of articles, stable while others are written.

        Raises:
            BadCursor: The cursor was not given out by `page`.
        """
        refs, next_cursor = self.refs(query, cursor, limit)
        return Page(tuple(self._results.many(refs)), next_cursor)

    def refs(self, query: Query, cursor: str | None, limit: int) -> tuple[list[Ref], str | None]:
        """The references of a page and the cursor of the next one, as `page`."""
        after = read_row(cursor) if cursor else None
        near = None if query.near is None else places_near(self._client, self._keys, query.near)
        rows = self._rows(query, near, after)
        if _is_one_list(query) and not _needs_contents(query):
            found, last = _page(rows, limit)
        else:
            found, last = self._looked_through(rows, query, frozenset(near or ()), limit)
        return [Ref.parse(ref) for _, ref in found], written_row(last) if last else None

    def _looked_through(
        self, rows: Iterator[Row], query: Query, near: frozenset[int], limit: int
    ) -> tuple[list[Row], Row | None]:
        """The matches, and the row after which to go on: the last one that was looked at; ``None`` at the end."""
        found: list[Row] = []
        looked_at = read = 0
        while looked_at < _LOOKED_AT and read < _READ:
            chunk = list(islice(rows, _SCAN))
            fitting = chunk if _is_one_list(query) else list(self._fitting(chunk, query, near))
            looked_at, read = looked_at + len(chunk), read + len(fitting)
            found += self._with_contents(fitting, query) if _needs_contents(query) else fitting
            if len(found) > limit:
                return found[:limit], found[limit - 1]
            if len(chunk) < _SCAN:
                return found, None
        return found, chunk[-1]

    def _with_contents(self, rows: list[Row], query: Query) -> Iterator[Row]:
        if not rows:
            return
        pipe = self._client.pipeline(transaction=False)
        for _, ref in rows:
            pipe.hmget(self._keys.record(Ref.parse(ref)), ["output:entities", "output:dedupe"])
        with translated():
            outputs = pipe.execute()
        for row, (entities, duplicates) in zip(rows, outputs, strict=True):
            if not (query.originals and is_copy(duplicates)) and (not query.entity or query.entity.is_in(entities)):
                yield row

    def _rows(self, query: Query, near: Sequence[int] | None, after: Row | None) -> Iterator[Row]:
        """The narrowest lists that hold every match, in order, from the cursor on."""
        if query.story is not None:
            return self._of_story(query.story, query, after)
        return self._merged(self._lists(query, near), query, after)

    def _lists(self, query: Query, near: Sequence[int] | None) -> list[str]:
        """The lists whose union holds every match: the narrowest kind that the query names."""
        keys = self._keys
        if query.place is None and near is not None:
            return [keys.by_place(place) for place in near]
        named = (
            keys.by_place(query.place) if query.place is not None else None,
            keys.by_admin1(query.admin1) if query.admin1 is not None else None,
            keys.by_country(query.country) if query.country is not None else None,
            keys.by_source(query.source) if query.source is not None else None,
            keys.by_outcome(Outcome(query.outcome)) if query.outcome and query.outcome != "pending" else None,
        )
        return [next(filter(None, named), keys.every)]

    def _merged(self, lists: Sequence[str], query: Query, after: Row | None) -> Iterator[Row]:
        """The rows of all lists in order, each once, from the cursor on."""
        low = str(_ms(query.since)) if query.since else "-inf"
        high = f"({_ms(query.until)}" if query.until else "+inf"
        if after and (not query.until or after[0] < _ms(query.until)):
            high = str(after[0])
        size = _FIRST if len(lists) > 1 else _SCAN
        first = self._read([(key, 0) for key in lists], high, low, size)
        streams = (self._stream(key, rows, high, low, size) for key, rows in zip(lists, first, strict=True))
        last = after
        for row in merge(*streams, reverse=True):
            if last is None or row < last:
                last = row
                yield row

    def _of_story(self, story: str, query: Query, after: Row | None) -> Iterator[Row]:
        """The articles of a story, newest first, from the cursor on."""
        refs = self._stories.members(story)
        rows = [row for start in range(0, len(refs), _TIMED) for row in self._timed(refs[start : start + _TIMED])]
        low, high = (_ms(query.since) if query.since else 0), (_ms(query.until) if query.until else None)
        for row in sorted(rows, reverse=True):
            if row[0] >= low and (high is None or row[0] < high) and (after is None or row < after):
                yield row

    def _timed(self, refs: Sequence[Ref]) -> list[Row]:
        """Those that are still there, with their time of acceptance."""
        pipe = self._client.pipeline(transaction=False)
        for ref in refs:
            pipe.hget(self._keys.record(ref), "accepted")
        with translated():
            times = pipe.execute()
        return [(int(time), str(ref)) for time, ref in zip(times, refs, strict=True) if time]

    def _stream(self, key: str, rows: list[Row], high: str, low: str, size: int) -> Iterator[Row]:
        """The rows of one list, of which the first are read already."""
        offset = 0
        while rows:
            yield from rows
            offset += len(rows)
            if len(rows) < size:
                return
            [rows] = self._read([(key, offset)], high, low, size)

    def _read(self, ranges: Sequence[tuple[str, int]], high: str, low: str, size: int) -> list[list[Row]]:
        pipe = self._client.pipeline(transaction=False)
        for key, offset in ranges:
            pipe.zrevrangebyscore(key, high, low, start=offset, num=size, withscores=True)
        with translated():
            found: Any = pipe.execute() if ranges else []
        return [[(int(score), member.decode()) for member, score in rows] for rows in found]

    def _fitting(self, rows: list[Row], query: Query, near: frozenset[int]) -> Iterator[Row]:
        """Those for which the conditions hold that need no contents."""
        if not rows:
            return
        pipe = self._client.pipeline(transaction=False)
        for _, ref in rows:
            pipe.hmget(self._keys.record(Ref.parse(ref)), ["state", "source", "placed"])
        with translated():
            records = pipe.execute()
        for row, fields in zip(rows, records, strict=True):
            state, source, placed = ((field or b"").decode() for field in fields)
            if _is_in_state(state, query) and (query.source in {None, source}) and _is_there(placed, query, near):
                yield row


def _page(rows: Iterator[Row], limit: int) -> tuple[list[Row], Row | None]:
    found = list(islice(rows, limit + 1))
    return found[:limit], found[limit - 1] if len(found) > limit else None


def _needs_contents(query: Query) -> bool:
    return query.entity is not None or query.originals


def _is_one_list(query: Query) -> bool:
    """Whether the lists that are read hold nothing but matches."""
    asked = (query.outcome, query.source, query.near, query.place, query.country, query.admin1, query.story)
    return query.outcome != "pending" and sum(condition is not None for condition in asked) <= 1


def _is_in_state(state: str, query: Query) -> bool:
    return query.outcome is None or state == query.outcome or (query.outcome == "pending" and state in PENDING)


def _is_there(placed: str, query: Query, near: frozenset[int]) -> bool:
    """Whether the places of an article fulfil each condition on places."""
    if not any((query.near, query.place is not None, query.country, query.admin1)):
        return True
    lines = read_lines(placed)
    return (
        (query.place is None or any(line.geoname_id == query.place for line in lines))
        and (query.near is None or any(line.geoname_id in near for line in lines))
        and (query.country is None or any(line.country_code == query.country for line in lines))
        and (query.admin1 is None or any(line.admin1_code == query.admin1 for line in lines))
    )


def _ms(time: datetime) -> int:
    return int(time.timestamp() * 1000)
