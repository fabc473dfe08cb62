from pathlib import Path

import pytest
from geotag_articles import article, clean_text, mark, write_gazetteer

from schemas import Geotags
from tasks.geotag import GeotagStage, outlet_of, shipped_gazetteer
from tasks.geotag._masthead import masthead


def named(host: str) -> str | None:
    return masthead(host, shipped_gazetteer())


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("middletownpress.com", "middletown"),
        ("chronicle.augusta.com", "augusta"),
        ("onlineathens.com", "athens"),
        ("cambridge-news.co.uk", "cambridge"),
        ("fox7austin.com", "austin"),
        ("thisisoxfordshire.co.uk", "oxfordshire"),
        ("lasvegassun.com", "las vegas"),
        ("nbcconnecticut.com", "connecticut"),
    ],
)
def test_a_host_is_called_after_its_place(host: str, name: str) -> None:
    assert named(host) == name


@pytest.mark.parametrize(
    "host", ["cnn.com", "dailynews.com", "king5.com", "villagevoice.com", "forbes.com", "localhost"]
)
def test_a_host_without_a_place_names_none(host: str) -> None:
    assert named(host) is None


def test_two_words_that_make_a_village_by_chance_are_none() -> None:
    assert named("goldentrianglenewspapers.com") is None


@pytest.fixture
def stage(tmp_path: Path) -> GeotagStage:
    return GeotagStage(write_gazetteer(tmp_path / "gazetteer.sqlite"))


def nearby(stage: GeotagStage, source: str, text: str = "A fair in Springfield.") -> Geotags:
    clean = clean_text(text)
    (found,) = stage.run([article(clean, mark(clean, LOC=["Springfield", "Ogdenville"]), source)])
    assert isinstance(found, Geotags)
    return found


def test_a_name_lies_near_the_place_that_the_source_is_called_after(stage: GeotagStage) -> None:
    found = nearby(stage, "ogdenvilleherald.com")
    assert found.places[0].geoname_id == 5
    assert "near_other_places" in found.places[0].evidence


def test_the_masthead_is_no_place_of_the_article(stage: GeotagStage) -> None:
    found = nearby(stage, "ogdenvilleherald.com")
    assert [place.name for place in found.places] == ["Springfield"]
    assert found.coverage.toponyms == 1
    assert [area.geoname_id for area in found.focus.cities] == [5]


def test_a_masthead_that_the_article_names_itself_counts_no_second_time(stage: GeotagStage) -> None:
    text = "A fair in Springfield, and one in Ogdenville."
    assert nearby(stage, "ogdenvilleherald.com", text).places == nearby(stage, "example.com", text).places


def test_the_outlet_knows_the_masthead_of_its_host() -> None:
    one = article(clean_text("x"), None, "middletownpress.com")
    assert outlet_of(one, shipped_gazetteer()).masthead == "middletown"
    assert outlet_of(article(clean_text("x"), None), shipped_gazetteer()).masthead is None
