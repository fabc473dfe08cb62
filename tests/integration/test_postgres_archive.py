"""The archive in a real PostgreSQL: questions that people ask it, rights, steps of the tables, hostile values."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from archive_traffic import Traffic, results
from conftest import ROOT, RedisServer, eventually
from contents import clean, entity, publish, relation, riga

from schemas import FeedPage, Ref, Result
from store import Store
from workers.sinks.errors import SinkAway, SinkError
from workers.sinks.postgres import migrations
from workers.sinks.postgres.sink import PostgresSink, connect
from workers.sinks.runner import Runner, current_results

pytestmark = pytest.mark.integration
DOCS = (ROOT / "docs" / "consume.md").read_text("utf-8")
QUERIES, GRANTS = re.findall(r"```sql\n(.*?)```", DOCS, re.DOTALL)


@pytest.fixture
def archive(postgres_url: str, store: Store) -> Iterator["psycopg.Connection[Any]"]:
    """An archive of some articles that the test chose."""
    publish(
        store,
        1,
        clean=clean(title="Bridge reopens in Riga", text="Robots were running over the bridge."),
        entities={"entities": [entity("ORG", "NATO", 0.9), entity("PERSON", "Noriko Hamasaki")]},
        geotag={"places": [riga(precision="point")]},
        dedupe=relation("original", story_id="s" * 26),
    )
    publish(
        store,
        2,
        clean=clean(title="Budget passed", text="The budget for the bridge has passed.", published_at="2020-01-02"),
        entities={"entities": [entity("ORG", "Nato")]},
        geotag={"places": [riga(geoname_id=1853909, name="Osaka", latitude=34.7, longitude=135.5, country_code="JP")]},
        dedupe=relation("same_story", story_id="s" * 26),
    )
    Runner(store, PostgresSink(postgres_url)).run(once=True)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


def asked(archive: "psycopg.Connection[Any]", title: str) -> list[tuple[Any, ...]]:
    """What the documented query with this heading answers."""
    [query] = [part for part in QUERIES.split("\n\n") if part.startswith(f"-- {title}")]
    return archive.execute(query.encode()).fetchall()


def test_every_documented_query_answers(archive: "psycopg.Connection[Any]") -> None:
    assert asked(archive, "what a country's news") == [("NATO", 1), ("Noriko Hamasaki", 1)]
    assert [row[0] for row in asked(archive, "full text")] == ["Bridge reopens in Riga"]
    assert [row[2] for row in asked(archive, "who is named")] == ["Bridge reopens in Riga", "Budget passed"]
    assert [row[0] for row in asked(archive, "the places nearest")] == ["Riga", "Osaka"]
    assert [row[1] for row in asked(archive, "inside a box")] == ["Bridge reopens in Riga"]
    assert [row[1:] for row in asked(archive, "the largest stories")] == [("Budget passed", 1, 1)]
    assert [row[1:] for row in asked(archive, "articles by day")] == [("en", 1), ("en", 1)]
    assert QUERIES.count("-- ") == 7


def test_words_are_found_in_the_forms_that_their_language_has(archive: "psycopg.Connection[Any]") -> None:
    query = "select count(*) from dateline.articles where search @@ websearch_to_tsquery('english', 'robot runs')"
    assert archive.execute(query).fetchone() == (1,)


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("articles where at > '2026-11-01'", "articles_at"),
        ("articles where source = 'x' order by at desc limit 5", "articles_source"),
        ("articles where story_id = 'x'", "articles_story"),
        ("articles where url = 'https://x'", "articles_url"),
        ("articles where search @@ to_tsquery('english', 'x')", "articles_search"),
        ("entities where name_key = 'nato'", "entities_name"),
        ("places where geoname_id = 5", "places_geoname"),
        ("places where country_code = 'LV'", "places_country"),
        ("places where point(longitude, latitude) <@ box '((1,1),(2,2))'", "places_point"),
        ("places order by point(longitude, latitude) <-> point(1, 2) limit 3", "places_point"),
        ("mentions where article_id = 'x' and revision = 1", "mentions_article"),
    ],
)
def test_what_people_ask_for_has_an_index(archive: "psycopg.Connection[Any]", condition: str, index: str) -> None:
    archive.execute("set enable_seqscan = off")
    plan = archive.execute(f"explain select * from dateline.{condition}".encode()).fetchall()
    assert index in str(plan)


def test_a_withdrawn_article_keeps_its_address_and_nothing_that_it_said(
    store: Store, archive: "psycopg.Connection[Any]", postgres_url: str
) -> None:
    ref = store.feed.page().items[0]
    store.withdrawals.withdraw(Ref(ref.article_id, ref.revision))
    Runner(store, PostgresSink(postgres_url)).run(once=True)
    row = archive.execute(
        "select outcome, url, title, text, result, search from dateline.articles where article_id = %s",
        [ref.article_id],
    ).fetchone()
    assert row == ("withdrawn", "https://news.example/1", None, None, None, "")
    for table in ("entities", "places", "mentions"):
        query = f"select count(*) from dateline.{table} where article_id = %s"
        assert archive.execute(query.encode(), [ref.article_id]).fetchone() == (0,)
    assert archive.execute("select count(*) from dateline.current_articles").fetchone() == (1,)


def test_the_sink_works_with_no_more_than_the_documented_rights(
    redis_server: RedisServer, real_store: Store, postgres_url: str
) -> None:
    name = f"sink_{postgres_url[-8:]}"
    own = GRANTS.replace("dateline_sink", name).replace("dateline_reader", f"{name}_r")
    [rights] = re.findall(r"^    user sink on >PASSWORD (.*)$", DOCS, re.MULTILINE)
    admin = redis_server.client()
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        migrations.migrate(owner)
        owner.execute(own.encode())
        admin.execute_command("ACL", "SETUSER", "sink", "reset", "on", ">secret", *rights.split())
        try:
            for _ in Traffic(real_store).flow(60):
                pass
            confined = Store.open(f"redis://sink:secret@127.0.0.1:{redis_server.port}/0")
            Runner(confined, PostgresSink(postgres_url.replace("owner@", f"{name}:PASSWORD@"))).run(once=True)
            count = owner.execute("select count(*) from dateline.articles").fetchone()
            assert count == (len(results(real_store)),)
            confined.close()
            with (
                psycopg.connect(postgres_url.replace("owner@", f"{name}_r@")) as reader,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                reader.execute("delete from dateline.articles")
        finally:
            admin.execute_command("ACL", "DELUSER", "sink")
            admin.close()
            for role in (name, f"{name}_r"):
                owner.execute(f"drop owned by {role}; drop role {role}".encode())


def test_a_role_that_may_not_make_tables_is_told_who_has_to(postgres_url: str) -> None:
    name = f"stranger_{postgres_url[-8:]}"
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute(f"create role {name} login".encode())
        with pytest.raises(SinkError, match="dateline sink migrate"):
            PostgresSink(postgres_url.replace("owner@", f"{name}@")).resume()
        migrations.migrate(owner)
        with pytest.raises(SinkError, match=r"denies.*consume\.md"):
            PostgresSink(postgres_url.replace("owner@", f"{name}@")).resume()
        owner.execute(f"drop role {name}".encode())


def test_tables_are_made_once_however_many_begin_at_the_same_time(postgres_url: str) -> None:
    with connect(postgres_url) as first, connect(postgres_url) as second:
        assert migrations.migrate(first) == list(migrations.steps())
        assert migrations.migrate(second) == []
        assert migrations.version(second) == max(migrations.steps())


def test_tables_of_a_newer_dateline_are_left_alone(postgres_url: str) -> None:
    with connect(postgres_url) as connection:
        migrations.migrate(connection)
        connection.execute("insert into dateline.schema_versions (version) values (999)")
    with pytest.raises(SinkError, match="version 999"):
        PostgresSink(postgres_url).resume()


def test_a_server_that_is_not_there_is_waited_for() -> None:
    with pytest.raises(SinkAway, match="does not answer"):
        PostgresSink("postgresql://owner@127.0.0.1:1/x").resume()


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(SinkError, match="no address of PostgreSQL"):
        PostgresSink("mysql://root@127.0.0.1/x?nothing=1").resume()


def test_who_was_overtaken_goes_on_behind_the_other(store: Store, postgres_url: str) -> None:
    slow, quick = PostgresSink(postgres_url), PostgresSink(postgres_url)
    publish(store, 1, clean=clean())
    page = store.feed.page(slow.resume())
    assert quick.resume() == "0-0"
    quick.take(page, current_results(store, page.items))
    with pytest.raises(SinkAway, match="Another process"):
        slow.take(page, current_results(store, page.items))
    assert slow.resume() == page.next_cursor
    slow.close()
    quick.close()


def test_sinks_of_two_names_do_not_share_tables(store: Store, postgres_url: str) -> None:
    """Neither deletes what the other has not committed yet, so that one of both is refused."""
    sink = PostgresSink(postgres_url, "other")
    publish(store, 1, clean=clean())
    page = store.feed.page(sink.resume())
    results = current_results(store, page.items)
    with psycopg.connect(postgres_url) as first:
        first.execute(
            "insert into dateline.articles (article_id, revision, cursor, outcome, accepted_at, finished_at, lane) "
            "values (%s, 1, '1-0', 'done', now(), now(), 'live')",
            [results[0].id],
        )
        with ThreadPoolExecutor(1) as pool:
            second = pool.submit(sink.take, page, results)
            eventually(lambda: waiting(postgres_url) == 1, 20, "the second one waits for the first")
            first.commit()
            with pytest.raises(SinkError, match="another name"):
                second.result(timeout=20)
    sink.close()


def waiting(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("select count(*) from pg_locks where not granted").fetchone()
    return int(row[0]) if row else 0


def test_a_connection_that_breaks_leaves_the_page_out_as_a_whole(store: Store, postgres_url: str) -> None:
    sink = PostgresSink(postgres_url)
    publish(store, 1, clean=clean())
    page = store.feed.page(sink.resume())
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dateline-sink'")
        with pytest.raises(SinkAway):
            sink.take(page, current_results(store, page.items))
        assert admin.execute("select count(*) from dateline.articles").fetchone() == (0,)
    assert sink.resume() == "0-0"
    sink.take(page, current_results(store, page.items))
    sink.close()


WORDS = " ".join(f"w{number:x}ö" for number in range(200_000))
HOSTILE = {
    "a NUL": "before\x00after",
    "what a copy would read as an end or as null": "\\.\n\\N\t\\",
    "more different words than a search vector holds": WORDS,
    "one endless word": "x" * 2_000_000,
    "names beyond the reach of an index": "Ω" * 50_000,
    "an emoji and right-to-left": "👩‍👩‍👧 שלום",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_article_is_kept_like_any_other(store: Store, postgres_url: str, text: str) -> None:
    long = {**entity("ORG", text), "mentions": [{"start": 0, "end": 1, "text": text}]}
    ref = publish(store, 1, clean=clean(title=text, text=text, byline=text), entities={"entities": [long]})
    Runner(store, PostgresSink(postgres_url)).run(once=True)
    [result] = store.results.many([ref])
    assert isinstance(result, Result)
    assert result.clean
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("select title, text, result from dateline.articles").fetchone()
        name = connection.execute("select name from dateline.entities").fetchone()
    kept = text.replace("\x00", "\ufffd")
    assert row
    assert (row[0], row[1], row[2]["clean"]["byline"]) == (kept, kept, kept)
    assert name == (kept,)


def test_mergers_move_articles_whichever_was_written_first(store: Store, postgres_url: str, tmp_path: Path) -> None:
    first, second, third = (letter * 26 for letter in "abc")
    sink = PostgresSink(postgres_url)
    sink.resume()

    def told(number: int, story: str, *merged: str) -> None:
        publish(store, number, clean=clean(), dedupe=relation("same_story", story_id=story, merged_stories=merged))
        page = store.feed.page(sink.cursor)
        entry = page.items[0].model_copy(update={"story_id": story, "merged_stories": merged})
        sink.take(FeedPage(items=(entry,), next_cursor=entry.cursor, more=False), current_results(store, page.items))

    told(1, first)
    told(2, third, second)  # b is part of c, told before what follows
    told(3, second, first)  # a is part of b, and so of c
    told(4, first)  # decided before the mergers, told after them
    with psycopg.connect(postgres_url) as connection:
        found = connection.execute("select story_id, articles, headline from dateline.stories").fetchall()
        assert found == [(third, 4, "Bridge reopens")]
        mergers = connection.execute("select story_id, merged_into from dateline.story_mergers order by 1").fetchall()
        assert mergers == [(first, third), (second, third)]
    sink.close()
