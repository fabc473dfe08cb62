"""What an article's own address says of where it plays, and what in it says nothing."""

import pytest
from geotag_articles import article, clean_text, mark
from hypothesis import given
from hypothesis import strategies as st

from schemas import Geotags, PlaceKind
from tasks.geotag import GeotagStage, shipped_gazetteer
from tasks.geotag._address import named_in, read_address
from tasks.geotag._groups import Group
from tasks.geotag._qualifiers import Area
from tasks.geotag._toponyms import Role

LONDON_IN_KENTUCKY, WASHINGTON_DC = 4298960, 4140963


def geotags(text: str, *names: str, address: str | None = None) -> Geotags:
    clean = clean_text(text).model_copy(update={"canonical_url": address})
    (answer,) = GeotagStage().run([article(clean, mark(clean, LOC=list(names)))])
    assert isinstance(answer, Geotags), answer
    return answer


def names(path: str) -> dict[str, frozenset[Area]]:
    return {one.key: one.areas for one in named_in(f"https://paper.example{path}", shipped_gazetteer())}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/news/local/allentown/fire-kills-two", {"allentown"}),
        ("/politics/kerala/story-1.html", {"kerala"}),
        ("/news/canada/edmonton/a-long-headline-1.3863097", {"canada", "edmonton"}),
        ("/news/uk-england-london-38340042", {"england", "london"}),
        ("/arlington_news/story/1259534.html", {"arlington"}),
        ("/article/los_angeles_metro/x.html", {"los angeles"}),
        ("/%C3%AEle-de-france/paris/x", {"ile de france", "paris"}),
    ],
)
def test_sections_that_are_called_like_a_place_name_it(path: str, found: set[str]) -> None:
    assert set(names(path)) == found


@pytest.mark.parametrize(
    "path",
    [
        "/", "", "/news/local/metro/story.html", "/sport/reading/first-half", "/us/2016/12/story", "/de/en/fr/la/story",
        "/news/south-shore/story", "/local/west-valley/story", "/2014/05/01/8830117", "/news/paris-fashion-week-opens",
        "/north/south/east/story", "/world/story", "/news/state/story", "/opinion/mobile/story-of-a-nice-man",
    ],
)  # fmt: skip
def test_other_sections_name_none(path: str) -> None:
    assert names(path) == {}


@pytest.mark.parametrize(
    ("path", "key", "area"),
    [
        ("/news/four-people-shot-in-rocky-mount-nc", "rocky mount", Area("US", "NC")),
        ("/2013/10/witness-in-paris-texas/", "paris", Area("US", "TX")),
        ("/news/police-at-las-vegas-new-mexico-home.html", "las vegas", Area("US", "NM")),
        ("/news/7-shot-in-indianapolis-in-12345", "indianapolis", Area("US", "IN")),
        ("/nc/charlotte/news/x", "charlotte", Area("US", "NC")),
        ("/canada/london/x", "london", Area("CA", None)),
    ],
)
def test_what_an_address_puts_a_town_in_is_kept_with_it(path: str, key: str, area: Area) -> None:
    assert area in names(path)[key]


@pytest.mark.parametrize(
    "path",
    [
        "/news/manchester-mass-shooting-report", "/news/fire-in-london-in-the-night", "/news/trump-and-russia-us-says",
        "/news/columbus-man-dies",
    ],
)  # fmt: skip
def test_a_word_that_is_also_a_code_puts_a_town_nowhere(path: str) -> None:
    assert not any(names(path).values())


def test_quarters_of_a_city_are_no_cities_elsewhere() -> None:
    assert set(names("/chicago/austin/teen-killed")) == {"chicago"}


@given(st.text(max_size=200))
def test_any_address_is_read(address: str) -> None:
    assert named_in(address, shipped_gazetteer()) is not None


def test_a_country_or_division_is_a_hint_and_a_town_a_name_beside_the_others() -> None:
    told = read_address("https://x.example/kerala/kochi/story", [], shipped_gazetteer())
    assert [(hint.place.name, hint.place.kind) for hint in told.hints] == [("Kerala", PlaceKind.ADMIN1)]
    assert [group.key for group in told.groups] == ["kochi"]


def test_a_name_that_the_text_has_is_no_name_besides() -> None:
    group = Group("paris", Role.TOPONYM)
    told = read_address("https://x.example/fire-in-paris-texas", [group], shipped_gazetteer())
    assert (told.groups, told.hints) == ([], [])
    assert group.in_address
    assert group.areas == {Area("US", "TX")}


def test_what_the_text_says_of_a_name_goes_before_the_address() -> None:
    text = "A man from Paris, France, was honoured."
    found = geotags(text, "Paris", "France", address="https://x.example/news/man-honoured-in-paris-texas")
    assert {place.country_code for place in found.places} == {"FR"}


@pytest.mark.parametrize(
    ("address", "division"),
    [
        (None, "GB.ENG"),
        ("https://x.example/news/kentucky/london/council-votes", "US.KY"),
        ("https://x.example/news/council-votes-in-london-ky", "US.KY"),
        ("https://x.example/story/88213", "GB.ENG"),
    ],
)
def test_an_address_tells_namesakes_apart(address: str | None, division: str) -> None:
    found = geotags("The council of London votes today.", "London", address=address)
    assert [place.admin1_code for place in found.places] == [division]


def test_an_article_that_names_no_place_is_about_where_its_section_says() -> None:
    focus = geotags(
        "The minister resigned on Monday.", address="https://x.example/politics/kerala/minister-resigns"
    ).focus
    assert [area.name for area in focus.regions] == ["Kerala"]
    assert [area.country_code for area in focus.countries] == ["IN"]


def test_of_two_cities_the_one_in_the_address_leads() -> None:
    text = "Trains between Leeds and Bradford stood still."
    plain = geotags(text, "Leeds", "Bradford").focus
    filed = geotags(text, "Leeds", "Bradford", address="https://x.example/news/bradford/trains-stand-still").focus
    assert (plain.cities[0].name, filed.cities[0].name) == ("Leeds", "Bradford")


@pytest.mark.parametrize(
    ("text", "city", "other", "rises"),
    [
        ("Habitantes de Córdoba y de Veracruz cerraron la autopista.", "Veracruz", "Córdoba", False),
        ("Züge zwischen Leipzig und Berlin standen gestern still.", "Berlin", "Leipzig", True),
    ],
)
def test_a_section_speaks_for_a_city_only_if_it_is_most_of_a_division_called_like_it(
    text: str, city: str, other: str, *, rises: bool
) -> None:
    plain, filed = (
        {area.name: area.score for area in geotags(text, city, other, address=address).focus.cities}
        for address in (None, f"https://x.example/estados/{city}/1")
    )
    assert (filed[city] > plain[city] + 0.1) is rises
