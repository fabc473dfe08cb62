"""Sites that the gazetteer lacks, placed where the text says they stand."""

import pytest
from geotag_articles import article, clean_text, mark

from schemas import Geotags, Place, PlaceKind, Precision
from tasks.geotag import GeotagStage


def found(text: str, *names: str, **sites: list[str]) -> dict[str, Place]:
    clean = clean_text(text)
    (answer,) = GeotagStage().run([article(clean, mark(clean, LOC=list(names), **sites))])
    assert isinstance(answer, Geotags)
    return {mention.text: place for place in answer.places for mention in place.mentions}


@pytest.mark.parametrize(
    ("text", "site", "town"),
    [
        ("A tree fell in Whittier's Penn Park on Saturday.", "Penn Park", "Whittier"),
        ("He prayed at St. Takla Church in Alexandria, he said.", "St. Takla Church", "Alexandria"),
        ("They met at the Zorbel Theatre in downtown Leeds.", "Zorbel Theatre", "Leeds"),
    ],
)
def test_a_site_lies_in_the_town_that_the_text_names(text: str, site: str, town: str) -> None:
    places = found(text, town, FAC=[site])
    assert places[site].kind in (PlaceKind.SITE, PlaceKind.REGION)
    assert places[site].precision is Precision.PARENT
    assert places[site].geoname_id < 0
    assert (places[site].latitude, places[site].longitude) == (places[town].latitude, places[town].longitude)
    assert places[site].confidence < places[town].confidence


@pytest.mark.parametrize(
    ("text", "site", "other"),
    [
        ("The Zorbel Theatre, Leeds and York were lit.", "Zorbel Theatre", "Leeds"),
        ("The Zorbel Theatre in France closed.", "Zorbel Theatre", "France"),
        ("A fire on Zorbel Road in Leeds was put out.", "Zorbel Road", "Leeds"),
    ],
)
def test_lists_countries_and_streets_place_no_site(text: str, site: str, other: str) -> None:
    assert site not in found(text, other, FAC=[site])


def test_a_site_without_a_town_stays_unresolved() -> None:
    assert found("The Zorbel Theatre closed on Monday.", FAC=["Zorbel Theatre"]) == {}
