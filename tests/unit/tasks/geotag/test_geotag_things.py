"""What the words around a name make something else than a town, and what stays one."""

import pytest
from geotag_articles import clean_text, mark

from tasks.geotag import read, shipped_gazetteer


def resolved(text: str, *names: str) -> dict[str, str]:
    """Mentions of places and the names of their places."""
    clean = clean_text(text)
    decisions = read(clean, mark(clean, LOC=list(names)), shipped_gazetteer())
    return {spot.text: d.place.name for d in decisions if d.place is not None for spot in d.spots}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hartford is proud of the Webster.", "Webster"),
        ("They built the hotel, a Hilton, which opened.", "Hilton"),
        ("Visitors see what the Adena people buried.", "Adena"),
        ("Area woman sentenced for fraud.", "Area"),
        ("Casino's sprinklers were off.", "Casino"),
        ("Officials at Tri-State say they can.", "Tri-State"),
        ("The Southern District of Ohio heard it.", "Southern District"),
        ("He heals at St. Paul's Hospital.", "St. Paul"),
        ("Labs such as NERI in Colorado.", "NERI"),
        ("She leaves two sons, Fargo, of Denver, and Troy, of Tampa.", "Troy"),
        ("Two were held. Troy, 24, said nothing.", "Troy"),
        ("She studies at McGill. McGill University is proud.", "McGill"),
    ],
)
def test_a_thing_is_no_town(text: str, name: str) -> None:
    assert name not in resolved(text, name)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Omaha company recalled its beef.", ["Omaha"]),
        ("A Warren, Michigan, man was held.", ["Warren", "Michigan"]),
        ("Fields of the Gainesville and Denton area in Texas.", ["Gainesville", "Denton", "Texas"]),
        ("The Netherlands won.", ["Netherlands"]),
        ("She lives in the Bronx.", ["Bronx"]),
        ("The court sits in The Hague.", ["Hague"]),
        ("The City of Huntsville, Texas, pays.", ["City of Huntsville", "Texas"]),
        ("Students at McGill, Nevada, read. McGill College is far.", ["McGill", "Nevada"]),
        ("St. Paul's mayor spoke in Minnesota.", ["St. Paul", "Minnesota"]),
        ("Temple, Texas, is calm.", ["Temple", "Texas"]),
        ("Floods in NSW and the UAE.", ["NSW", "UAE"]),
        ("Rain fell. PARIS (AP) — It rains in France.", ["PARIS", "France"]),
        ("It lies in the mountains of the Caucasus.", ["Caucasus"]),
    ],
)
def test_a_place_stays_a_place_behind_an_article(text: str, names: list[str]) -> None:
    assert set(resolved(text, *names)) >= set(names)


def test_a_name_stays_a_place_behind_in_where_it_is_a_thing_elsewhere() -> None:
    text = "Crowds saw the Webster. The play opened in Webster, Massachusetts."
    assert resolved(text, "Webster", "Massachusetts")["Webster"] == "Webster"


def test_the_ohio_behind_an_article_is_no_state_and_the_potomac_is_the_river() -> None:
    text = "The Potomac River rose in Maryland. Boats left the Potomac for repairs."
    found = resolved(text, "Potomac River", "Maryland", "Potomac")
    assert found["Potomac"] == found["Potomac River"]


def test_streets_of_a_list_are_no_towns() -> None:
    text = "He was hit near Rivers and Stokes avenues in Charleston, South Carolina."
    assert set(resolved(text, "Rivers", "Stokes", "Charleston", "South Carolina")) == {"Charleston", "South Carolina"}
