import pytest
from geotag_articles import article, clean_text, mark
from hypothesis import given
from hypothesis import strategies as st

from schemas import Geotags, Part
from tasks.geotag import SHIPPED, UNKNOWN, GeotagStage, Outlet, shipped_gazetteer
from tasks.geotag._hints import hints_of
from tasks.geotag._institutions import spoken_of
from tasks.geotag._phones import called


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("A grand jury heard the sheriff's deputies.", ("US",)),
        ("The county commissioners met.", ("US",)),
        ("Chief Constable Jane Doe, and the council tax", ("GB",)),
        ("RCMP were called", ("CA",)),
        ("two lakh voters", ("IN",)),
        ("the high school burned", ("CA", "US")),
        ("the high school burned, said the sheriff", ("US",)),
        ("the mayor left city hall with the police chief", ()),
        ("a grand scheme for a jury", ()),
        ("", ()),
    ],
)
def test_institutions_speak_for_their_country(text: str, countries: tuple[str, ...]) -> None:
    assert spoken_of(text) == countries


@pytest.mark.parametrize(
    "text", ["(908) 782-6983", "908-782-6983", "908.782.6983", "1-908-782-6983", "+1 908-782-TIPS", "(908)782-6983"]
)
def test_numbers_lie_in_the_state_of_their_area_code(text: str) -> None:
    assert called(f"Call {text}.") == {"US.NJ": 1.0}


def test_different_numbers_share_what_they_say() -> None:
    assert called("403-555-2100, call 587-655-0100 or 212-655-0100, or 403-555-2100 again") == {
        "CA.01": pytest.approx(2 / 3),
        "US.NY": pytest.approx(1 / 3),
    }


@pytest.mark.parametrize(
    "text", ["800-555-2100", "$212-655-0100", "1212-655-0100", "212-655-01000", "212 boys, 655 girls"]
)
def test_what_is_no_local_number_says_nothing(text: str) -> None:
    assert called(text) == {}


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    assert set(spoken_of(text)) <= {"US", "CA", "GB", "IE", "AU", "IN"}
    assert sum(called(text).values()) in (0, pytest.approx(1.0))


def hinted(text: str, outlet: Outlet = UNKNOWN) -> dict[str, float]:
    hints = hints_of({Part.TITLE: "", Part.TEXT: text, None: ""}, outlet, shipped_gazetteer())
    return {hint.place.name: hint.mentions for hint in hints}


def test_institutions_and_numbers_are_worth_a_mention_each() -> None:
    assert hinted("The sheriff asks to call 908-782-6983.") == {"New Jersey": 1.0, "United States": 1.0}
    assert hinted("The high school burned.") == {"Canada": 0.5, "United States": 0.5}


def test_a_country_domain_tells_more_than_institutions() -> None:
    assert hinted("The sheriff asks to call 908-782-6983.", Outlet("CA")) == {"New Jersey": 1.0}


def resolved(text: str, name: str) -> tuple[str | None, str | None]:
    clean = clean_text(text)
    (found,) = GeotagStage(SHIPPED).run([article(clean, mark(clean, LOC=[name]))])
    assert isinstance(found, Geotags)
    return found.places[0].country_code, found.places[0].admin1_code


def test_a_sheriff_of_birmingham_is_not_in_england() -> None:
    assert resolved("A fire broke out in Birmingham.", "Birmingham")[0] == "GB"
    assert resolved("A fire broke out in Birmingham, the sheriff said.", "Birmingham") == ("US", "US.AL")


def test_whom_to_call_says_which_flemington() -> None:
    assert resolved("A dinner in Flemington. Tickets: (908) 782-6983.", "Flemington") == ("US", "US.NJ")


def focus(text: str) -> list[tuple[str | None, float]]:
    (found,) = GeotagStage(SHIPPED).run([article(clean_text(text), mark(clean_text(text)))])
    assert isinstance(found, Geotags)
    assert found.places == ()
    return [(area.country_code, area.score) for area in (*found.focus.countries, *found.focus.regions)]


def test_an_article_without_a_known_place_is_about_where_its_institutions_are() -> None:
    assert focus("Deputies of the sheriff arrested a teenager.") == [("US", 1.0)]
    assert focus("Call (908) 782-6983 for tickets.") == [("US", 1.0), ("US", 1.0)]
    assert focus("A teenager was arrested.") == []
