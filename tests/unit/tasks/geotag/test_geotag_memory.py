import json
from dataclasses import replace
from pathlib import Path

import pytest
from geotag_articles import article, clean_text, mark, open_gazetteer, write_gazetteer

from schemas import Geotags, PlaceKind, Ref
from store import SourceMemory
from tasks.geotag import GeotagStage, memory_of
from tasks.stage import StageInput

NORTH = [["ogdenville", 8, 1.0], ["north state", 3, 1.0]]
SOUTH = [["capital city", 9, 1.0], ["south state", 4, 1.0]]


@pytest.fixture
def stage(tmp_path: Path) -> GeotagStage:
    return GeotagStage(write_gazetteer(tmp_path / "gazetteer.sqlite"))


def geotags(stage: GeotagStage, one: StageInput) -> Geotags:
    (answer,) = stage.run([one])
    assert isinstance(answer, Geotags), answer
    return answer


def about(memory: SourceMemory | None, text: str = "A fair in Springfield.") -> StageInput:
    clean = clean_text(text)
    return replace(article(clean, mark(clean, LOC=["Springfield"]), "news.example"), memory=memory)


def taught(*lessons: list[list[object]], home: int | None = None) -> SourceMemory:
    rows = tuple(json.dumps([f"other{at}", *places]).encode() for at, places in enumerate(lessons))
    return SourceMemory(len(rows), rows, home)


def springfield(stage: GeotagStage, memory: SourceMemory | None) -> int:
    return geotags(stage, about(memory)).places[0].geoname_id


def test_a_name_means_the_place_where_its_source_is_read(stage: GeotagStage) -> None:
    assert springfield(stage, None) == 7
    assert springfield(stage, taught(NORTH, NORTH)) == 5
    assert springfield(stage, taught(SOUTH, SOUTH)) == 6


def test_the_answer_says_what_was_known_and_why(stage: GeotagStage) -> None:
    found = geotags(stage, about(taught(NORTH, NORTH)))
    assert found.memory is not None
    assert (found.memory.version, found.memory.articles, found.memory.home) == (2, 2, None)
    assert "source_memory" in found.places[0].evidence
    assert geotags(stage, about(None)).memory is None


def test_a_source_that_writes_of_everywhere_has_little_say(stage: GeotagStage) -> None:
    world = [["x", 5, 1.0], ["y", 6, 1.0], ["z", 12, 1.0], ["alpha", 13, 1.0], ["rook", 14, 1.0]]
    assert springfield(stage, taught(world, world, world)) == 7


def test_the_same_name_in_other_articles_does_not_count(stage: GeotagStage) -> None:
    itself = [["springfield", 5, 1.0]]
    plain, repeated = (geotags(stage, about(memory)).places[0] for memory in (None, taught(*[itself] * 9)))
    assert (plain.geoname_id, plain.confidence) == (repeated.geoname_id, repeated.confidence)


def test_an_articles_own_lesson_is_left_out(stage: GeotagStage) -> None:
    own = SourceMemory(1, (json.dumps(["a", *NORTH]).encode(),))
    assert geotags(stage, about(own)).memory is None


def test_a_home_that_an_operator_set_counts_like_many_articles(stage: GeotagStage) -> None:
    assert springfield(stage, taught(home=8)) == 5
    found = geotags(stage, about(taught(home=8))).memory
    assert found is not None
    assert found.home == 8


def test_recent_articles_count_more_than_old_ones(tmp_path: Path) -> None:
    gazetteer = open_gazetteer(tmp_path)
    moved = about(taught(*[NORTH] * 40, *[SOUTH] * 24))
    memory = memory_of(moved, gazetteer)
    assert memory is not None
    cities = [gazetteer.place(5), gazetteer.place(6)]
    known = [city for city in cities if city is not None]
    from tasks.geotag._sphere import unit_vectors

    north, south = memory.shares("springfield", known, [place.admin1_code for place in known], unit_vectors(known))[
        :, 1
    ]
    assert south > north


def test_a_lesson_names_the_surest_places_and_no_countries(stage: GeotagStage) -> None:
    clean = clean_text("Rain in Ogdenville, North State, and in Freedonia.")
    one = article(clean, mark(clean, LOC=["Ogdenville", "North State", "Freedonia"]))
    own_id, *rows = json.loads(stage.lesson(one, geotags(stage, one)))
    assert own_id == "a"
    assert [row[:2] for row in sorted(rows)] == [["north state", 3], ["ogdenville", 8]]


def test_an_article_without_places_teaches_nothing(stage: GeotagStage) -> None:
    assert stage.lesson(about(None), Geotags()) == ""


def test_the_same_memory_gives_the_same_answer(stage: GeotagStage) -> None:
    one = about(taught(NORTH, SOUTH, NORTH))
    assert geotags(stage, one) == geotags(stage, replace(one, ref=Ref("b", 1)))


TEXAS = [
    ["waxahachie", 4740328, 1.0],
    ["ennis", 4689311, 1.0],
    ["hillsboro", 4697867, 1.0],
    ["corsicana", 4683462, 1.0],
]


@pytest.mark.parametrize(("name", "country"), [("Italy", "IT"), ("Paris", "US")])
def test_a_hamlet_in_the_shadow_of_a_country_is_not_meant_because_the_source_is_near(name: str, country: str) -> None:
    clean = clean_text(f"Wine of {name} was served with that of France to guests from Chicago and Boston.")
    one = replace(article(clean, mark(clean, LOC=[name, "France", "Chicago", "Boston"]), "news.example"))
    (found,) = GeotagStage().run([replace(one, memory=taught(TEXAS, TEXAS))])
    assert isinstance(found, Geotags)
    assert found.places[0].country_code == country


def test_the_answer_says_where_the_source_is_at_home(stage: GeotagStage) -> None:
    found = geotags(stage, about(taught(SOUTH, NORTH, NORTH, NORTH))).memory
    assert found is not None
    assert [(area.geoname_id, area.kind) for area in found.areas] == [
        (3, PlaceKind.ADMIN1), (4, PlaceKind.ADMIN1), (8, PlaceKind.CITY), (9, PlaceKind.CITY),
    ]  # fmt: skip
    north, south = found.areas[0], found.areas[1]
    assert (north.admin1_code, north.latitude, north.longitude) == ("FR.N", 11.0, 10.0)
    assert 0.55 < north.share < 0.65
    assert 0.15 < south.share < 0.25


def test_the_first_article_of_a_source_says_little_of_its_home(stage: GeotagStage) -> None:
    once, often = (geotags(stage, about(taught(*[NORTH] * times))).memory for times in (1, 30))
    assert once is not None
    assert often is not None
    assert once.areas[0].share == 0.5
    assert often.areas[0].share > 0.9


def test_a_home_that_an_operator_set_is_an_area_of_the_source(stage: GeotagStage) -> None:
    found = geotags(stage, about(taught(SOUTH, home=8))).memory
    assert found is not None
    assert [area.geoname_id for area in found.areas] == [3, 8]


def test_what_a_source_names_once_in_a_while_is_not_its_home(stage: GeotagStage) -> None:
    found = geotags(stage, about(taught(SOUTH, *[NORTH] * 20))).memory
    assert found is not None
    assert {area.geoname_id for area in found.areas} == {3, 8}
