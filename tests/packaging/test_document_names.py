"""Commands, options and settings that the documents name are there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from documents import DOCUMENTS
from typer.main import get_command

from cli.main import app
from schemas import Lane, State
from workers.settings import Settings

ROOT_COMMAND: Any = get_command(app)
_SETTING = re.compile(r"\bDATELINE_[A-Z_]*[A-Z]\b(?!_)")
_COMMAND = re.compile(r"(?:^|[`/]|    |-- )dateline ([a-z][^`\n#|>]*)", re.MULTILINE)
_OF_DOCUMENTS = frozenset({
    "DATELINE_EVAL_DATA", "DATELINE_FEED_ARTICLES", "DATELINE_REDIS_CONFIG", "DATELINE_REDIS_DATA", "DATELINE_SECRETS",
    "DATELINE_URL", "DATELINE_KEY", "DATELINE_LANE", "DATELINE_FORMAT", "DATELINE_BATCH_ITEMS",
    "DATELINE_BATCH_SECONDS", "DATELINE_BUFFER_BYTES", "DATELINE_PATIENCE",
})  # fmt: skip
"""Variables of benchmarks, tests and Redis, and the settings of the Scrapy pipeline."""


def _parts(line: str) -> tuple[Any, list[str]]:
    """The command that a line calls, `None` if there is no such command, and the words that are left."""
    command, words = None, line.split()
    commands = ROOT_COMMAND.commands
    while words and words[0] in commands:
        command = commands[words.pop(0)]
        commands = getattr(command, "commands", {})
    return command, words


def _wrong(text: str) -> Iterator[str]:
    for line in _COMMAND.findall(text):
        command, words = _parts(line)
        if command is None:
            yield line
            continue
        known = {name for option in command.params for name in option.opts} | {"--help"}
        named = (word.split("=")[0].rstrip(",;:.") for word in words if word.startswith("--"))
        yield from (name for name in named if name not in known)


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_commands_and_their_options_exist(file: Path) -> None:
    assert not list(_wrong(file.read_text("utf-8")))


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_settings_exist(file: Path) -> None:
    known = {f"DATELINE_{name.upper()}" for name in Settings.model_fields}
    assert set(_SETTING.findall(file.read_text("utf-8"))) <= known | _OF_DOCUMENTS


def test_every_field_that_a_record_has_is_described() -> None:
    scripts = "".join(file.read_text("utf-8") for file in (ROOT / "store/lua").glob("*.lua"))
    written = re.findall(r"'H(?:SET|SETNX|INCRBY)', record\(ref\),([^)]*)", scripts)
    fields = set(re.findall(r"'([a-z]+)'", "".join(written))) - {*State, *Lane}
    (row,) = re.findall(r"^\| `dl:article:.*$", (ROOT / "docs/architecture.md").read_text("utf-8"), re.MULTILINE)
    assert len(fields) > 20
    assert not {field for field in fields if f"`{field}`" not in row}
