from pathlib import Path

import pytest
from geotag_articles import article, clean_text, mark, write_gazetteer

from schemas import Dateline, Geotags, Part, PlaceKind, PlaceRole, Precision
from tasks.geotag import GeotagStage, shipped_gazetteer
from tasks.geotag._answer import _box
from tasks.geotag._metonymy import acts
from tasks.geotag._toponyms import Role, Spot


@pytest.fixture
def stage(tmp_path: Path) -> GeotagStage:
    return GeotagStage(write_gazetteer(tmp_path / "gazetteer.sqlite"))


def geotags(stage: GeotagStage, text: str, dateline: Dateline | None = None, **names: list[str]) -> Geotags:
    clean = clean_text(text, dateline=dateline)
    (answer,) = stage.run([article(clean, mark(clean, **names))])
    assert isinstance(answer, Geotags), answer
    return answer


def test_a_place_tells_feature_precision_and_runner_up(stage: GeotagStage) -> None:
    [place] = geotags(stage, "Springfield.", LOC=["Springfield"]).places
    assert (place.feature_class, place.feature_code, place.precision) == ("P", "PPL", Precision.POINT)
    assert place.runner_up is not None
    assert place.runner_up.geoname_id in {5, 6}
    assert place.margin is not None
    assert 0 < place.margin < 1


def test_a_place_without_namesakes_has_no_runner_up(stage: GeotagStage) -> None:
    [place] = geotags(stage, "Sylvania.", LOC=["Sylvania"]).places
    assert (place.runner_up, place.margin, place.precision) == (None, None, Precision.AREA)


def test_coverage_counts_mentions_of_toponyms_but_not_demonyms(stage: GeotagStage) -> None:
    found = geotags(stage, "Sylvania, Zubrowka, Sylvanian.", LOC=["Sylvania", "Zubrowka"], NORP=["Sylvanian"])
    assert (found.coverage.toponyms, found.coverage.resolved) == (2, 1)


def test_a_dateline_in_the_text_is_a_mention_with_that_role(stage: GeotagStage) -> None:
    dateline = Dateline(text="OGDENVILLE, N.S. (AP) —", place="OGDENVILLE, N.S.", agency="AP")
    found = geotags(stage, "OGDENVILLE, N.S. (AP) — Rain in Ogdenville.", dateline, LOC=["Ogdenville"])
    assert found.dateline is not None
    assert (found.dateline.text, found.dateline.geoname_id) == ("OGDENVILLE", 8)
    assert [mention.role for mention in found.places[0].mentions] == [PlaceRole.DATELINE, PlaceRole.MENTION]
    assert found.places[0].roles == (PlaceRole.DATELINE, PlaceRole.MENTION, PlaceRole.FOCUS)


def test_a_dateline_that_was_taken_off_gives_an_inferred_place(stage: GeotagStage) -> None:
    dateline = Dateline(text="OGDENVILLE, N.S. (AP) —", place="OGDENVILLE, N.S.", agency="AP")
    found = geotags(stage, "Rain fell.", dateline)
    assert [place.name for place in found.places] == ["Ogdenville", "North State"]
    assert found.places[0].mentions == ()
    assert PlaceRole.INFERRED in found.places[0].roles
    assert PlaceRole.MENTION not in found.places[0].roles
    assert found.dateline is not None
    assert found.dateline.geoname_id == 8


def test_a_dateline_that_is_no_known_place_is_told_all_the_same(stage: GeotagStage) -> None:
    found = geotags(stage, "Rain fell.", Dateline(text="ZUBROWKA —", place="ZUBROWKA"))
    assert found.dateline is not None
    assert (found.dateline.text, found.dateline.geoname_id, found.unresolved) == ("ZUBROWKA", None, ())


def test_the_box_holds_all_points_and_no_areas(stage: GeotagStage) -> None:
    found = geotags(
        stage, "Ogdenville, Harbor Airport, Great Sea.", LOC=["Ogdenville", "Great Sea"], FAC=["Harbor Airport"]
    )
    box = found.bounding_box
    assert box is not None
    assert (box.south, box.west, box.north, box.east) == (11.2, 10.2, 20.0, 20.2)
    assert geotags(stage, "Sylvania.", LOC=["Sylvania"]).bounding_box is None


def test_a_box_across_the_180th_meridian_is_the_small_one(stage: GeotagStage) -> None:
    found = geotags(stage, "Ogdenville, Harbor.", LOC=["Ogdenville", "Harbor"]).places
    far = [found[0].model_copy(update={"longitude": 178.0}), found[1].model_copy(update={"longitude": -179.0})]
    box = _box(far)
    assert box is not None
    assert (box.west, box.east) == (178.0, -179.0)


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("Moscow said on Monday", True),
        ("Moscow has repeatedly accused Kyiv", True),
        ("sanctions on Moscow were lifted", True),
        ("talks with Moscow", True),
        ("Moscow residents said", False),
        ("a man from Moscow said", False),
        ("rain in Moscow", False),
        ("the mayor of Moscow said", False),
    ],
)
def test_metonymy_is_seen_in_the_words_around(text: str, actor: bool) -> None:  # noqa: FBT001 - a parameter of the test
    start = text.index("Moscow")
    spot = Spot(Part.TEXT, start, start + 6, "Moscow", "moscow", Role.TOPONYM)
    assert acts(spot, text, PlaceKind.CITY) is actor
    assert acts(spot, text, PlaceKind.SITE) is False


def test_metonymy_keeps_its_place() -> None:
    clean = clean_text("Washington said it would send aid to Kyiv.")
    (found,) = GeotagStage().run([article(clean, mark(clean, LOC=["Washington", "Kyiv"]))])
    assert isinstance(found, Geotags)
    assert {place.name: place.mentions[0].metonymy for place in found.places} == {"Washington": True, "Kyiv": False}
    assert found.gazetteer == shipped_gazetteer().version
