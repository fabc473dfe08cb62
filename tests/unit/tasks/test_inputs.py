from dataclasses import fields
from datetime import UTC, datetime

import pytest
from conftest import article

from api import examples
from schemas import CleanText, Covered, Entities, Focus, FocusArea, Geotags, Quarantine, StageName
from store import ArticleLines, Store
from tasks.inputs import PARTS, covered, decoded, parts_for, remembering, with_lines
from tasks.stage import LINES, MEMORY, Failed, StageInput

AT = datetime(2026, 11, 12, tzinfo=UTC)


def test_every_part_that_can_be_loaded_is_a_field_of_the_input() -> None:
    assert set(PARTS) <= {field.name for field in fields(StageInput)}


def test_the_last_stage_also_loads_what_the_feed_tells() -> None:
    assert parts_for(("entities",), last=True) == ("entities", "clean")
    assert parts_for(("entities",), last=False) == ("entities",)


def test_a_stage_is_given_its_inputs_decoded(store: Store) -> None:
    store.ledger.accept([article(1, text="The body.")])
    [loaded] = store.ledger.load(store.ledger.claim(limit=1, max_bytes=1, lease_ms=1, bulk_share=0).refs, tuple(PARTS))
    assert loaded is not None
    given = decoded(loaded)
    assert isinstance(given, StageInput)
    assert given.submission is not None
    assert given.submission.text == "The body."
    assert given.clean is given.entities is given.geotag is None


def test_an_article_whose_body_is_gone_is_for_quarantine(store: Store) -> None:
    store.ledger.accept([article(1)])
    [ref] = store.ledger.claim(limit=1, max_bytes=1, lease_ms=1, bulk_share=0).refs
    store.client.hdel(store.keys.record(ref), "body")
    [loaded] = store.ledger.load([ref], ("submission",))
    assert loaded is not None
    answer = decoded(loaded)
    assert isinstance(answer, Failed)
    with pytest.raises(Quarantine, match="submit the article again"):
        raise answer.error


def test_the_stages_of_the_pipeline_read_only_parts_that_exist() -> None:
    from tasks import pipeline

    stages = pipeline.stages(Store.open("redis://127.0.0.1:1/0"), recognizer="onnx", duplicate_weeks=1, story_days=60)
    assert list(stages) == list(StageName)
    assert {part for stage in stages.values() for part in stage.inputs} <= {*PARTS, MEMORY, LINES}


def test_memory_is_loaded_from_the_store_and_not_with_the_article(store: Store) -> None:
    assert parts_for(("clean", MEMORY), last=False) == ("clean",)


def test_each_article_is_given_what_is_known_of_its_source(store: Store) -> None:
    store.sources.set_home("news.example", 5)
    refs = [accepted.ref for accepted in store.ledger.accept([article(1), article(2, url=None)])]
    rows = [row for row in store.ledger.load(refs, ["submission"]) if row is not None]
    inputs = [item for row in rows if isinstance(item := decoded(row), StageInput)]
    known, unknown = remembering(store, inputs, rows)
    assert known.memory is not None
    assert known.memory.home == 5
    assert unknown.memory is None


def test_each_article_is_given_the_lines_that_are_frequent_in_its_source(store: Store) -> None:
    refs = [accepted.ref for accepted in store.ledger.accept([article(number) for number in range(3)])]
    store.source_lines.count([ArticleLines(ref.article_id, "news.example", [b"a line"]) for ref in refs])
    [other] = [accepted.ref for accepted in store.ledger.accept([article(4, url=None)])]
    rows = [row for row in store.ledger.load([*refs, other], ["submission"]) if row is not None]
    inputs = with_lines(store, [item for row in rows if isinstance(item := decoded(row), StageInput)])
    assert [item.source_lines for item in inputs] == [frozenset({b"a line"})] * 3 + [frozenset()]


def test_what_was_found_in_an_article_is_told_for_the_figures(store: Store) -> None:
    [accepted] = store.ledger.accept([article(1)])
    clean = CleanText(title=None, text="Text.", language="en", form="text", quality={"words": 1})
    nothing = StageInput(accepted.ref, AT, clean=clean.model_copy(update={"language": None}), entities=Entities())
    assert covered(None) == covered(nothing) == frozenset()
    places = Geotags.model_validate({"places": [examples.RESULT["geotags"]["places"][0]]})
    assert covered(StageInput(accepted.ref, AT, clean=clean, geotag=places)) == {Covered.LANGUAGE, Covered.PLACES}
    focus = Geotags(focus=Focus(cities=(FocusArea(geoname_id=1, name="Riga", kind="city", score=1),)))
    named = Entities.model_validate(examples.RESULT["entities"])
    assert covered(StageInput(accepted.ref, AT, entities=named, geotag=focus)) == {Covered.ENTITIES, Covered.FOCUS}
