"""Articles with hand-marked names, and a gazetteer of a dozen places, for the tests of the geotag stage."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from schemas import CleanText, Dateline, Entities, Entity, Form, Label, Mention, Part, PlaceKind, Quality, Ref
from tasks.geotag import COORDINATE_SCALE, FORMAT, KINDS, REFERENCE, Gazetteer, NameClass, name_key
from tasks.stage import StageInput

Marked = dict[str, Label | str]


def clean_text(text: str, title: str | None = None, dateline: Dateline | None = None) -> CleanText:
    quality = Quality(words=len(text.split()))
    return CleanText(title=title, text=text, language="en", form=Form.TEXT, quality=quality, dateline=dateline)


def occurrences(clean: CleanText, name: str) -> Iterable[Mention]:
    for part, text in ((Part.TITLE, clean.title or ""), (Part.TEXT, clean.text)):
        start = text.find(name)
        while start >= 0:
            yield Mention(start=start, end=start + len(name), text=name, part=part)
            start = text.find(name, start + len(name))


def mark(clean: CleanText, **names: list[str]) -> Entities:
    """Entities by label: `mark(clean, LOC=["Kyiv"], FAC=[...])`, wherever it is not inside a longer one."""
    found: list[Entity] = []
    taken: list[Mention] = []
    wanted = sorted(((name, label) for label, group in names.items() for name in group), key=lambda pair: -len(pair[0]))
    for name, label in wanted:
        mentions = tuple(m for m in occurrences(clean, name) if not any(_inside(m, other) for other in taken))
        taken.extend(mentions)
        if mentions:
            kind = Label.LOC if label == "FAC" else Label(label)
            found.append(
                Entity(
                    id=f"{label}:{name}",
                    label=kind,
                    subtype="FAC" if label == "FAC" else None,
                    name=name,
                    mentions=mentions,
                    count=len(mentions),
                    salience=0.5,
                )
            )
    return Entities(entities=tuple(found))


def _inside(one: Mention, other: Mention) -> bool:
    return one.part is other.part and other.start <= one.start and one.end <= other.end


def article(clean: CleanText | None, entities: Entities | None, source: str | None = None) -> StageInput:
    accepted = datetime(2024, 11, 13, tzinfo=UTC)
    return StageInput(ref=Ref("a", 1), accepted_at=accepted, source=source, clean=clean, entities=entities)


PLACES = (
    # id, name, kind, feature, lat, lon, country, admin1, population, other names
    (1, "Freedonia", PlaceKind.COUNTRY, "PCLI", 10.0, 10.0, "FR", None, 9_000_000, ("Fr.",)),
    (2, "Sylvania", PlaceKind.COUNTRY, "PCLI", 20.0, 20.0, "SY", None, 5_000_000, ()),
    (3, "North State", PlaceKind.ADMIN1, "ADM1", 11.0, 10.0, "FR", "N", 900_000, ("N.S.",)),
    (4, "South State", PlaceKind.ADMIN1, "ADM1", 9.0, 10.0, "FR", "S", 800_000, ("S.S.",)),
    (5, "Springfield", PlaceKind.CITY, "PPL", 11.1, 10.1, "FR", "N", 30_000, ()),
    (6, "Springfield", PlaceKind.CITY, "PPL", 9.1, 10.1, "FR", "S", 90_000, ()),
    (7, "Springfield", PlaceKind.CITY, "PPL", 20.1, 20.1, "SY", "A", 200_000, ()),
    (8, "Ogdenville", PlaceKind.CITY, "PPL", 11.2, 10.2, "FR", "N", 40_000, ()),
    (9, "Capital City", PlaceKind.CITY, "PPLC", 10.0, 10.0, "FR", "S", 2_000_000, ()),
    (10, "Great Sea", PlaceKind.WATER, "SEA", 15.0, 15.0, None, None, 0, ()),
    (11, "Harbor Airport", PlaceKind.SITE, "AIRP", 20.0, 20.2, "SY", "A", 0, ()),
    (12, "Harbor", PlaceKind.CITY, "PPL", 20.0, 20.2, "SY", "A", 5_000, ()),
    (14, "Rook", PlaceKind.CITY, "PPL", -40.0, -70.0, "ZZ", "Z", 0, ()),
    (13, "Alpha", PlaceKind.ADMIN1, "ADM1", 20.0, 20.0, "SY", "A", 300_000, ()),
)
DEMONYMS = {"Freedonian": 1, "Sylvanian": 2}


def write_gazetteer(path: Path, format_: int = FORMAT) -> Path:
    """A gazetteer file of the invented places above."""
    connection = sqlite3.connect(path)
    connection.executescript(
        """
        PRAGMA synchronous = OFF;
        PRAGMA journal_mode = OFF;
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
        CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT, kind INTEGER, feature TEXT, lat INTEGER, lon INTEGER,
          country TEXT, admin1 TEXT, population INTEGER, admin2 TEXT, class TEXT);
        CREATE TABLE home (source TEXT PRIMARY KEY, place INTEGER);
        CREATE TABLE name (key TEXT PRIMARY KEY, refs BLOB);
        CREATE TABLE area (code TEXT PRIMARY KEY, place INTEGER);
        CREATE TABLE demonym (key TEXT PRIMARY KEY, place INTEGER);
        CREATE TABLE not_place (key TEXT PRIMARY KEY, why TEXT);
        """
    )
    connection.executemany("INSERT INTO meta VALUES (?, ?)", [("format", str(format_)), ("version", "test")])
    names: dict[str, list[tuple[int, NameClass]]] = {}
    for place_id, name, kind, feature, lat, lon, country, admin1, population, short in PLACES:
        row = (place_id, name, KINDS.index(kind), feature, int(lat * COORDINATE_SCALE), int(lon * COORDINATE_SCALE))
        connection.execute(
            "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)", (*row, country, admin1, population)
        )
        names.setdefault(name_key(name), []).append((place_id, NameClass.PRIMARY))
        for other in short:
            names.setdefault(name_key(other), []).append((place_id, NameClass.ABBREVIATION))
        if kind in (PlaceKind.COUNTRY, PlaceKind.ADMIN1):
            code = country if admin1 is None else f"{country}.{admin1}"
            connection.execute("INSERT INTO area VALUES (?, ?)", (code, place_id))
    packed = [(key, b"".join(REFERENCE.pack(i, c) for i, c in bearers)) for key, bearers in names.items()]
    connection.executemany("INSERT INTO name VALUES (?, ?)", packed)
    connection.executemany("INSERT INTO demonym VALUES (?, ?)", [(name_key(n), i) for n, i in DEMONYMS.items()])
    connection.executemany(
        "INSERT INTO not_place VALUES (?, ?)", [("western", "adjective"), ("old empire", "state of the past")]
    )
    connection.commit()
    connection.close()
    return path


def open_gazetteer(folder: Path) -> Gazetteer:
    return Gazetteer(write_gazetteer(folder / "gazetteer.sqlite"))
