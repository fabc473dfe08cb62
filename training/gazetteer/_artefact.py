"""Packing the catalogue into one SQLite file, the same bytes for the same sources."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tasks.geotag import COORDINATE_SCALE, FORMAT, KINDS, REFERENCE, NameClass, name_key
from training.gazetteer._records import Catalogue, Record

SCHEMA = """
PRAGMA page_size = 4096;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind INTEGER NOT NULL, feature TEXT, lat INTEGER NOT
  NULL, lon INTEGER NOT NULL, country TEXT, admin1 TEXT, population INTEGER NOT NULL, admin2 TEXT,
  class TEXT);
CREATE TABLE name (key TEXT PRIMARY KEY, refs BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE area (code TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE demonym (key TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE home (source TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE not_place (key TEXT PRIMARY KEY, why TEXT NOT NULL) WITHOUT ROWID;
"""
MAX_NAME_CHARS = 60
MAX_WORDS = 6
"""Longer names are descriptions; no article uses them as they stand."""


def name_index(catalogue: Catalogue) -> dict[str, dict[int, NameClass]]:
    """For each key the places that bear it, each with its surest class."""
    index: dict[str, dict[int, NameClass]] = {}
    for record in catalogue.records.values():
        for text, name_class in record.names:
            key = name_key(text)
            if not key or len(key) > MAX_NAME_CHARS or key.count(" ") >= MAX_WORDS:
                continue
            bearers = index.setdefault(key, {})
            bearers[record.id] = min(name_class, bearers.get(record.id, name_class))
    return index


def _packed(catalogue: Catalogue, bearers: dict[int, NameClass]) -> bytes:
    ordered = sorted(bearers.items(), key=lambda item: catalogue.records[item[0]].importance)
    return b"".join(REFERENCE.pack(place_id, name_class) for place_id, name_class in ordered)


def _place_rows(catalogue: Catalogue) -> Iterator[tuple[object, ...]]:
    for _, record in sorted(catalogue.records.items()):
        yield (
            record.id,
            record.name,
            KINDS.index(record.kind),
            None if record.feature == "PPL" else record.feature,
            round(record.latitude * COORDINATE_SCALE),
            round(record.longitude * COORDINATE_SCALE),
            record.country,
            record.admin1,
            record.population,
            record.admin2,
            record.feature_class,
        )


def counts(catalogue: Catalogue, index: dict[str, dict[int, NameClass]]) -> dict[str, str]:
    """How many places of each kind and how many names there are."""
    kinds: dict[str, int] = {}
    for record in catalogue.records.values():
        kinds[record.kind.value] = kinds.get(record.kind.value, 0) + 1
    found = {f"places_{kind}": number for kind, number in sorted(kinds.items())}
    found |= {"places": len(catalogue.records), "names": len(index), "demonyms": len(catalogue.demonyms)}
    return {name: str(number) for name, number in found.items()}


def write(path: Path, catalogue: Catalogue, meta: dict[str, str]) -> dict[str, str]:
    """Write the artefact beside its final name, then move it there. Answers the whole `meta` table."""
    index = name_index(catalogue)
    meta = {"format": str(FORMAT), **meta, **counts(catalogue, index)}
    scratch = path.with_suffix(".building")
    scratch.unlink(missing_ok=True)
    connection = sqlite3.connect(scratch, isolation_level=None)
    try:
        connection.executescript(SCHEMA)
        connection.execute("BEGIN")
        _fill(connection, "meta", sorted(meta.items()))
        _fill(connection, "place", _place_rows(catalogue))
        _fill(connection, "name", ((key, _packed(catalogue, index[key])) for key in sorted(index)))
        _fill(connection, "area", sorted(catalogue.areas.items()))
        _fill(connection, "demonym", sorted((key, int(place)) for key, place in catalogue.demonyms.items()))
        _fill(connection, "home", sorted(catalogue.homes.items()))
        _fill(connection, "not_place", sorted(catalogue.not_places.items()))
        connection.execute("COMMIT")
        connection.execute("VACUUM")
    finally:
        connection.close()
    scratch.replace(path)
    return meta


def _fill(connection: sqlite3.Connection, table: str, rows: object) -> None:
    width = len(connection.execute(f"PRAGMA table_info({table})").fetchall())
    marks = ", ".join("?" * width)
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # type: ignore[arg-type]  # noqa: S608


__all__ = ["Record", "counts", "name_index", "write"]
