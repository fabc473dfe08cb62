"""Where articles play and their hosts are at home: what is kept, and what is made of it."""

from math import log1p

import pytest

from schemas import Geotags, HomeArea, MemoryUse, Part, Place, PlaceKind, PlaceMention
from tasks.dedupe._setting import (
    NOWHERE,
    SETTING_EVIDENCE,
    Setting,
    pack_setting,
    setting_evidence,
    setting_size,
    unpack_setting,
)

BERLIN, POTSDAM, PARIS, TEXAS = (52.52, 13.40), (52.40, 13.06), (48.86, 2.35), (31.25, -99.25)
SAID = PlaceMention(start=0, end=4, text="Here", confidence=1)


def place(
    point: tuple[float, float],
    division: str | None = "DE.16",
    kind: PlaceKind = PlaceKind.CITY,
    *mentions: PlaceMention,
    confidence: float = 0.9,
) -> Place:
    return Place(
        geoname_id=1, name="Here", kind=kind, latitude=point[0], longitude=point[1], admin1_code=division,
        mentions=mentions or (SAID,), confidence=confidence,
    )  # fmt: skip


def area(point: tuple[float, float], share: float, division: str, kind: PlaceKind = PlaceKind.CITY) -> HomeArea:
    return HomeArea(
        geoname_id=1, name="Home", kind=kind, latitude=point[0], longitude=point[1], admin1_code=division, share=share
    )


def geotags(*places: Place, homes: tuple[HomeArea, ...] = ()) -> Geotags:
    return Geotags(places=places, memory=MemoryUse(version=9, articles=9, areas=homes))


def setting(*places: Place, homes: tuple[HomeArea, ...] = ()) -> Setting:
    return unpack_setting(pack_setting(geotags(*places, homes=homes), title_only=False))


def evidence(one: Setting, other: Setting) -> dict[str, float]:
    return dict(zip(SETTING_EVIDENCE, setting_evidence(one, other), strict=True))


def test_the_distance_between_two_places_survives_packing() -> None:
    found = evidence(setting(place(BERLIN)), setting(place(PARIS, "FR.11")))
    assert found["main_spots_apart"] == pytest.approx(log1p(878), abs=0.01)
    assert found["spots_apart"] == found["main_spots_apart"]
    assert found["divisions_differ"] == 1


@pytest.mark.parametrize("point", [(90.0, 180.0), (-90.0, -180.0), (0.0, 180.0), (0.0, -180.0), (89.9999, 179.9999)])
def test_the_ends_of_the_earth_are_points_too(point: tuple[float, float]) -> None:
    (spot,) = setting(place(point)).spots
    assert spot.x**2 + spot.y**2 + spot.z**2 == pytest.approx(1)
    opposite = (point[0], -point[1])
    assert evidence(setting(place(point)), setting(place(opposite)))["spots_apart"] < log1p(4)


def test_a_city_and_the_town_beside_it_are_near_though_their_divisions_differ() -> None:
    found = evidence(setting(place(BERLIN), place(PARIS, "FR.11")), setting(place(POTSDAM, "DE.11")))
    assert (found["spots_near_both"], found["spots_near_either"]) == (0.5, 1.0)
    assert found["spots_apart"] < log1p(30)
    assert found["divisions_differ"] == 1


def test_the_place_that_is_named_most_is_the_main_one_and_a_headline_counts_more() -> None:
    title = SAID.model_copy(update={"part": Part.TITLE})
    one = setting(place(PARIS, None, PlaceKind.CITY, SAID, SAID), place(BERLIN, None, PlaceKind.CITY, title))
    assert evidence(one, setting(place(BERLIN)))["main_spots_apart"] == 0


def test_a_division_stands_for_itself_only_where_nothing_smaller_is_named() -> None:
    texas = place(TEXAS, "US.TX", PlaceKind.ADMIN1, SAID, SAID, SAID)
    assert len(setting(texas).spots) == 1
    assert evidence(setting(texas, place(BERLIN)), setting(place(BERLIN)))["main_spots_apart"] == 0
    assert evidence(setting(texas, place(BERLIN)), setting(texas))["divisions_differ"] == 0


def test_countries_and_doubtful_places_say_nothing() -> None:
    nowhere = setting(place(PARIS, None, PlaceKind.COUNTRY), place(BERLIN, confidence=0.2))
    assert nowhere == Setting()


def test_what_is_not_known_is_no_evidence() -> None:
    here = setting(place(BERLIN), homes=(area(BERLIN, 0.9, "DE.16"),))
    nowhere = unpack_setting(NOWHERE)
    for one, other in ((here, nowhere), (nowhere, here), (nowhere, nowhere)):
        expected = {"spots_missing": 1.0, "homes_missing": 1.0}
        assert evidence(one, other) == dict.fromkeys(SETTING_EVIDENCE, 0.0) | expected
    assert pack_setting(None, title_only=False) == NOWHERE


def test_of_a_body_that_is_not_read_only_the_headline_says_where() -> None:
    title = SAID.model_copy(update={"part": Part.TITLE})
    found = geotags(place(BERLIN, None, PlaceKind.CITY, title), place(PARIS))
    assert len(unpack_setting(pack_setting(found, title_only=True)).spots) == 1


HOMES = (
    area(TEXAS, 0.8, "US.TX", PlaceKind.ADMIN1), area((32.78, -96.80), 0.6, "US.TX"),
    area((33.15, -96.82), 0.3, "US.TX", PlaceKind.ADMIN2),
)  # fmt: skip


def test_a_host_that_writes_of_an_area_speaks_for_what_plays_there() -> None:
    dallas = (32.78, -96.80)
    local, other = setting(homes=HOMES), setting(place(dallas, "US.TX"))
    found = evidence(local, other)
    assert found["home_division_either"] == pytest.approx(0.8, abs=0.02)
    assert found["home_spot_either"] == pytest.approx(0.6, abs=0.02)
    assert found["home_division_both"] == found["home_spot_both"] == 0
    assert found == evidence(other, local)


def test_two_hosts_of_one_area_are_known_as_such() -> None:
    local, neighbour = setting(homes=HOMES), setting(homes=(area(TEXAS, 0.5, "US.TX", PlaceKind.ADMIN1), HOMES[1]))
    found = evidence(local, neighbour)
    assert found["homes_divisions"] == pytest.approx(0.5, abs=0.02)
    assert found["homes_spots"] == pytest.approx(0.6, abs=0.02)
    assert found["homes_missing"] == 0


def test_a_setting_is_small_whatever_an_article_names() -> None:
    places = [place((at, at), f"DE.{at}", PlaceKind.CITY, *[SAID] * 40) for at in range(30)]
    homes = [area((at, at), 1.0, f"DE.{at}", kind) for at in range(9) for kind in (PlaceKind.ADMIN1, PlaceKind.CITY)]
    packed = pack_setting(geotags(*places, homes=tuple(homes)), title_only=False)
    assert len(packed) == setting_size(packed + b"terms") == 31
    assert unpack_setting(packed + b"terms") == unpack_setting(packed)
