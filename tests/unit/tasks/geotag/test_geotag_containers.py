"""What a container behind a list, or before it, says of its names; and names that lie where none is known."""

import pytest
from geotag_articles import article, clean_text, mark

from schemas import Geotags
from tasks.geotag import GeotagStage


def geotags(text: str, *names: str) -> Geotags:
    clean = clean_text(text)
    (answer,) = GeotagStage().run([article(clean, mark(clean, LOC=list(names)))])
    assert isinstance(answer, Geotags), answer
    return answer


@pytest.mark.parametrize(
    ("text", "names", "container"),
    [
        ("Corbin and London in Kentucky saw snow.", "Corbin London", "US.KY"),
        ("Fires burned in Athens, Rome and Macon, Georgia.", "Athens Rome Macon", "US.GA"),
        ("Fires burned in Lima, Athens, and Dublin (Ohio).", "Lima Athens Dublin", "US.OH"),
        ("They stopped in Paris & Woodstock, Ontario.", "Paris Woodstock", "CA.08"),
        ("The Kentucky towns of Paris, London and Versailles flooded.", "Paris London Versailles", "US.KY"),
        ("In the Ohio cities of Lima and Toledo it rained.", "Lima Toledo", "US.OH"),
        ("Moscow and Troy, both in Idaho, have wells.", "Moscow Troy", "US.ID"),
        ("Moscow, Troy and Genesee, all in Idaho, have wells.", "Moscow Troy Genesee", "US.ID"),
        ("Feuer in Frankfurt und Schwedt, Brandenburg.", "Frankfurt Schwedt", "DE.11"),
        ("Las ciudades de Mercedes y Dolores, Uruguay, sin agua.", "Mercedes Dolores", "UY."),
        ("Les villes de Vienne et Valence, France, sans eau.", "Vienne Valence", "FR."),
    ],
)
def test_all_names_of_a_list_lie_in_its_container(text: str, names: str, container: str) -> None:
    areas = ("Kentucky", "Georgia", "Ohio", "Ontario", "Idaho", "Brandenburg", "Uruguay", "France")
    found = geotags(text, *names.split(), *(area for area in areas if area in text))
    codes = {mention.text: place.admin1_code for place in found.places for mention in place.mentions}
    assert {name: (codes[name] or "").startswith(container) for name in names.split()} == dict.fromkeys(
        names.split(), True
    )


@pytest.mark.parametrize(
    ("text", "names", "name", "country"),
    [
        ("He flew from London and Paris to Frankfort, Kentucky.", "London Paris Frankfort Kentucky", "Paris", "FR"),
        ("Naples and Rome, Italy, and Athens, Greece.", "Naples Rome Italy Athens Greece", "Athens", "GR"),
        ("Birmingham, Alabama, and London, Kentucky", "Birmingham Alabama London Kentucky", "Birmingham", "US"),
        ("They like Vienna, Paris and Frankfort, Kentucky.", "Vienna Paris Frankfort Kentucky", "Vienna", "AT"),
    ],
)
def test_a_name_that_stands_for_itself_shares_nothing(text: str, names: str, name: str, country: str) -> None:
    found = geotags(text, *names.split())
    assert {m.text: place.country_code for place in found.places for m in place.mentions}[name] == country


def test_a_second_in_begins_anew() -> None:
    one = geotags("They stopped in Paris and London, Ontario.", "Paris", "London", "Ontario")
    two = geotags("They stopped in Paris and in London, Ontario.", "Paris", "London", "Ontario")
    qualified = [
        {place.mentions[0].text for place in found.places if "qualifier" in place.evidence} for found in (one, two)
    ]
    assert qualified == [{"Paris", "London"}, {"London"}]


@pytest.mark.parametrize(
    ("text", "names", "unknown"),
    [
        ("He has shops in Birmingham and London in Kentucky.", "Birmingham London Kentucky", "Birmingham"),
        ("He was born in Vienna, Ontario, and lives there.", "Vienna Ontario", "Vienna"),
        ("They stopped in Paris and Vienna, Ontario.", "Paris Vienna Ontario", "Vienna"),
        ("The Vienna, Ont. fair begins.", "Vienna", "Vienna"),
    ],
)
def test_a_name_that_is_said_to_lie_where_none_is_known_is_no_great_namesake(
    text: str, names: str, unknown: str
) -> None:
    assert [(one.name, one.reason) for one in geotags(text, *names.split()).unresolved] == [(unknown, "unlikely")]


@pytest.mark.parametrize(
    ("text", "names", "name"),
    [
        ("Flights to Chicago, Ontario and Ohio.", "Chicago Ontario Ohio", "Chicago"),
        ("Rallies in Boston, Chicago, Texas.", "Boston Chicago Texas", "Chicago"),
        ("Trains from Chicago and Louisville, Ky., ran late.", "Chicago Louisville Ky.", "Chicago"),
        ("He left Indiana, Ohio.", "Indiana Ohio", "Indiana"),
    ],
)
def test_a_list_puts_no_name_where_it_cannot_lie(text: str, names: str, name: str) -> None:
    found = geotags(text, *names.split())
    assert name in {mention.text for place in found.places for mention in place.mentions}
