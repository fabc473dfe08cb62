"""Comments that say what was measured point at a section that is there, and no section is there for nothing."""

import re

from conftest import ROOT

_FOLDERS = ("schemas", "store", "tasks", "workers", "api", "cli", "clients", "training", "benchmarks", "docs/adr")
_SUFFIXES = frozenset({".py", ".lua", ".md"})
_NAMED = re.compile(r"measurements(?:\s|#|--)+([A-F][0-9]{1,2})\b", re.IGNORECASE)


def test_every_measurement_that_is_named_is_written_down_and_the_other_way_round() -> None:
    page = (ROOT / "docs" / "measurements.md").read_text("utf-8")
    written = set(re.findall(r"^### ([A-F][0-9]+) ", page, re.MULTILINE))
    files = [
        file for folder in _FOLDERS for file in (ROOT / folder).rglob("*") if file.suffix in {".py", ".lua", ".md"}
    ]
    named = {name for file in files for name in _NAMED.findall(file.read_text("utf-8"))}
    assert named == written
