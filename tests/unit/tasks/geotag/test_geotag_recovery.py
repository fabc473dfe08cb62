"""What the recognizer missed, and what has to stay what it is."""

import pytest
from geotag_articles import clean_text, mark

from tasks.geotag import read, shipped_gazetteer


def resolved(text: str, **names: list[str]) -> dict[str, str]:
    """Mentions and the names of their places."""
    clean = clean_text(text)
    decisions = read(clean, mark(clean, **names), shipped_gazetteer())
    return {spot.text: d.place.name for d in decisions if d.place is not None for spot in d.spots}


def recovered(text: str, **names: list[str]) -> set[str]:
    clean = clean_text(text)
    decisions = read(clean, mark(clean, **names), shipped_gazetteer())
    return {spot.text for d in decisions if d.place is not None for spot in d.spots if spot.recovered}


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("Rep. Jay Roberts (R-Ocilla) spoke.", {}, {"Ocilla"}),
        ("A fire in Fairfield, Connecticut, was put out.", {}, {"Fairfield", "Connecticut"}),
        (
            "The Kansas Department of Transportation agreed.",
            {"ORG": ["Kansas Department of Transportation"]},
            {"Kansas"},
        ),
        ("Kanawha County Schools closed.", {"ORG": ["Kanawha County Schools"]}, {"Kanawha County"}),
        ("Snow fell in Houston and near Dallas.", {"PERSON": ["Houston"], "LOC": ["Dallas"]}, {"Houston"}),
        ("DALLAS (AP) — Rain. He left Dallas.", {"ORG": ["DALLAS"], "LOC": ["Dallas"]}, {"DALLAS"}),
    ],
)
def test_a_name_with_strong_evidence_is_found(text: str, names: dict[str, list[str]], found: set[str]) -> None:
    assert recovered(text, **names) == found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Washington Post said so.", {"ORG": ["Washington Post"]}),
        ("Students of Columbia University cheered.", {"ORG": ["Columbia University"]}),
        ("Bank of America lends less.", {"ORG": ["Bank of America"]}),
        ("Paris Hilton sang; Paris smiled in Hilton.", {"PERSON": ["Paris Hilton", "Paris"]}),
        ("The Federal Aviation Authority agreed.", {"ORG": ["Federal Aviation Authority"]}),
        ("Pupils of St. John's School sang.", {"ORG": ["St. John's School"]}),
        ("George Washington High School won.", {"ORG": ["George Washington High School"]}),
        ("The University of Georgia won.", {"ORG": ["University of Georgia"]}),
        ("The Texas Rangers won.", {"ORG": ["Texas Rangers"]}),
        ("The Chicago Police Department said so.", {"ORG": ["Chicago Police Department"]}),
        ("The ball was R-rated.", {}),
    ],
)
def test_companies_schools_and_persons_are_no_places(text: str, names: dict[str, list[str]]) -> None:
    assert recovered(text, **names) == set()


def test_a_body_sits_where_the_article_plays() -> None:
    text = "Athens, Georgia: the Athens City Council met."
    assert resolved(text, LOC=["Athens", "Georgia"], ORG=["Athens City Council"])["Athens"] == "Athens"
    clean = clean_text("The Lansing City Council met in Detroit, Michigan.")
    decisions = read(clean, mark(clean, ORG=["Lansing City Council"], LOC=["Detroit", "Michigan"]), shipped_gazetteer())
    lansing = [d.place for d in decisions if d.spots[0].text == "Lansing"]
    assert [place.admin1_code for place in lansing if place] == ["US.MI"]


@pytest.mark.parametrize(
    ("text", "whole", "name"),
    [
        ("A Britain-based firm.", "Britain-based", "United Kingdom"),
        ("Crash on U.S. 127 today.", "U.S. 127", "United States"),
        ("Nazi Germany fell.", "Nazi Germany", "Germany"),
    ],
)
def test_a_mention_that_holds_more_than_a_name_is_cut_down_to_it(text: str, whole: str, name: str) -> None:
    assert list(resolved(text, LOC=[whole]).values()) == [name]


def test_the_strait_of_georgia_is_not_in_georgia() -> None:
    text = "The ferry crossed the Strait of Georgia to Vancouver."
    assert resolved(text, LOC=["Georgia", "Vancouver"]) == {"Vancouver": "Vancouver"}
    assert resolved(text, LOC=["Strait of Georgia", "Vancouver"]) == {"Vancouver": "Vancouver"}


def test_the_red_river_is_no_county() -> None:
    text = "The Red River rose near Paris, Texas, and Hugo, Oklahoma."
    found = resolved(text, LOC=["Red River", "Paris", "Texas", "Hugo", "Oklahoma"])
    assert found.get("Red River") in {None, "Red River"}


def test_city_of_x_and_x_are_one_place() -> None:
    text = "The City of Huntsville said that Huntsville, Texas, grows."
    found = resolved(text, LOC=["City of Huntsville", "Huntsville", "Texas"])
    assert found["City of Huntsville"] == found["Huntsville"]


def test_a_pronoun_is_no_country() -> None:
    assert resolved("What is in it for us?", LOC=["us"]) == {}


def test_a_river_that_is_not_known_lies_where_its_namesake_lies() -> None:
    clean = clean_text("The Naugatuck River flooded Waterbury, Connecticut, and Naugatuck.")
    names = ["Naugatuck River", "Waterbury", "Connecticut", "Naugatuck"]
    decisions = read(clean, mark(clean, LOC=names), shipped_gazetteer())
    river = next(d for d in decisions if d.spots[0].text == "Naugatuck River")
    assert river.place is not None
    assert (river.place.kind.value, river.place.admin1_code, river.place.is_derived) == ("water", "US.CT", True)
    assert "namesake" in river.evidence


def test_a_river_with_a_distant_namesake_stays_unresolved() -> None:
    names = ["Naugatuck River", "Berlin", "Germany"]
    found = resolved("The Naugatuck River flooded Berlin and all of Germany.", LOC=names)
    assert found == {"Berlin": "Berlin", "Germany": "Germany"}
