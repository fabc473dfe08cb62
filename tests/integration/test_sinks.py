"""Sinks that are killed again and again while articles flow: what they keep is the store, exactly."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from archive_traffic import Traffic, results
from conftest import ROOT, RedisServer, eventually
from pyarrow import parquet

from schemas import Result
from store import Store, position

pytestmark = pytest.mark.integration
ARTICLES = int(os.environ.get("DATELINE_SINK_ARTICLES", "2000"))
KILLS = 20


@dataclass
class Nursery:
    """Starts, kills and awaits sinks; see `sink_nursery`."""

    process: "subprocess.Popen[str]"

    def _say(self, line: str) -> int:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def start(self, *words: str) -> int:
        return self._say(json.dumps(words))

    def kill(self, sink: int) -> None:
        assert self._say(str(sink)) == sink

    def end_of(self, sink: int) -> int:
        """Wait until it ends by itself; returns its exit status."""
        return self._say(f"-{sink}")


@pytest.fixture
def nursery(redis_server: RedisServer, postgres_url: str, tmp_path: Path) -> Iterator[Nursery]:
    own = {
        "DATELINE_REDIS_URL": redis_server.url(),
        "DATELINE_SINK_POSTGRES_URL": postgres_url,
        "DATELINE_LOG_FORMAT": "json",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "sink_nursery"],
        env={**os.environ, **own},
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    yield Nursery(process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=10)


SINKS = {
    "postgres": ("postgres",),
    "ndjson": ("files", "ndjson", "--name", "ndjson", "--roll-mb", "0.01", "--roll-minutes", "0.002"),
    "parquet": ("files", "parquet", "--name", "parquet", "--format", "parquet", "--roll-minutes", "0.004"),
}
"""Each with small files, so that many are finished between two kills."""


def killed_again_and_again(store: Store, nursery: Nursery) -> None:
    """Let articles flow, and kill each sink at random, mostly in the middle of its work; some live long, some not."""
    chance = random.Random()
    running = {name: nursery.start(*words) for name, words in SINKS.items()}
    kills = sorted((chance.random(), name) for name in SINKS for _ in range(KILLS))
    for there in Traffic(store, seed=chance.randrange(10**6)).flow(ARTICLES):
        while kills and kills[0][0] * ARTICLES <= there:
            _, name = kills.pop(0)
            get_on(store, name)
            time.sleep(chance.random() * 0.05)
            nursery.kill(running[name])
            running[name] = nursery.start(*SINKS[name])
    assert not kills
    for sink in running.values():
        nursery.kill(sink)


def get_on(store: Store, name: str, seconds: float = 0.3) -> None:
    """Give a sink the time to make something safe, most times."""
    before, end = store.consumers.list(), time.monotonic() + seconds
    while time.monotonic() < end:
        now = store.consumers.list()
        if {one.cursor for one in before if one.name == name} != {one.cursor for one in now if one.name == name}:
            return
        time.sleep(0.01)


def settled(result: Result) -> dict[str, Any]:
    """What does not change with later revisions."""
    return result.model_dump(mode="json", exclude={"latest_revision"})


def test_sinks_keep_the_store_exactly_however_often_they_are_killed(
    nursery: Nursery, real_store: Store, postgres_url: str, tmp_path: Path
) -> None:
    killed_again_and_again(real_store, nursery)
    for words in SINKS.values():
        assert nursery.end_of(nursery.start(*words, "--once")) == 0, (tmp_path / "sink.log").read_text()
    wanted = results(real_store)
    assert len(wanted) > ARTICLES
    assert {one.outcome for one in wanted.values()} == {"done", "quarantined", "withdrawn"}
    with psycopg.connect(postgres_url) as connection:
        same_articles(connection, wanted, real_store)
        same_names(connection, wanted)
        assert connection.execute("select cursor from dateline.cursors").fetchone() == (real_store.feed.newest(),)
    for folder, read in ((tmp_path / "ndjson", read_ndjson), (tmp_path / "parquet", read_parquet)):
        files_hold(folder, read, wanted)
    consumers = real_store.consumers.list()
    assert [(one.name, one.cursor, one.missed) for one in consumers] == [
        (name, real_store.feed.newest(), 0) for name in sorted(SINKS)
    ]


def files_hold(folder: Path, read: Callable[[Path], list[Result]], wanted: dict[tuple[str, int], Result]) -> None:
    """Every outcome stands in one file, once; the last one of each revision is what the store has."""
    files = sorted(folder.glob("day=*/*"))
    assert len(files) > KILLS / 2
    told = [one for file in files for one in read(file)]
    assert max(Counter(one.cursor for one in told).values()) == 1
    kept = {(one.id, one.revision): one for one in sorted(told, key=lambda one: position(one.cursor))}
    assert {ref: settled(one) for ref, one in kept.items()} == {ref: settled(one) for ref, one in wanted.items()}
    assert not list(folder.glob(".open*"))
    ranges = (file.name.split(".")[0].split("_")[1:] for file in files)
    stretches = sorted((position(after), position(upto)) for after, upto in ranges)
    assert all(upto <= after for (_, upto), (after, _) in pairwise(stretches)), "no two overlap"


def same_articles(connection: "psycopg.Connection[Any]", wanted: dict[tuple[str, int], Result], store: Store) -> None:
    query = "select article_id, revision, outcome, cursor, title, text, story_id, result from dateline.articles"
    rows = connection.execute(query).fetchall()
    assert Counter((row[0], row[1]) for row in rows) == Counter(wanted.keys())
    stories = {one.duplicates.story_id for one in wanted.values() if one.duplicates and one.duplicates.story_id}
    now = dict(zip(stories, store.stories.merged_into(list(stories)), strict=True))
    assert any(old != new for old, new in now.items()), "stories have merged"
    mentions = mentions_in(connection)
    for article_id, revision, outcome, cursor, title, text, story, result in rows:
        one = wanted[article_id, revision]
        assert (outcome, cursor) == (one.outcome, one.cursor)
        if one.outcome == "withdrawn":
            assert (title, text, story, result) == (None, None, None, None)
            continue
        if one.clean:
            assert (title, text) == (one.clean.title, one.clean.text)
        put_together(result, text, mentions.get((article_id, revision), []))
        assert settled(Result.model_validate(result)) == settled(one)
        assert story == (now[one.duplicates.story_id or ""] if one.duplicates else None)


Mentions = dict[tuple[str, int], list[tuple[Any, ...]]]


def mentions_in(connection: "psycopg.Connection[Any]") -> Mentions:
    """The mentions of each revision, in the order of the text."""
    found: Mentions = {}
    query = "select * from dateline.mentions order by part desc, start_at"
    for article_id, revision, *rest in connection.execute(query).fetchall():
        found.setdefault((article_id, revision), []).append(tuple(rest))
    return found


def put_together(result: dict[str, Any], text: str, mentions: list[tuple[Any, ...]]) -> None:
    """Make a result whole again from what stands in other columns and tables."""
    if result["clean"]:
        result["clean"]["text"] = text
    for each in (
        *(result["entities"] or {"entities": ()})["entities"],
        *(result["geotags"] or {"places": ()})["places"],
    ):
        each["mentions"] = []
    for entity, place, part, start, end, name, *more in mentions:
        known = {"part": part, "start": start, "end": end, "text": name}
        if place is None:
            result["entities"]["entities"][entity]["mentions"].append(known)
        else:
            known |= dict(zip(("role", "confidence", "metonymy", "recovered"), more, strict=True))
            result["geotags"]["places"][place]["mentions"].append(known)


def same_names(connection: "psycopg.Connection[Any]", wanted: dict[tuple[str, int], Result]) -> None:
    done = [one for one in wanted.values() if one.outcome == "done"]
    entities = {(one.id, one.revision, it.label.value, it.name) for one in done for it in one.entities.entities}  # type: ignore[union-attr]
    places = {(one.id, one.revision, it.geoname_id, it.latitude) for one in done for it in one.geotags.places}  # type: ignore[union-attr]
    found = connection.execute("select article_id, revision, label, name from dateline.entities").fetchall()
    assert Counter(found) == Counter(entities)
    found = connection.execute("select article_id, revision, geoname_id, latitude from dateline.places").fetchall()
    assert Counter(found) == Counter(places)
    counted = connection.execute("select count(*) from dateline.mentions").fetchone()
    assert counted == (len(entities) + len(places),)


def read_ndjson(file: Path) -> list[Result]:
    with gzip.open(file, "rt") as lines:
        return [Result.model_validate_json(line) for line in lines]


def read_parquet(file: Path) -> list[Result]:
    rows = parquet.read_table(file, partitioning=None).to_pylist(maps_as_pydicts="strict")
    return [Result.model_validate(row) for row in rows]


def test_two_sinks_of_one_name_do_not_write_anything_twice(
    nursery: Nursery, real_store: Store, postgres_url: str
) -> None:
    for _ in range(2):
        nursery.start("postgres")
    for _ in Traffic(real_store, seed=5).flow(400):
        pass
    newest = real_store.feed.newest()
    eventually(lambda: [one.cursor for one in real_store.consumers.list()] == [newest], 30, "the end")
    with psycopg.connect(postgres_url) as connection:
        same_articles(connection, results(real_store), real_store)
        same_names(connection, results(real_store))


def test_a_sink_that_is_told_to_stop_finishes_its_file(nursery: Nursery, real_store: Store, tmp_path: Path) -> None:
    for _ in Traffic(real_store).flow(60):
        pass
    sink = nursery.start("files", "archive", "--json")
    eventually(lambda: bool(list((tmp_path / "archive").glob(".open*"))), 30, "an open file")
    os.kill(sink, signal.SIGTERM)
    assert nursery.end_of(sink) == 0
    [file] = (tmp_path / "archive").glob("day=*/*")
    assert len(read_ndjson(file)) == len(results(real_store))
    assert json.loads((tmp_path / "archive" / "_cursor.json").read_text()) == {"cursor": real_store.feed.newest()}
