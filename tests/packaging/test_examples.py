"""Examples in docstrings show what really comes out."""

import doctest
import importlib
from pathlib import Path

import pytest
from conftest import ROOT

_FOLDERS = ("schemas", "store", "tasks", "workers", "api", "cli")
WITH_EXAMPLES = sorted(
    file.relative_to(ROOT)
    for folder in _FOLDERS
    for file in (ROOT / folder).rglob("*.py")
    if ">>> " in file.read_text()
)


def test_there_are_examples() -> None:
    assert WITH_EXAMPLES


@pytest.mark.parametrize("file", WITH_EXAMPLES, ids=str)
def test_every_example_is_right(file: Path) -> None:
    result = doctest.testmod(importlib.import_module(".".join(file.with_suffix("").parts)))
    assert result.attempted
    assert not result.failed
