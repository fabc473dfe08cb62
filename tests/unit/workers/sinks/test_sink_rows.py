import json

from archive_traffic import AT, Traffic, results

from schemas import FeedEntry, Result
from store import Store
from workers.sinks.postgres import rows


def entry(cursor: str, story: str | None, *merged: str) -> FeedEntry:
    known = {"cursor": cursor, "article_id": "a", "revision": 1, "outcome": "done", "finished_at": AT}
    return FeedEntry.model_validate(known | {"story_id": story, "merged_stories": merged})


def some_result(store: Store) -> Result:
    for _ in Traffic(store).flow(40):
        pass
    return next(one for one in results(store).values() if one.clean and one.entities and one.entities.entities)


def test_each_row_has_as_many_values_as_its_table_has_columns(store: Store) -> None:
    one = some_result(store)
    assert len(rows.article(one)) == len(rows.ARTICLES)
    assert {len(row) for row in rows.entities(one)} == {len(rows.ENTITIES)}
    assert {len(row) for row in rows.mentions(one)} == {len(rows.MENTIONS)}


def test_nul_becomes_a_character_that_can_be_stored_and_offsets_stay(store: Store) -> None:
    one = some_result(store)
    assert one.clean
    text = 'a\x00b \\u0000 \\\\u0000 "\x00"'
    odd = one.model_copy(update={"clean": one.clean.model_copy(update={"text": text, "title": "\x00", "byline": text})})
    row = dict(zip(rows.ARTICLES, rows.article(odd), strict=True))
    assert len(row["text"]) == len(text)
    assert row["text"] == text.replace("\x00", "\ufffd")
    assert row["title"] == "\ufffd"
    assert json.loads(row["result"])["clean"]["byline"] == text.replace("\x00", "\ufffd")


def test_texts_and_mentions_stand_in_the_archive_once(store: Store) -> None:
    one = some_result(store)
    row = dict(zip(rows.ARTICLES, rows.article(one), strict=True))
    kept = json.loads(row["result"])
    assert "text" not in kept["clean"]
    assert not [it for it in kept["entities"]["entities"] if "mentions" in it]
    assert kept["clean"]["title"] == row["title"]


def test_names_are_looked_up_in_any_case_and_at_any_length() -> None:
    assert rows.name_key("STRASSE") == rows.name_key("Straße")
    assert len(rows.name_key("x" * 10_000)) == 200


def test_mergers_of_one_page_lead_to_the_last_story() -> None:
    told = [entry("1-0", "b", "a"), entry("2-0", "c", "b"), entry("3-0", None), entry("4-0", "d", "e", "d")]
    assert rows.mergers(told) == {"a": ("c", "2-0"), "b": ("c", "2-0"), "e": ("d", "4-0")}


def test_a_story_told_after_the_one_that_it_is_part_of_leads_to_the_end() -> None:
    told = [entry("1-0", "d", "c"), entry("2-0", "c", "b"), entry("3-0", "b", "a")]
    assert {old: into for old, (into, _) in rows.mergers(told).items()} == {"a": "d", "b": "d", "c": "d"}
