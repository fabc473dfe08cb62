"""Which package may import which. The arrows of the house: schemas ← store ← tasks ← workers ← api, cli."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import ROOT

MAY_IMPORT = {
    "schemas": set(),
    "store": {"schemas"},
    "tasks": {"schemas", "store"},
    "workers": {"schemas", "store", "tasks"},
    "api": {"schemas", "store", "tasks", "workers"},
    "cli": {"schemas", "store", "tasks", "workers"},
    "clients": set(),
}
ELSEWHERE = ("benchmarks", "training")


class Import(NamedTuple):
    file: Path
    line: int
    module: str


def imports(package: str) -> Iterator[Import]:
    for file in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert node.level == 0, f"{file}:{node.lineno} imports relatively"
                yield Import(file, node.lineno, node.module)
                yield from (Import(file, node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from (Import(file, node.lineno, alias.name) for alias in node.names)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_in_one_direction(package: str) -> None:
    allowed = MAY_IMPORT[package] | {package}
    wrong = [
        found
        for found in imports(package)
        if (top := found.module.partition(".")[0]) in {*MAY_IMPORT, *ELSEWHERE} and top not in allowed
    ]
    assert not wrong


def _is_foreign_private(found: Import) -> bool:
    """Whether a module path leads into ``_names.py`` of a folder that the importing file is not in."""
    parts = found.module.split(".")
    for index, part in enumerate(parts):
        if part.startswith("_") and not part.startswith("__"):
            home = ROOT.joinpath(*parts[:index])
            is_module = home.is_dir() and ((home / f"{part}.py").exists() or (home / part).is_dir())
            return is_module and home not in found.file.parents
    return False


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_nobody_imports_a_private_module_of_another_package(package: str) -> None:
    assert not [found for found in imports(package) if _is_foreign_private(found)]


CALLS_WEBHOOKS = ROOT / "workers" / "webhooks" / "_calling.py"
"""Refuses every address that an operator did not allow, and is never given a submission's URL."""
FETCHING = {
    "httpcore",
    "httpx",
    "requests",
    "aiohttp",
    "urllib3",
    "urllib.request",
    "http.client",
    "trafilatura.downloads",
    "ftplib",
}


@pytest.mark.parametrize("package", ["schemas", "store", "tasks", "workers", "api"])
def test_nothing_on_the_server_can_fetch_a_url(package: str) -> None:
    """Submissions hold URLs of anybody's choice; following one would let them reach into the network behind."""
    names = {f"{found.module}." for found in imports(package) if found.file != CALLS_WEBHOOKS}
    assert not {name for name in names if any(name.startswith(f"{module}.") for module in FETCHING)}
    sources = "".join(file.read_text("utf-8") for file in (ROOT / package).rglob("*.py"))
    assert "fetch_url" not in sources
    assert "fetch_response" not in sources


def test_only_benchmarks_and_training_reach_for_themselves() -> None:
    """What ships does not need what does not ship."""
    for package in MAY_IMPORT:
        tops = {found.module.partition(".")[0] for found in imports(package)}
        assert not tops & {*ELSEWHERE, "tests"}
