"""What names of one list say of each other, and how far a capital gives way to what is called after it elsewhere."""

import pytest
from geotag_articles import article, clean_text, mark

from schemas import Geotags
from tasks.geotag import GeotagStage

PARIS, VIENNA, ISLAMABAD, SANTIAGO_OF_CHILE = 2988507, 2761369, 1176615, 3871336
ROME_IN_GEORGIA, ATHENS_IN_GEORGIA, ATHENS_IN_OHIO = 4219762, 4180386, 4505542


def geotags(text: str, *names: str) -> Geotags:
    clean = clean_text(text)
    (answer,) = GeotagStage().run([article(clean, mark(clean, LOC=list(names)))])
    assert isinstance(answer, Geotags), answer
    return answer


def resolve(text: str, *names: str) -> dict[str, int]:
    return {mention.text: p.geoname_id for p in geotags(text, *names).places for mention in p.mentions}


@pytest.mark.parametrize("joined", ["Paris or Vienna", "Paris and Vienna", "Vienna, Paris"])
def test_capitals_side_by_side_are_the_capitals_whatever_the_article_is_about(joined: str) -> None:
    text = f"Austin, Texas, need not become {joined}. Austin needs housing, Dallas too."
    found = resolve(text, "Austin", "Texas", "Paris", "Vienna", "Dallas")
    assert (found["Paris"], found["Vienna"]) == (PARIS, VIENNA)


def test_neighbours_that_are_called_like_capitals_stay_where_the_article_plays() -> None:
    text = "In Georgia, Atlanta, Macon and Savannah saw rain, as did Athens and Rome. Macon was hit worst."
    found = resolve(text, "Georgia", "Atlanta", "Macon", "Savannah", "Athens", "Rome")
    assert (found["Athens"], found["Rome"]) == (ATHENS_IN_GEORGIA, ROME_IN_GEORGIA)


def test_a_qualified_namesake_of_a_capital_is_not_one_of_a_list() -> None:
    found = resolve("The tour goes to Athens, Ohio, and Vienna.", "Athens", "Ohio", "Vienna")
    assert found["Athens"] == ATHENS_IN_OHIO


def test_an_old_name_of_a_town_does_not_beat_the_capital_of_that_name() -> None:
    text = "He flew to Delhi. Talks in Mumbai follow, his office in Islamabad said."
    assert resolve(text, "Delhi", "Mumbai", "Islamabad")["Islamabad"] == ISLAMABAD


def test_an_old_name_with_its_state_still_means_the_town() -> None:
    text = "Police in Islamabad, Jammu and Kashmir, said so."
    assert resolve(text, "Islamabad", "Jammu and Kashmir")["Islamabad"] == 1278667


def test_a_country_behind_of_says_where_a_place_lies() -> None:
    found = geotags("Dinamo Tbilisi beat Santiago of Panama in Batumi.", "Santiago", "Panama", "Batumi", "Tbilisi")
    assert {place.country_code for place in found.places if place.mentions[0].text in ("Santiago", "Panama")} == {"PA"}
    assert resolve("They beat Santiago.", "Santiago")["Santiago"] == SANTIAGO_OF_CHILE


def test_a_name_is_no_town_of_another_country_than_the_one_that_it_is_listed_with() -> None:
    found = geotags("Police in Headingley and Harehills were called.", "Headingley", "Harehills")
    assert [place.name for place in found.places] == ["Harehills"]
    assert [one.name for one in found.unresolved] == ["Headingley"]


def test_a_name_that_is_listed_with_a_unique_one_lies_beside_it() -> None:
    found = geotags("Police in Newport and Cwmbran were called.", "Newport", "Cwmbran")
    newport = next(place for place in found.places if place.mentions[0].text == "Newport")
    assert newport.country_code == "GB"
    assert "qualifier" in newport.evidence
