"""What the recognizer missed, and what has to stay what it is."""

import pytest
from geotag_articles import clean_text, mark

from schemas import PlaceKind
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
        ("Detectives told Mansfield police so. Mansfield is calm.", {"PERSON": ["Mansfield"]}, {"Mansfield"}),
        ("Fires went on. ROCKY HILL — Nobody was hurt.", {"ORG": ["ROCKY HILL"]}, {"ROCKY HILL"}),
        (
            "It rained in Toronto. Walsh told CBC Toronto so.",
            {"LOC": ["Toronto"], "ORG": ["CBC Toronto"], "PERSON": ["Walsh"]},
            {"Toronto"},
        ),
        (
            "Snow fell in Oxford. The East Oxford Singers sang.",
            {"LOC": ["Oxford"], "ORG": ["East Oxford Singers"]},
            {"Oxford"},
        ),
        ("The Human Rights League of France spoke.", {"ORG": ["Human Rights League of France"]}, {"France"}),
        ("A Connecticut Democrat spoke.", {"ORG": ["Connecticut Democrat"]}, {"Connecticut"}),
        (
            "Kansas City is near Topeka. The NATO-Russia Council met in Moscow, Russia.",
            {"LOC": ["Kansas City", "Topeka", "Moscow", "Russia"], "ORG": ["NATO-Russia Council"]},
            {"Russia"},
        ),
        ("Snow fell.\nWashington (CNN) Fans met.", {"PERSON": ["Washington"]}, {"Washington"}),
        ("Eight Florida Highway Patrol cars came.", {"ORG": ["Florida Highway Patrol"]}, {"Florida"}),
        ("A Miss Kanawha County was chosen.", {"ORG": ["Miss Kanawha County"]}, {"Kanawha County"}),
        (
            "Nashville slept. Metro Nashville police records say so.",
            {"LOC": ["Nashville"], "ORG": ["Metro Nashville police records"]},
            {"Nashville"},
        ),
        ("DALLAS (AP) — Rain. He left Dallas.", {"ORG": ["DALLAS"], "LOC": ["Dallas"]}, {"DALLAS"}),
        ("He lay in the Augusta psychiatric hospital.", {"ORG": ["Augusta psychiatric hospital"]}, {"Augusta"}),
        ("The Omaha company recalled beef.", {"ORG": ["Omaha"]}, {"Omaha"}),
        ("The Cambridge engineering firm grew.", {"ORG": ["Cambridge"]}, {"Cambridge"}),
        ("A Ga. pastor preached; Sask. froze.", {"PERSON": ["Ga", "Sask"]}, {"Ga", "Sask"}),
        ("L.A.'s spirit lives.", {"PERSON": ["L.A."]}, {"L.A."}),
        ("Taxes rise. UNION CITY — Trustees hope.", {"ORG": ["UNION CITY"]}, {"UNION CITY"}),
        ("WASHINGTON Barack Obama spared a turkey.", {"PERSON": ["WASHINGTON Barack Obama"]}, {"WASHINGTON"}),
        (
            "Nashville and Murfreesboro, Tennessee: it meets at the Shelbyville Recreation Center.",
            {"LOC": ["Nashville", "Murfreesboro", "Tennessee"], "ORG": ["Shelbyville Recreation Center"]},
            {"Shelbyville"},
        ),
        ("The Bank of Canada raised rates.", {"ORG": ["Bank of Canada"]}, {"Canada"}),
        (
            "Fans in Hamilton, Ontario, saw it at the Toronto International Film Festival.",
            {"EVENT": ["Toronto International Film Festival"], "LOC": ["Hamilton", "Ontario"]},
            {"Toronto"},
        ),
        (
            "Forsyth County in Georgia hired him; he joined Forsyth in May.",
            {"LOC": ["Forsyth County", "Georgia"], "ORG": ["Forsyth"]},
            {"Forsyth"},
        ),
        (
            "The Oconee County school board in Georgia did so. Clarke and Oconee update policies.",
            {"ORG": ["Oconee County school board", "Oconee"], "LOC": ["Georgia"], "PERSON": ["Clarke"]},
            {"Oconee County", "Oconee"},
        ),
        (
            "Clarke, Oconee and Oglethorpe counties in Georgia shrank.",
            {"PERSON": ["Clarke"], "ORG": ["Oconee"], "LOC": ["Oglethorpe", "Georgia"]},
            {"Clarke", "Oconee"},
        ),
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
        ("Moscow, Russia, slept. United Russia won.", {"LOC": ["Moscow", "Russia"], "ORG": ["United Russia"]}),
        ("He felt the presence of God and wrote to Obama.", {"PERSON": ["God", "Obama"]}),
        ("Fans of Real Madrid and Real saw it.", {"ORG": ["Real Madrid"], "LOC": ["Real"]}),
        ("Snow fell in Oxford. The Oxford Herald said so.", {"LOC": ["Oxford"], "ORG": ["Oxford Herald"]}),
        ("Snow fell in Oxford. He lives in 5 Oxford Road.", {"LOC": ["Oxford"], "FAC": ["5 Oxford Road"]}),
        ("He thanked President David Williams, U.S. Rep. Rogers and others.", {"PERSON": ["David Williams"]}),
        ("Pictured: Ben Alexander, Provi Underwood, Taylor Journigan.", {"PERSON": ["Provi Underwood"]}),
        ("He won the Ballon d'Or.", {"MISC": ["Ballon d'Or"]}),
        ("She ran on Richmond Vista Court.", {"ORG": ["Richmond Vista Court"]}),
        ("A flight from Kansas City International.", {"ORG": ["Kansas City International"]}),
        ("Three held after mobile meth lab burns.", {"ORG": ["mobile meth"]}),
        ("The Knucklehead's Bar closed.", {"LOC": ["Knucklehead's Bar"]}),
        ("Shots fell at the Stade de France and Lake Vermont.", {"LOC": ["Stade de France", "Lake Vermont"]}),
        (
            "The Neches River National Wildlife Refuge grows; Neches is a town.",
            {"LOC": ["Neches"], "ORG": ["Neches River National Wildlife Refuge"]},
        ),
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


def test_names_of_a_list_share_its_last_word() -> None:
    text = "Barrow, Jackson and Madison counties in Georgia; the metro Athens counties, too."
    found = resolved(text, LOC=["Barrow", "Jackson", "Madison", "Georgia", "Athens"])
    assert found["Jackson"] == "Jackson County"
    assert found["Barrow"] == "Barrow County"
    assert found["Madison"] == "Madison County"
    assert found["Athens"] == "Athens"


def test_rivers_of_a_list_are_no_towns() -> None:
    text = "In West Virginia the Williams and Cranberry rivers rose."
    assert set(resolved(text, LOC=["West Virginia", "Williams", "Cranberry"])) == {"West Virginia"}


def test_a_city_council_sits_in_the_city() -> None:
    text = "The Dublin City Council met in Columbus, Ohio. Kansas City Council met in Missouri."
    found = resolved(text, LOC=["Dublin City", "Columbus", "Ohio", "Kansas City", "Missouri"])
    assert found["Dublin"] == "Dublin"
    assert found["Kansas City"] == "Kansas City"


def test_the_north_of_a_town_is_in_the_town_and_the_east_of_a_state_in_the_state() -> None:
    text = "A farm in north Arlington near Dallas, Texas; forests of East Kansas."
    found = resolved(text, LOC=["north Arlington", "Dallas", "East Kansas"])
    assert found["north Arlington"] == "Arlington"
    assert found["East Kansas"] == "Kansas"


def test_a_city_council_that_is_a_body_sits_in_the_city_as_well() -> None:
    text = "The Dublin City Council met in Dublin near Columbus, Ohio."
    clean = clean_text(text)
    entities = mark(clean, LOC=["Dublin", "Columbus", "Ohio"], ORG=["Dublin City Council"])
    decisions = read(clean, entities, shipped_gazetteer())
    (dublin,) = [d for d in decisions if d.spots[0].text == "Dublin"]
    assert len(dublin.spots) == 2


def test_an_initial_is_a_direction_and_two_names_of_a_mention_are_two_places() -> None:
    found = resolved("Two held in W. Columbia in South Carolina.", LOC=["W. Columbia", "South Carolina"])
    assert found["W. Columbia"] == "West Columbia"
    assert set(resolved("BEIRUT/DAMASCUS: Shots fell.", LOC=["BEIRUT/DAMASCUS"])) == {"BEIRUT", "DAMASCUS"}
    assert set(resolved("Wilkes-Barre sleeps in Pennsylvania.", LOC=["Wilkes-Barre"])) == {"Wilkes-Barre"}


def test_a_province_that_was_marked_as_a_nation_is_a_place() -> None:
    assert resolved("Quebec Health Minister Barrette spoke.", NORP=["Quebec"]) == {"Quebec": "Quebec"}


def test_a_direction_alone_is_no_place() -> None:
    assert resolved("Oysters from the Northwest.", LOC=["Northwest"]) == {}


@pytest.mark.parametrize(("office", "kind"), [("Governor", PlaceKind.ADMIN1), ("Mayor", PlaceKind.CITY)])
def test_a_governor_has_a_province_and_a_mayor_a_town(office: str, kind: PlaceKind) -> None:
    clean = clean_text(f"Murmansk {office} Ivanov resigned in Russia.")
    decisions = read(clean, mark(clean, LOC=["Murmansk", "Russia"]), shipped_gazetteer())
    assert decisions[0].place is not None
    assert decisions[0].place.kind is kind


def test_the_county_behind_a_hyphen_is_found() -> None:
    text = "It lies on the Greenbrier-Pocahontas County line in West Virginia."
    found = resolved(text, LOC=["Greenbrier-Pocahontas County", "West Virginia"])
    assert found == {
        "Greenbrier": "Greenbrier County",
        "Pocahontas County": "Pocahontas County",
        "West Virginia": "West Virginia",
    }


def test_a_small_place_in_a_country_of_which_nothing_is_said_is_not_preferred() -> None:
    text = "From Prague and Brno in the Czech Republic he wrote of Real and of Plzen."
    names = ["Prague", "Brno", "Czech Republic", "Real", "Plzen"]
    assert "Real" not in resolved(text, LOC=names)


def test_a_town_is_no_airport() -> None:
    clean = clean_text("Snow fell in Toronto, Ottawa and Montreal, Canada.")
    decisions = read(clean, mark(clean, LOC=["Toronto", "Ottawa", "Montreal", "Canada"]), shipped_gazetteer())
    assert all(d.place is not None and d.place.feature != "AIRP" for d in decisions)


def test_a_province_is_meant_by_a_name_that_says_so() -> None:
    clean = clean_text("Rebels held Idlib province in Syria.")
    decisions = read(clean, mark(clean, LOC=["Idlib province", "Syria"]), shipped_gazetteer())
    assert decisions[0].place is not None
    assert decisions[0].place.kind is PlaceKind.ADMIN1


def test_a_body_sits_at_the_namesake_that_is_around() -> None:
    text = "Dallas and Fort Worth, Texas, slept. The Athens Police Department came from Athens Street to Tyler."
    names = {"LOC": ["Dallas", "Fort Worth", "Texas", "Tyler"], "ORG": ["Athens Police Department"]}
    clean = clean_text(text)
    decisions = read(clean, mark(clean, **names), shipped_gazetteer())
    seats = [d.place for d in decisions if d.spots[0].is_seat]
    assert [(place.country, place.admin1) for place in seats if place is not None] == [("US", "TX")]
