import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.geotag import bare_key, name_key
from tasks.geotag._keys import stripped_keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("U.S.", "US"),
        ("U. S.", "us"),
        ("St. Louis", "Saint Louis"),
        ("Kænugarður", "Kaenugardur"),
        ("Łódź", "Lodz"),
        ("Coeur d’Alene", "Coeur d'Alene"),
        ("Winston-Salem", "Winston Salem"),
        ("the Netherlands", "Netherlands"),
        ("Ft. Worth", "Fort Worth"),
        ("Trinidad & Tobago", "Trinidad and Tobago"),
        ("TROY", "Troy"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_a_street_is_not_read_as_a_saint() -> None:
    assert name_key("Orchard St.") == "orchard st"


def test_a_name_of_one_word_keeps_its_article_like_word() -> None:
    assert name_key("The") == "the"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_a_key_is_words_and_single_blanks_without_capitals(name: str) -> None:
    key = name_key(name)
    assert key == " ".join(key.split())
    assert key == key.casefold()


def test_describing_words_are_dropped_one_side_after_the_other() -> None:
    assert ("sumy", "northern region") in stripped_keys("northern sumy region")


def test_a_shortened_county_is_spelled_out_first() -> None:
    assert stripped_keys("loudon co")[0] == ("loudon county", "co")


def test_the_word_for_the_unit_comes_off_at_either_end() -> None:
    assert bare_key("kaufman county") == "kaufman"
    assert bare_key("provincia de lima") == "lima"
    assert bare_key("michigan") is None
