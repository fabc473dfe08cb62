"""Texts without labels, and who is asked about them."""

import json
from pathlib import Path

import pytest

from training.entities import _unlabelled


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    summaries, speeches = tmp_path / "summaries.json", tmp_path / "speeches"
    speeches.mkdir()
    monkeypatch.setattr(_unlabelled, "ENCYCLOPAEDIA", summaries)
    monkeypatch.setattr(_unlabelled, "ADDRESSES", speeches)
    extracts = {"Zaragoza": "Zaragoza is a city.", "Ada": "Ada Lovelace (), born in London , wrote notes."}
    summaries.write_text(json.dumps({title: {"extract": extract} for title, extract in extracts.items()}))
    return tmp_path


def test_summaries_come_in_the_order_of_their_titles_without_what_extraction_left(packages: Path) -> None:
    assert _unlabelled.unlabelled_texts() == ["Ada Lovelace, born in London, wrote notes.", "Zaragoza is a city."]


def test_addresses_are_read_from_1945_on_without_stage_directions(packages: Path) -> None:
    (packages / "speeches" / "1790-Washington-1.txt").write_text("I embrace with great satisfaction.")
    (packages / "speeches" / "1995-Clinton-1.txt").write_text("We all gathered here [laughter] in Washington.")
    assert _unlabelled.unlabelled_texts()[2:] == ["We all gathered here in Washington."]
