"""Results as rows of the tables. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from schemas import Entities, FeedEntry, Geotags, Outcome, Result

ARTICLES: Final = (
    "article_id", "revision", "cursor", "outcome", "accepted_at", "finished_at", "published_at", "url", "source",
    "external_id", "lane", "language", "title", "text", "words", "authors", "site_name", "section", "keywords",
    "relation", "canonical_id", "cluster_id", "story_id", "jaccard", "result",
)  # fmt: skip
ENTITIES: Final = (
    "article_id", "revision", "rank", "entity_id", "label", "subtype", "name", "name_key", "value", "count", "salience",
)  # fmt: skip
PLACES: Final = (
    "article_id", "revision", "rank", "geoname_id", "name", "kind", "latitude", "longitude", "precision",
    "country_code", "admin1_code", "admin1_name", "admin2_code", "roles", "confidence",
)  # fmt: skip
MENTIONS: Final = (
    "article_id", "revision", "entity_rank", "place_rank", "part", "start_at", "end_at", "text",
    "role", "confidence", "metonymy", "recovered",
)  # fmt: skip

_KEY_CHARACTERS: Final = 200
"""Of a name: what an index takes of it at most is 2,700 bytes."""
_MOST: Final = 32_000
"""Entities or places of one article: ranks are small integers."""
_NUL = "\x00"
_INSTEAD = "\ufffd"
_MENTIONS: Final = {"__all__": {"mentions"}}
_ELSEWHERE: Final[Any] = {"clean": {"text"}, "entities": {"entities": _MENTIONS}, "geotags": {"places": _MENTIONS}}
"""What `result` leaves to columns and tables: two thirds of it."""
Row = tuple[Any, ...]


def name_key(name: str) -> str:
    """What `entities.name_key` holds for a name."""
    return name.casefold()[:_KEY_CHARACTERS]


def _storable(value: Any) -> Any:
    """The same without NUL, which PostgreSQL's text cannot hold: U+FFFD stands for it, so offsets stay right."""
    if isinstance(value, str):
        return value.replace(_NUL, _INSTEAD) if _NUL in value else str(value)
    if isinstance(value, tuple):
        return [_storable(one) for one in value]
    return value


def _row(*values: Any) -> Row:
    return tuple(_storable(value) for value in values)


def _rest(result: Result) -> str | None:
    if result.outcome is Outcome.WITHDRAWN:
        return None
    text = result.model_dump_json(exclude=_ELSEWHERE)
    if "\\u0000" not in text:
        return text
    # Behind an even number of backslashes it is the escape; behind an odd one it is text that looks like it.
    return "\\\\".join(part.replace("\\u0000", _INSTEAD) for part in text.split("\\\\"))


def article(result: Result) -> Row:
    """The row of `articles`. A withdrawn article keeps its address and its times, and nothing that it said."""
    clean, duplicates = result.clean, result.duplicates
    return _row(
        result.id,
        result.revision,
        result.cursor,
        result.outcome,
        result.accepted_at,
        result.finished_at,
        clean.published_at if clean else None,
        result.url,
        result.source,
        result.external_id,
        result.lane,
        clean.language if clean else None,
        clean.title if clean else None,
        clean.text if clean else None,
        clean.quality.words if clean else None,
        clean.authors if clean else (),
        clean.site_name if clean else None,
        clean.section if clean else None,
        clean.keywords if clean else (),
        duplicates.relation if duplicates else None,
        duplicates.canonical_id if duplicates else None,
        duplicates.cluster_id if duplicates else None,
        duplicates.story_id if duplicates else None,
        duplicates.jaccard if duplicates else None,
        _rest(result),
    )


def entities(result: Result) -> Iterator[Row]:
    """The rows of `entities`."""
    for rank, one in enumerate((result.entities or Entities()).entities[:_MOST]):
        yield _row(
            result.id,
            result.revision,
            rank,
            one.id,
            one.label,
            one.subtype,
            one.name,
            name_key(one.name),
            one.value,
            one.count,
            one.salience,
        )


def places(result: Result) -> Iterator[Row]:
    """The rows of `places`."""
    for rank, one in enumerate((result.geotags or Geotags()).places[:_MOST]):
        yield _row(
            result.id,
            result.revision,
            rank,
            one.geoname_id,
            one.name,
            one.kind,
            one.latitude,
            one.longitude,
            one.precision,
            one.country_code,
            one.admin1_code,
            one.admin1_name,
            one.admin2_code,
            one.roles,
            one.confidence,
        )


def mentions(result: Result) -> Iterator[Row]:
    """The rows of `mentions`: of the entities, then of the places."""
    ref = (result.id, result.revision)
    for rank, entity in enumerate((result.entities or Entities()).entities[:_MOST]):
        for one in entity.mentions:
            yield (*ref, rank, None, one.part.value, one.start, one.end, _storable(one.text), None, None, None, None)
    for rank, place in enumerate((result.geotags or Geotags()).places[:_MOST]):
        for it in place.mentions:
            where = (*ref, None, rank, it.part.value, it.start, it.end, _storable(it.text))
            yield (*where, it.role.value, it.confidence, it.metonymy, it.recovered)


def mergers(entries: Sequence[FeedEntry]) -> dict[str, tuple[str, str]]:
    """Stories that became part of another one: which one that is in the end, and the cursor that told it."""
    found: dict[str, tuple[str, str]] = {}
    for entry in entries:
        if entry.story_id is None:
            continue
        into = found[entry.story_id][0] if entry.story_id in found else entry.story_id
        gone = {old for old in entry.merged_stories if old != into}
        found |= {old: (into, entry.cursor) for old, (earlier, _) in found.items() if earlier in gone and old != into}
        found |= dict.fromkeys(gone, (into, entry.cursor))
    return found
