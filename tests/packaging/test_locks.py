"""The locks: hashed, complete, and free of any registry's name, so that they work behind every mirror."""

import re
import tomllib

import pytest
from conftest import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
NAME = re.compile(r'^\s*"([A-Za-z0-9._-]+)')


def _folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(lock: str) -> dict[str, str]:
    return {_folded(name): version for name, version in PIN.findall((ROOT / lock).read_text("utf-8"))}


def _dependency_lines() -> list[str]:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    blocks = re.findall(r"^(?:dependencies|dev) = \[\n?(.*?)\]\s*(?:#[^\n]*)?$", text, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"^local = \[(.*)$", text, re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if NAME.match(line)] + inline


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text("utf-8")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", (ROOT / lock).read_text("utf-8"), flags=re.MULTILINE)
    assert not [entry.partition("\n")[0] for entry in entries if entry.strip() and "--hash=sha256:" not in entry]


def test_the_development_lock_holds_everything_that_the_runtime_lock_holds() -> None:
    assert _pins(LOCKS[0]).items() <= _pins(LOCKS[1]).items()


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {_folded(re.split(r"[\[<>=!~;, ]", requirement)[0]) for requirement in wanted}
    assert names <= _pins("requirements-dev.lock").keys()


def test_every_dependency_says_why_it_is_there() -> None:
    lines = _dependency_lines()
    assert len(lines) >= 30
    assert not [line.strip() for line in lines if not re.search(r"#\s+\S+", line)]
