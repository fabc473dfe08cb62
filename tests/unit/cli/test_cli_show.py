import json

import httpx
import pytest
from unit.cli.results import record, result
from unit.cli.service import client, problem

from cli.errors import Trouble
from cli.exits import Exit
from cli.output import age
from cli.show import show
from schemas import CleanText, Duplicates, Failure, Form, Outcome, Quality, Relation, Result, StageName, StageStatus

FAILURE = Failure(
    stage=StageName.CLEAN,
    error="Boom",
    message="It broke.",
    attempts=4,
    worker="w",
    version="v",
    at="2026-01-01T00:00:00Z",  # type: ignore[arg-type]
)
PENDING = {
    "id": "a1",
    "revision": 1,
    "latest_revision": 1,
    "lane": "live",
    "trace_id": "t",
    "accepted_at": "2026-01-01T00:00:00Z",
    "state": "delayed",
    "attempts": 2,
    "last_failure": FAILURE.model_dump(mode="json"),
}


def printed(capsys: pytest.CaptureFixture[str], found: Result, *, as_json: bool = False, text: bool = False) -> str:
    answer = httpx.Response(200, json=found.model_dump(mode="json"))
    show("a1", text_only=text, as_json=as_json, client=client(lambda _: answer))
    return capsys.readouterr().out


def test_a_result_is_shown_with_everything_that_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys, result(relation=Relation.NEAR, of="b2"))
    expected = (
        "A title",
        "done",
        "clean ✓ 12 ms",
        "Ada Lima",
        "UNESCO",
        "Lima",
        "12.04 S 77.03 W",
        "b2 (nearly the same text, 100% shared)",
        "Peru 80%",
        "Words.",
    )
    for part in expected:
        assert part in told


def related(relation: Relation, of: str | None = None, story: str | None = None) -> Result:
    duplicates = Duplicates(
        relation=relation, canonical_id=of or "a1", cluster_id=of or "a1", story_id=story, score=0.5, jaccard=0.4,
        index_version=1,
    )  # fmt: skip
    return result(duplicates=duplicates)


@pytest.mark.parametrize(
    ("relation", "of", "told"),
    [
        (Relation.ORIGINAL, None, "nothing: an original"),
        (Relation.SAME_STORY, None, "nothing: an original"),
        (Relation.EXACT, "b2", "b2 (the same text, 50% shared)"),
        (Relation.CONTAINED_IN, "b2", "b2, which has all of it (50% shared)"),
        (Relation.CONTAINS, None, "an original that has all of an earlier, shorter one (50% shared)"),
        (Relation.LOW_INFORMATION, None, "unknown: its text is too short to be compared"),
    ],
)
def test_what_an_article_is_a_copy_of_is_told_in_words(
    capsys: pytest.CaptureFixture[str], relation: Relation, of: str | None, told: str
) -> None:
    assert told in printed(capsys, related(relation, of))


def test_what_is_probably_the_same_report_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    known = related(Relation.SAME_STORY).duplicates
    assert known
    unsure = known.model_copy(update={"cluster_id": "b2", "confidence": 0.87})
    assert "perhaps b2, probably the same report (87%)" in printed(capsys, result(duplicates=unsure))


def test_a_text_that_hardly_tells_of_its_headline_is_told_from_a_short_one(capsys: pytest.CaptureFixture[str]) -> None:
    found = related(Relation.LOW_INFORMATION)
    assert found.duplicates
    off = found.duplicates.model_copy(update={"guards_failed": ("off_headline",)})
    assert "hardly tells of its headline" in printed(capsys, result(duplicates=off))


def test_a_story_is_named_where_another_article_began_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert "story" not in printed(capsys, related(Relation.ORIGINAL, story="a1"))
    assert "story b2" in " ".join(printed(capsys, related(Relation.SAME_STORY, story="b2")).split())


def test_a_long_text_ends_at_a_word_and_says_how_to_get_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    text = "Paragraph " * 100
    clean = CleanText(title="A title", text=text.strip(), language="en", form=Form.TEXT, quality=Quality(words=100))
    told = printed(capsys, result(clean=clean))
    assert "Paragrap " not in told
    assert "more characters with --text" in told


def test_fields_that_a_newer_server_adds_are_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    document = result().model_dump(mode="json") | {"mood": "sunny"}
    document["clean"] |= {"smell": "none"}
    show("a1", text_only=True, as_json=False, client=client(lambda _: httpx.Response(200, json=document)))
    assert capsys.readouterr().out == "Words.\n"


def test_text_prints_the_clean_text_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, result(), text=True) == "Words.\n"


def test_json_is_the_document_of_the_api(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(printed(capsys, result(), as_json=True)) == result().model_dump(mode="json")


def test_a_stage_that_did_not_run_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    stages = (record(StageName.CLEAN), record(StageName.ENTITIES, StageStatus.SKIPPED, "language"))
    told = printed(capsys, result(entities=None, stages=stages))
    assert "entities – skipped" in told
    assert "entities: language" in told


def test_an_article_in_quarantine_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    bare = {"clean": None, "entities": None, "geotags": None, "duplicates": None, "stages": ()}
    told = printed(capsys, result(outcome=Outcome.QUARANTINED, failure=FAILURE, **bare))
    assert "Boom: It broke." in told


def test_an_article_on_its_way_shows_its_state_and_last_failure(capsys: pytest.CaptureFixture[str]) -> None:
    show("a1", text_only=False, as_json=False, client=client(lambda _: httpx.Response(200, json=PENDING)))
    told = capsys.readouterr().out
    assert "delayed" in told
    assert "Boom: It broke." in told


def test_there_is_no_clean_text_while_an_article_is_on_its_way() -> None:
    with pytest.raises(Trouble, match="no clean text"):
        show("a1", text_only=True, as_json=False, client=client(lambda _: httpx.Response(200, json=PENDING)))


def test_a_revision_is_asked_for_by_its_number() -> None:
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, json=result().model_dump(mode="json"))

    show("a1:3", text_only=False, as_json=True, client=client(answer))
    assert asked[0].path == "/v1/articles/a1"
    assert asked[0].params["revision"] == "3"


def test_an_article_that_is_not_there_ends_with_5() -> None:
    missing = httpx.Response(404, json=problem(404, "Not found"))
    with pytest.raises(Trouble, match="Not found") as trouble:
        show("a1", text_only=False, as_json=False, client=client(lambda _: missing))
    assert trouble.value.exit_code is Exit.MISSING


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "just now"), (9, "9 s"), (60, "1 min"), (75, "1 min 15 s"), (7_260, "2 h 1 min"), (90_000, "1 d 1 h")],
)
def test_an_age_is_told_in_the_units_a_person_would_use(seconds: int, told: str) -> None:
    from datetime import UTC, datetime, timedelta

    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert age(now - timedelta(seconds=seconds), now) == told
    assert age(None, now) == "–"


def test_a_refusal_names_what_has_to_be_corrected() -> None:
    errors = [{"parameter": "country", "message": "must be two letters"}]
    refused = httpx.Response(422, json=problem(422, "Not valid", "See errors.", errors=errors))
    with pytest.raises(Trouble) as trouble:
        show("a1", text_only=False, as_json=False, client=client(lambda _: refused))
    assert trouble.value.next_step == "country must be two letters."
