"""What the wheel contains: the package names are generic, so that a stray folder would do harm."""

import subprocess
import sys
import zipfile

import pytest
from conftest import ROOT

PACKAGES = {"schemas", "store", "tasks", "workers", "api", "cli"}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    out = tmp_path_factory.mktemp("wheel")
    missing = [name for name in ("README.md", "LICENSE", "NOTICE") if not (ROOT / name).exists()]
    assert not missing, f"the wheel needs {missing}"
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def _tops(names: set[str]) -> set[str]:
    return {name.partition("/")[0] for name in names}


def test_the_wheel_holds_the_six_packages_and_nothing_else(names: set[str]) -> None:
    assert {top for top in _tops(names) if not top.endswith(".dist-info")} == PACKAGES


def test_the_scripts_of_the_store_are_in_the_wheel(names: set[str]) -> None:
    scripts = {str(path.relative_to(ROOT)) for path in ROOT.glob("store/**/*.lua")}
    assert scripts
    assert scripts <= names


def test_the_steps_of_the_tables_are_in_the_wheel(names: set[str]) -> None:
    steps = {str(path.relative_to(ROOT)) for path in ROOT.glob("workers/sinks/postgres/migrations/*.sql")}
    assert steps
    assert steps <= names


def test_the_data_of_the_stages_is_in_the_wheel(names: set[str]) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "tasks/*/data/*"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    assert set(tracked) <= names


def test_no_tests_caches_or_secrets_are_in_the_wheel(names: set[str]) -> None:
    stray = [name for name in names if {"tests", "__pycache__", ".env"} & set(name.split("/")) or name.endswith(".pyc")]
    assert not stray


def test_the_command_is_an_entry_point(names: set[str]) -> None:
    assert any(name.endswith("entry_points.txt") for name in names)
