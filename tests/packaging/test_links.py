"""Links between the documents lead somewhere: to a file that is there, and to a heading that it has."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from documents import DOCUMENTS

_FENCED = re.compile(r"```.*?```", re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_ELSEWHERE = ("http:", "https:", "mailto:")


def _anchors(file: Path) -> set[str]:
    """The headings of a document as GitHub names them in addresses."""
    headings = _HEADING.findall(_FENCED.sub("", file.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def _broken(file: Path) -> Iterator[str]:
    for link in _LINK.findall(_FENCED.sub("", file.read_text("utf-8"))):
        if link.startswith(_ELSEWHERE):
            continue
        path, _, anchor = link.partition("#")
        target = file.parent / path if path else file
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in _anchors(target)):
            yield link


def test_there_are_documents() -> None:
    assert len(DOCUMENTS) > 25


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_leads_somewhere(file: Path) -> None:
    assert not list(_broken(file))
