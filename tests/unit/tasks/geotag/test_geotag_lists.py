"""What names of one list say of each other, and how far a capital gives way to what is called after it elsewhere."""

import pytest
from geotag_articles import article, clean_text, mark

from schemas import Geotags
from tasks.geotag import GeotagStage

PARIS, VIENNA, ISLAMABAD, SANTIAGO_OF_CHILE = 2988507, 2761369, 1176615, 3871336
GEORGETOWN_IN_GUYANA, KINGSTON_IN_JAMAICA = 3378644, 3489854
GEORGETOWN_IN_ONTARIO, KINGSTON_IN_ONTARIO = 5960533, 5992500
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


def test_capitals_of_small_states_side_by_side_are_those() -> None:
    found = resolve("Ministers met in Georgetown and Kingston on Monday.", "Georgetown", "Kingston")
    assert (found["Georgetown"], found["Kingston"]) == (GEORGETOWN_IN_GUYANA, KINGSTON_IN_JAMAICA)


def test_their_namesakes_in_one_province_are_meant_where_the_article_names_it() -> None:
    text = "In Ontario, Georgetown and Kingston saw snow."
    found = resolve(text, "Ontario", "Georgetown", "Kingston")
    assert (found["Georgetown"], found["Kingston"]) == (GEORGETOWN_IN_ONTARIO, KINGSTON_IN_ONTARIO)


@pytest.mark.parametrize(
    ("text", "names", "name", "division"),
    [
        ("Corbin and London in Kentucky saw snow.", ["Corbin", "London", "Kentucky"], "London", "US.KY"),
        ("It rained in Covington and in Paris, Kentucky.", ["Covington", "Paris", "Kentucky"], "Covington", "US.KY"),
        ("A plant in Valencia, in Spain, will close; one in Detroit stays.", ["Valencia", "Spain", "Detroit"],
         "Valencia", "ES.60"),
    ],
)  # fmt: skip
def test_what_a_list_or_a_clause_says_of_where_a_name_lies_is_heard(
    text: str, names: list[str], name: str, division: str
) -> None:
    found = {m.text: place.admin1_code for place in geotags(text, *names).places for m in place.mentions}
    assert found[name] == division


def test_a_township_does_not_jump_to_the_largest_town_of_its_name() -> None:
    answer = geotags("TROY, Ohio. Trustees of Concord Township met.", "TROY", "Ohio", "Concord Township")
    assert {one.name for one in answer.places} == {"Troy", "Ohio"}
    assert [one.name for one in answer.unresolved] == ["Concord Township"]


def test_the_city_of_the_first_sentence_leads_also_where_many_are_named() -> None:
    cities = ["Leeds", "Bradford", "Halifax", "Dewsbury", "Wakefield", "Huddersfield", "Sheffield", "Doncaster",
              "Barnsley", "Rotherham", "York", "Hull"]  # fmt: skip
    text = f"A gang from Leeds was jailed on Monday. {'It was a long trial with many witnesses. ' * 6}"
    focus = geotags(f"{text} It stole cars in {', '.join(cities[1:])}.", *cities).focus
    assert focus.cities[0].name == "Leeds"


@pytest.mark.parametrize("label", ["PERSON", "ORG"])
@pytest.mark.parametrize("name", ["Comoros", "Addis Ababa"])
def test_a_name_that_only_a_country_or_great_city_has_is_the_place_whatever_it_was_taken_for(
    name: str, label: str
) -> None:
    clean = clean_text(f"{name} set aside grain, the agency said. Chad Hunter agreed.")
    (answer,) = GeotagStage().run([article(clean, mark(clean, **{label: [name, "Chad Hunter"]}))])
    assert isinstance(answer, Geotags)
    assert [place.name for place in answer.places] == [name]


def test_one_word_that_persons_are_called_like_stays_a_person() -> None:
    clean = clean_text("Jordan scored twice. Chad saved a penalty.")
    (answer,) = GeotagStage().run([article(clean, mark(clean, PERSON=["Jordan", "Chad"]))])
    assert isinstance(answer, Geotags)
    assert answer.places == ()


def test_a_hamlet_abroad_is_not_the_quarter_of_the_city_in_brackets() -> None:
    answer = geotags("Police were called in Headingley (Leeds) on Monday.", "Headingley", "Leeds")
    assert [place.name for place in answer.places] == ["Leeds"]
    assert [one.name for one in answer.unresolved] == ["Headingley"]


@pytest.mark.parametrize("text", ["Students live in Headingley, Leeds.", "It burned in Headingley, Leeds, on Monday."])
def test_a_hamlet_abroad_is_not_the_quarter_of_the_city_behind_a_comma(text: str) -> None:
    answer = geotags(text, "Headingley", "Leeds")
    assert [one.name for one in answer.unresolved] == ["Headingley"]


def test_names_of_a_list_are_not_taken_for_quarters_of_its_last() -> None:
    answer = geotags("Shops opened in Headingley, Leeds and Toronto.", "Headingley", "Leeds", "Toronto")
    assert "Headingley" in [place.name for place in answer.places]


def test_who_is_a_native_of_a_country_is_not_from_the_town_that_is_called_like_it() -> None:
    text = "Police in Bantam and Danbury, Connecticut, hold a native of Mexico."
    answer = geotags(text, "Bantam", "Danbury", "Connecticut", "Mexico")
    assert [place.kind.value for place in answer.places if place.name == "Mexico"] == ["country"]
