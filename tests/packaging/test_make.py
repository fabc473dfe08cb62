"""The front door: every target is listed, and set-up says what to do when it cannot be done."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT


def _targets() -> set[str]:
    found = re.findall(r"^([a-z][a-z-]*):(?!=)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    return set(found)


def _script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder for PATH with what the scripts need of the system, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "dirname", "cut", "touch", "cat", "printf", "chmod"):
        (folder / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files that set-up needs."""
    clone = tmp_path / "clone"
    shutil.copytree(ROOT / "scripts", clone / "scripts")
    for name in ("requirements.lock", "requirements-dev.lock"):
        (clone / name).write_text("")
    return clone


def _run(folder: Path, tools: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(tools), "HOME": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=20, check=False)


def test_no_target_is_made_twice() -> None:
    found = re.findall(r"^([a-z][a-z-]*):(?!=)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert sorted(found) == sorted(set(found))


def test_every_target_can_be_made() -> None:
    command = ["make", "--dry-run", *sorted(_targets())]
    planned = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert planned.returncode == 0, planned.stderr


def test_help_lists_every_target() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make (\S+)", listed, re.MULTILINE)) == _targets()


def test_every_target_is_described_in_one_line() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(len(line) <= 100 for line in listed.splitlines())


def test_every_target_but_the_stamps_is_phony() -> None:
    phony = re.search(
        r"^\.PHONY:(.*?)\n\n|^\.PHONY:(.*)\Z", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert phony
    names = set((phony[1] or phony[2]).replace("\\", " ").split())
    assert names == _targets()


def test_the_continuous_integration_runs_the_tests_and_the_demo() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert re.findall(r"^make (\S+)", script.read_text("utf-8"), re.MULTILINE) == ["test", "demo"]


def test_an_old_python_is_refused_with_the_way_out(clone: Path, tools: Path) -> None:
    _script(tools / "python3", 'case "$*" in *platform*) echo 3.9.2;; *) exit 1;; esac')
    refused = _run(clone, tools, "scripts/set-up", "runtime")
    assert refused.returncode == 6
    assert "needs Python 3.11" in refused.stderr
    assert "python3 is 3.9.2" in refused.stderr
    assert "apt-get install python3" in refused.stderr


def test_no_python_at_all_is_told(clone: Path, tools: Path) -> None:
    refused = _run(clone, tools, "scripts/find-python")
    assert refused.returncode == 6
    assert "Found: none" in refused.stderr


def test_a_python_without_venv_is_told_which_package_is_missing(clone: Path, tools: Path) -> None:
    _script(tools / "python3", 'case "$*" in *platform*) echo 3.11.2;; *ensurepip*) exit 1;; esac')
    refused = _run(clone, tools, "scripts/find-python")
    assert refused.returncode == 6
    assert "apt-get install python3-venv" in refused.stderr


def test_the_newest_python_that_fits_is_taken(clone: Path, tools: Path) -> None:
    _script(tools / "python3", 'case "$*" in *platform*) echo 3.14.0;; *"(3, 11)"*) exit 1;; esac')
    _script(tools / "python3.12", 'case "$*" in *platform*) echo 3.12.7;; esac')
    assert _run(clone, tools, "scripts/find-python").stdout.strip() == str(tools / "python3.12")


def _environment(clone: Path, uv: str, pip: str = "exit 0") -> None:
    """A made-up .venv whose Python and uv do as told."""
    folder = clone / ".venv" / "bin"
    folder.mkdir(parents=True)
    _script(folder / "python", f'case "$*" in *"-m pip install"*) {pip};; *purelib*) echo {clone};; esac')
    _script(folder / "uv", uv)


def test_without_a_network_uv_cannot_be_had_and_the_message_says_what_to_do(clone: Path, tools: Path) -> None:
    _environment(clone, uv="echo uv 0.0.1", pip="exit 1")
    refused = _run(clone, tools, "scripts/set-up", "runtime")
    assert refused.returncode == 6
    assert "could not be downloaded" in refused.stderr
    assert "HTTPS_PROXY" in refused.stderr
    assert not (clone / ".venv" / ".runtime").exists()


def test_without_a_network_packages_cannot_be_had_and_the_message_says_what_to_do(clone: Path, tools: Path) -> None:
    version = re.search(r"uv_version=(\S+)", (clone / "scripts" / "set-up").read_text())
    assert version
    _environment(clone, uv=f'case "$*" in *sync*) exit 2;; *) echo uv {version[1]};; esac')
    refused = _run(clone, tools, "scripts/set-up", "dev")
    assert refused.returncode == 6
    assert "requirements-dev.lock could not be installed" in refused.stderr
    assert not (clone / ".venv" / ".dev").exists()


def _recording_uv(clone: Path) -> str:
    version = re.search(r"uv_version=(\S+)", (clone / "scripts" / "set-up").read_text())
    assert version
    return f'case "$*" in *sync*) echo "$*" >> {clone}/synced;; *) echo uv {version[1]};; esac'


def test_the_demo_installs_the_runtime_lock(clone: Path, tools: Path) -> None:
    _environment(clone, uv=_recording_uv(clone))
    assert _run(clone, tools, "scripts/set-up", "runtime").returncode == 0
    assert (clone / "synced").read_text().split()[-1] == "requirements.lock"
    assert (clone / ".venv" / ".runtime").exists()
    assert not (clone / ".venv" / ".dev").exists()


def test_the_demo_leaves_development_packages_where_they_are(clone: Path, tools: Path) -> None:
    _environment(clone, uv=_recording_uv(clone))
    assert _run(clone, tools, "scripts/set-up", "dev").returncode == 0
    assert _run(clone, tools, "scripts/set-up", "runtime").returncode == 0
    assert [line.split()[-1] for line in (clone / "synced").read_text().splitlines()] == ["requirements-dev.lock"] * 2
