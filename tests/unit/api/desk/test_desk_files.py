"""What the desk is made of: small, whole, named in NOTICE, and nothing from elsewhere."""

import gzip
import hashlib
import re
import runpy
from pathlib import Path

import pytest
from conftest import ROOT

from api.desk.files import PAGE, STATIC, read_files

BUDGET = 150_000
FILES = read_files()
OURS = sorted(name for name in FILES if not name.startswith("vendor/"))
VENDORED = sorted(name for name in FILES if name.startswith("vendor/"))
ADDRESSES_THAT_ARE_NAMES = {"http://www.w3.org/2000/svg", "https://html.spec.whatwg.org"}


def test_the_whole_desk_fits_its_budget() -> None:
    assert sum(len(gzip.compress(file.body, 9)) for file in FILES.values()) <= BUDGET


def test_compressed_files_are_the_same_bytes_every_time() -> None:
    again = read_files()
    assert {name: file.compressed for name, file in FILES.items()} == {n: file.compressed for n, file in again.items()}
    assert all(gzip.decompress(file.compressed) == file.body for file in FILES.values())


@pytest.mark.parametrize("name", OURS)
def test_no_file_of_ours_names_an_address_elsewhere(name: str) -> None:
    found = set(re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}(?:/2000/svg)?", FILES[name].body.decode()))
    assert found <= ADDRESSES_THAT_ARE_NAMES


def test_the_page_loads_files_that_are_there() -> None:
    loaded = re.findall(r'(?:src|href)="/desk/([^"]+)"', FILES[PAGE].body.decode())
    assert len(loaded) > 5
    assert set(loaded) <= FILES.keys()


def test_modules_import_modules_that_are_there() -> None:
    for name in OURS:
        imported = re.findall(r'from "\./([^"]+)"', FILES[name].body.decode()) if name.startswith("js/") else []
        assert {f"js/{one}" for one in imported} <= FILES.keys(), name


def test_every_module_is_used() -> None:
    imported = {one for name in OURS for one in re.findall(r'from "\./([^"]+)"', FILES[name].body.decode())}
    modules = {name.removeprefix("js/") for name in OURS if name.startswith("js/")}
    assert modules - imported == {"main.js"}


def test_styles_ask_for_nothing() -> None:
    for name in OURS:
        if name.endswith(".css"):
            assert not re.search(r"url\(|@import", FILES[name].body.decode()), name


@pytest.mark.parametrize(
    "sink", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval("]
)
def test_no_module_turns_text_into_markup(sink: str) -> None:
    assert not [name for name in OURS if sink in FILES[name].body.decode()]


def test_the_page_has_no_script_style_or_handler_of_its_own() -> None:
    page = FILES[PAGE].body.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    assert all(script.endswith("></script>") for script in re.findall(r"<script.*?</script>", page, re.DOTALL))


def test_every_vendored_file_is_named_in_notice() -> None:
    notice = (ROOT / "NOTICE").read_text("utf-8")
    assert VENDORED
    assert [name for name in VENDORED if name.removeprefix("vendor/") not in notice] == []


def test_vendored_files_are_those_that_the_script_takes() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "npm_files.py"))
    taken = {f"vendor/{package.target}" for package in script["DESK"]} | {f"vendor/{script['LICENCES']}"}
    assert taken == set(VENDORED)
    assert all(package.version in package.target for package in script["DESK"])


# sha256 of each file as the archives held it: a vendored file is never edited.
DIGESTS = {
    "countries-110m-2.0.2.json": "2516c915867c7baf18ddec727aec46c315541a07cfb3d79a6559b05d5e94eee8",
    "d3-array-3.2.5.min.js": "468f7b9ed38d6322083da4d5ae9fa57d47784f964f16dcff96e413d16cc8f9d9",
    "d3-geo-3.1.2.min.js": "1ea4c9608d0998f6468df3ab313c473bebbe81ba2c542a456b49db90e3672f89",
    "topojson-client-3.1.0.min.js": "25cd02ae486cc5063e0215a4e4cfb15de83700c87ac48bac4d57dc6aaf3ebb89",
}


@pytest.mark.parametrize(("name", "digest"), DIGESTS.items())
def test_a_vendored_file_is_as_it_was_published(name: str, digest: str) -> None:
    assert hashlib.sha256(FILES[f"vendor/{name}"].body).hexdigest() == digest


def test_a_file_that_has_no_type_is_not_served_by_guessing(tmp_path: Path) -> None:
    (tmp_path / "notes.doc").write_text("x")
    with pytest.raises(KeyError):
        read_files(tmp_path)


def test_hidden_files_stay_where_they_are(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").write_text("x")
    assert read_files(tmp_path) == {}


def test_the_files_lie_inside_the_package() -> None:
    assert STATIC.is_relative_to(ROOT / "api")
