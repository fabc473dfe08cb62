import os
import threading
from pathlib import Path

import pytest
from geotag_articles import open_gazetteer, write_gazetteer

from schemas import PlaceKind, Unavailable
from tasks.geotag import Gazetteer, GazetteerMissing, GeotagStage, shipped_gazetteer


def test_a_missing_file_is_unavailable_and_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(GazetteerMissing, match=r"training\.gazetteer\.build") as caught:
        Gazetteer(tmp_path / "none.sqlite")
    assert isinstance(caught.value, Unavailable)


def test_a_file_of_another_kind_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "gazetteer.sqlite"
    path.write_bytes(b"not a database at all, whatever its name says" * 40)
    with pytest.raises(GazetteerMissing, match="no gazetteer"):
        Gazetteer(path)


def test_another_format_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(GazetteerMissing, match="format"):
        Gazetteer(write_gazetteer(tmp_path / "gazetteer.sqlite", format_=99))


def test_the_stage_reports_a_missing_gazetteer_as_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        GeotagStage(tmp_path / "none.sqlite").run([])


def test_a_name_brings_its_bearers_and_an_unknown_name_none(tmp_path: Path) -> None:
    gazetteer = open_gazetteer(tmp_path)
    assert {candidate.place.id for candidate in gazetteer.lookup("springfield")} == {5, 6, 7}
    assert gazetteer.lookup("nowhere") == ()
    gazetteer.close()


def test_codes_and_demonyms_lead_to_their_areas(tmp_path: Path) -> None:
    gazetteer = open_gazetteer(tmp_path)
    division, country = gazetteer.area("FR.N"), gazetteer.demonym("freedonian")
    assert division is not None
    assert division.name == "North State"
    assert country is not None
    assert country.kind is PlaceKind.COUNTRY
    assert gazetteer.area("XX") is None
    assert gazetteer.demonym("martian") is None
    assert gazetteer.place(999) is None
    gazetteer.close()


def test_threads_share_one_gazetteer(tmp_path: Path) -> None:
    gazetteer = open_gazetteer(tmp_path)
    names = ["springfield", "harbor", "alpha", "nowhere", "capital city"]
    answers: list[int] = []

    def ask() -> None:
        answers.extend(len(gazetteer.lookup(name)) for name in names)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted([3, 1, 1, 0, 1] * 8)
    gazetteer.close()


def test_another_process_opens_its_own_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gazetteer = open_gazetteer(tmp_path)
    mine = gazetteer._connect()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    other = gazetteer._connect()
    assert other is not mine
    assert gazetteer.lookup("alpha")
    other.close()
    mine.close()


def test_a_closed_gazetteer_opens_again(tmp_path: Path) -> None:
    gazetteer = open_gazetteer(tmp_path)
    gazetteer.close()
    assert gazetteer.lookup("alpha")
    gazetteer.close()


def test_the_shipped_gazetteer_is_opened_once() -> None:
    assert shipped_gazetteer() is shipped_gazetteer()


@pytest.mark.parametrize(
    ("key", "geoname_id", "kind"),
    [
        ("ukraine", 690791, "country"),
        ("russia", 2017370, "country"),
        ("us", 6252001, "country"),
        ("michigan", 5001836, "admin1"),
        ("kiev", 703448, "city"),
        ("sumy", 692194, "city"),
        ("warren", 5014051, "city"),
        ("moscow", 524901, "city"),
        ("europe", 6255148, "continent"),
        ("crimea", 703883, "admin1"),
        ("gaza strip", 281132, "admin1"),
        ("west bank", 285153, "admin1"),
    ],
)
def test_the_shipped_gazetteer_has_geonames_ids(key: str, geoname_id: int, kind: str) -> None:
    found = {candidate.place.id: candidate.place.kind for candidate in shipped_gazetteer().lookup(key)}
    assert found[geoname_id] == kind


def test_the_shipped_gazetteer_says_what_it_was_made_from() -> None:
    meta = shipped_gazetteer().meta
    assert int(meta["places"]) > 300_000
    assert "cities500.json" in meta["sources"]
    assert shipped_gazetteer().version.startswith(f"{meta['format']}.")
