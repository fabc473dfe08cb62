"""The shipped gazetteer on real sentences: the golden article, and the wrong answers of other geocoders."""

from pathlib import Path

import pytest
from geotag_articles import article, clean_text, mark

from schemas import CleanText, Entities, Geotags, Part
from tasks.geotag import GeotagStage

SAMPLE = Path(__file__).parents[3] / "data" / "ukraine-aid.txt"
NAMES = {
    "LOC": ["Ukraine", "US", "U.S.", "Warren, Michigan", "Europe", "Russia", "Moscow", "Kyiv", "Sumy"],
    "NORP": ["Ukrainian", "Ukrainians", "Russian", "North Korean", "Western", "Republican", "Democratic"],
    "PERSON": ["Donald Trump", "Trump", "Kamala Harris", "Volodymyr Zelenskiy", "Zelenskiy", "Lloyd Austin"],
    "ORG": ["Pentagon"],
}


@pytest.fixture(scope="module")
def golden() -> tuple[CleanText, Geotags]:
    title, _, body = SAMPLE.read_text().partition("\n\n")
    clean = clean_text(body.partition("\n\nRelated Sources")[0], title)
    (answer,) = GeotagStage().run([article(clean, mark(clean, **NAMES))])
    assert isinstance(answer, Geotags), answer
    return clean, answer


def resolve(text: str, **names: list[str]) -> dict[str, int]:
    clean = clean_text(text)
    (answer,) = GeotagStage().run([article(clean, mark(clean, **names))])
    assert isinstance(answer, Geotags), answer
    return {mention.text: place.geoname_id for place in answer.places for mention in place.mentions}


def test_the_golden_article_names_these_places_and_no_other(golden: tuple[CleanText, Geotags]) -> None:
    assert {place.name: place.geoname_id for place in golden[1].places} == {
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
    assert golden[1].unresolved == ()


def test_warren_is_the_one_in_michigan_and_says_why(golden: tuple[CleanText, Geotags]) -> None:
    warren = next(place for place in golden[1].places if place.name == "Warren")
    assert warren.admin1_code == "US.MI"
    assert "qualifier" in warren.evidence
    assert warren.confidence > 0.9


def test_every_offset_of_the_golden_article_points_at_its_text(golden: tuple[CleanText, Geotags]) -> None:
    clean, found = golden
    texts = {Part.TITLE: clean.title or "", Part.TEXT: clean.text}
    mentions = [mention for place in found.places for mention in place.mentions]
    assert all(texts[m.part][m.start : m.end] == m.text for m in mentions)


def test_the_golden_article_is_about_ukraine_first(golden: tuple[CleanText, Geotags]) -> None:
    focus = golden[1].focus
    assert [area.name for area in focus.countries] == ["Ukraine", "United States", "Russia"]
    assert {"Kyiv", "Sumy"} <= {area.name for area in focus.cities}


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("Near Bangor, Maine, a pileup.", ["Bangor", "Maine"], {"Bangor": 4957280, "Maine": 4971068}),
        ("He moved to Paris, Texas.", ["Paris", "Texas"], {"Paris": 4717560, "Texas": 4736286}),
        ("He moved to Paris.", ["Paris"], {"Paris": 2988507}),
        ("TROY, N.C. (AP) - Some residents", ["TROY"], {"TROY": 4495714}),
        ("Michigan's Warren voted.", ["Michigan", "Warren"], {"Michigan": 5001836, "Warren": 5014051}),
        ("Fighting between Sumy and Kharkiv.", ["Sumy", "Kharkiv"], {"Sumy": 692194, "Kharkiv": 706483}),
        ("Envoys of Poland, Ukraine and Georgia met.", ["Poland", "Ukraine", "Georgia"], {"Georgia": 614540}),
        ("Floods in Atlanta, Georgia, and Alabama.", ["Atlanta", "Georgia", "Alabama"], {"Georgia": 4197000}),
        ("Washington said it would wait.", ["Washington"], {"Washington": 4140963}),
        ("They flew to the USA.", ["USA"], {"USA": 6252001}),
        ("Kiev fell silent.", ["Kiev"], {"Kiev": 703448}),
        ("Drones hit Belgorod region.", ["Belgorod region"], {"Belgorod region": 578071}),
        ("Drones hit the Sumy region.", ["Sumy"], {"Sumy": 692196}),
        ("Drones hit Sumy, the main city of the Sumy region. In Sumy", ["Sumy"], {"Sumy": 692194}),
        ("Congo and Rwanda signed.", ["Congo", "Rwanda"], {"Congo": 203312}),
        ("The U.S. and Maryland watch the Middle East.", ["U.S.", "Maryland", "Middle East"], {"Middle East": 6269133}),
        ("They live in Manchester.", ["Manchester"], {"Manchester": 2643123}),
        ("They moved to L.A. again", ["L.A."], {"L.A.": 5368361}),
        ("Shells hit St. Petersburg and Santiago.", ["St. Petersburg", "Santiago"], {"St. Petersburg": 498817}),
        ("Officials in Oklahoma said so.", ["Oklahoma"], {"Oklahoma": 4544379}),
        ("Aid reached the Gaza Strip and the West Bank.", ["Gaza Strip", "West Bank"], {"West Bank": 285153}),
        ("Fighting in Donbas and Crimea.", ["Donbas", "Crimea"], {"Donbas": 709718, "Crimea": 703883}),
    ],
)
def test_well_known_traps(text: str, names: list[str], expected: dict[str, int]) -> None:
    found = resolve(text, LOC=names)
    assert {name: found.get(name) for name in expected} == expected


def test_a_university_does_not_become_the_town_of_that_name() -> None:
    assert resolve("She left Columbia University.", FAC=["Columbia University"]) == {}


def test_the_white_house_is_not_a_town_in_tennessee() -> None:
    assert resolve("The White House said so.", LOC=["White House"]) == {"White House": -190}


def test_no_entities_no_places() -> None:
    clean = clean_text("Kyiv.")
    (found,) = GeotagStage().run([article(clean, Entities())])
    assert isinstance(found, Geotags)
    assert (found.places, found.unresolved, found.coverage.toponyms) == ((), (), 0)
