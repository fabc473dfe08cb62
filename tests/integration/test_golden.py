"""The golden sample through the real stages: what the README promises, on a real article."""

import json
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLE
from jsonschema import Draft202012Validator

from schemas import Label, Lane, Outcome, Part, Relation, Result, StageName, StageStatus, Submission
from store import Near, NewArticle, Query, RedisDuplicateIndex, Store
from tasks import pipeline
from tasks.batch import Batch
from tasks.dedupe import DedupeStage
from tasks.runtime import Runtime
from tasks.stage_run import StageRun

pytestmark = pytest.mark.integration

TEXT = SAMPLE.read_text("utf-8")
PARAGRAPHS = TEXT.split("\n\n")[1:-2]
"""The body: without headline and the two paragraphs of leftovers."""


@pytest.fixture(scope="module")
def stages() -> object:
    import fakeredis

    return pipeline.stages(Store(fakeredis.FakeRedis()), recognizer="onnx", duplicate_weeks=5, story_days=60)


@pytest.fixture
def process(store: Store, stages: dict[StageName, object]) -> Runtime:
    dedupe = DedupeStage(RedisDuplicateIndex(store.client, store.keys.prefix))
    return Runtime(store=store, stages={**stages, StageName.DEDUPE: dedupe})  # type: ignore[dict-item]


def through(process: Runtime, *submissions: Submission) -> list[Result]:
    accepted = process.store.ledger.accept([NewArticle(item, Lane.LIVE, "trace") for item in submissions])
    batch = Batch.of(process.claim())
    for stage in StageName:
        batch = StageRun(process, stage, batch).execute()
    results = [process.store.results.get(a.ref.article_id, a.ref.revision) for a in accepted]
    assert all(isinstance(result, Result) for result in results)
    return results  # type: ignore[return-value]


@pytest.fixture
def golden(process: Runtime) -> Result:
    return through(process, Submission(text=TEXT))[0]


def names(result: Result, label: Label) -> set[str]:
    assert result.entities is not None
    return {entity.name for entity in result.entities.entities if entity.label is label}


def test_the_article_is_done_and_every_stage_did_its_work(golden: Result) -> None:
    assert golden.outcome is Outcome.DONE
    assert [record.status for record in golden.stages] == [StageStatus.DONE] * 4


def test_the_headline_is_the_title_and_the_body_is_whole(golden: Result) -> None:
    assert golden.clean is not None
    assert golden.clean.title == "US Announces New Security Assistance to Ukraine Amid Political Tensions"
    assert golden.clean.language == "en"
    assert golden.clean.text.split("\n\n") == PARAGRAPHS


def test_the_leftover_sources_are_removed_and_recorded(golden: Result) -> None:
    assert golden.clean is not None
    [tail] = [removed for removed in golden.clean.removed if "Related Sources" in removed.text]
    assert TEXT[tail.start : tail.end] == tail.text
    assert "Source 2" in tail.text
    assert "Related Sources" not in golden.clean.text


def test_each_person_is_found_once(golden: Result) -> None:
    expected = {
        "Donald Trump", "Kamala Harris", "Volodymyr Zelenskiy", "Lloyd Austin", "Dmitry Medvedev", "Serhiy Popko",
    }  # fmt: skip
    assert names(golden, Label.PERSON) == expected


def test_a_surname_is_a_mention_of_its_person(golden: Result) -> None:
    assert golden.entities is not None
    mentions = {entity.name: [m.text for m in entity.mentions] for entity in golden.entities.entities}
    assert mentions["Donald Trump"] == ["Donald Trump", "Trump"]
    assert mentions["Volodymyr Zelenskiy"] == ["Volodymyr Zelenskiy", "Zelenskiy"]


def test_the_pentagon_is_an_organisation(golden: Result) -> None:
    assert "Pentagon" in names(golden, Label.ORG)


def test_every_offset_points_at_its_text(golden: Result) -> None:
    assert golden.clean is not None
    assert golden.entities is not None
    assert golden.geotags is not None
    parts = {Part.TEXT: golden.clean.text, Part.TITLE: golden.clean.title or ""}
    mentions = [m for entity in golden.entities.entities for m in entity.mentions]
    mentions += [m for place in golden.geotags.places for m in place.mentions]
    assert len(mentions) > 50
    assert all(parts[m.part][m.start : m.end] == m.text for m in mentions)


def test_the_places_are_the_right_ones_and_no_others(golden: Result) -> None:
    assert golden.geotags is not None
    found = {place.name: place.geoname_id for place in golden.geotags.places}
    assert found == {
        "United States": 6252001,
        "Ukraine": 690791,
        "Warren": 5014051,
        "Michigan": 5001836,
        "Europe": 6255148,
        "Kyiv": 703448,
        "Russia": 2017370,
        "Moscow": 524901,
        "Sumy": 692194,
    }


def test_the_article_is_about_ukraine(golden: Result) -> None:
    assert golden.geotags is not None
    assert golden.geotags.focus.countries[0].name == "Ukraine"
    assert golden.geotags.focus.cities[0].name == "Kyiv"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Query(near=Near(50.45, 30.52, 50)), True),
        (Query(country="UA", admin1="US.MI"), True),
        (Query(place=703448), True),
        (Query(near=Near(48.85, 2.35, 50)), False),
        (Query(place=703448, country="FR"), False),
    ],
)
def test_the_article_is_found_by_its_places(process: Runtime, golden: Result, asked: Query, found: bool) -> None:  # noqa: FBT001
    assert [item.id for item in process.store.listing.page(asked).items] == [golden.id] * found


def test_a_local_paper_is_known_by_its_earlier_articles(process: Runtime) -> None:
    def paper(number: int, text: str) -> Submission:
        return Submission(url=f"https://paper.example/{number}", text=text)

    first = "Roads between Clarksville, Texas, and Bonham, Texas, were closed. Cooper, Texas, saw hail on Monday."
    second = "The council of Paris met on Monday. Paris will repair its roads before winter, the mayor of Paris said."
    [taught] = through(process, paper(1, first))
    [alone] = through(process, Submission(url="https://elsewhere.example/1", text=second))
    [known] = through(process, paper(2, second))
    assert taught.geotags is not None
    assert alone.geotags is not None
    assert known.geotags is not None
    assert taught.geotags.memory is None
    assert [place.country_code for place in alone.geotags.places if place.name == "Paris"] == ["FR"]
    assert [place.admin1_code for place in known.geotags.places if place.name == "Paris"] == ["US.TX"]
    assert known.geotags.memory is not None
    assert known.geotags.memory.version == 1


def test_the_result_is_valid_by_the_published_schema(golden: Result) -> None:
    schema = json.loads(Path(ROOT, "docs", "results", "result.schema.json").read_text())
    Draft202012Validator(schema).validate(json.loads(golden.model_dump_json()))


@pytest.mark.parametrize("headline", ["Pentagon sends more aid to Kyiv", "A completely different headline"])
@pytest.mark.parametrize("dropped", range(len(PARAGRAPHS)))
def test_a_copy_with_a_new_headline_and_one_paragraph_less_is_a_near_duplicate(
    process: Runtime, golden: Result, headline: str, dropped: int
) -> None:
    kept = [paragraph for number, paragraph in enumerate(PARAGRAPHS) if number != dropped]
    [copy] = through(process, Submission(title=headline, text="\n\n".join(kept)))
    assert copy.duplicates is not None
    assert (copy.duplicates.relation, copy.duplicates.canonical_id) == (Relation.NEAR, golden.id)


def test_another_article_is_an_original(process: Runtime, golden: Result) -> None:
    text = Path(ROOT, "samples", "10-paris-texas.txt").read_text("utf-8")
    [other] = through(process, Submission(text=text))
    assert other.duplicates is not None
    assert other.duplicates.relation is Relation.ORIGINAL
    assert golden.duplicates is not None
    assert golden.duplicates.relation is Relation.ORIGINAL


def test_submitting_it_again_is_no_new_work(process: Runtime, golden: Result) -> None:
    [again] = process.store.ledger.accept([NewArticle(Submission(text=TEXT), Lane.LIVE, "other")])
    assert (again.answer.value, again.ref.article_id, again.ref.revision) == ("existing", golden.id, 1)
    assert process.claim().refs == ()


def test_without_its_model_the_entities_stage_is_unavailable_and_the_rest_stands(store: Store) -> None:
    stages = pipeline.stages(store, recognizer="onnx:/nowhere", duplicate_weeks=5, story_days=60)
    [partial] = through(Runtime(store=store, stages=stages), Submission(text=TEXT))
    assert partial.outcome is Outcome.PARTIAL
    assert [record.status for record in partial.stages] == [
        StageStatus.DONE,
        StageStatus.UNAVAILABLE,
        StageStatus.SKIPPED,
        StageStatus.DONE,
    ]
    assert partial.entities is None
    assert partial.clean is not None
    assert partial.duplicates is not None
