"""The compose file against the schema of its specification, where there is no Docker to ask."""

from pathlib import Path

import pytest
from conftest import ROOT
from edges_tools import run, tool

pytestmark = pytest.mark.edges


@pytest.fixture
def validator() -> str:
    return tool("check-jsonschema", "check-jsonschema from PyPI (make test-edges does)")


def test_it_follows_the_specification(validator: str) -> None:
    checked = run(validator, "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")
    assert checked.returncode == 0, checked.stdout


def test_what_does_not_is_found(validator: str, tmp_path: Path) -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    (tmp_path / "compose.yml").write_text(text.replace("read_only: true", "readonly: true"))
    assert run(validator, "--builtin-schema", "vendor.compose-spec", tmp_path / "compose.yml").returncode == 1
