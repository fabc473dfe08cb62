import json
from pathlib import Path

import pytest

from cli.errors import Trouble
from cli.exits import Exit
from cli.marks import Marks


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "crawl.ndjson"
    path.write_text('{"text": "one"}\n{"text": "two"}\n')
    return path


def test_a_mark_outlives_the_run(source: Path, tmp_path: Path) -> None:
    marks = Marks(tmp_path / "state.json")
    marks.note(source, 16, 1)
    marks.save()
    again = Marks(tmp_path / "state.json").of(source, grows=True)
    assert again is not None
    assert (again.end, again.items) == (16, 1)
    assert [path.name for path in tmp_path.iterdir()].count("state.json") == 1


def test_more_behind_the_mark_is_fine_where_files_grow_only(source: Path) -> None:
    marks = Marks(None)
    marks.note(source, 32, 2)
    with source.open("a") as stream:
        stream.write("{}\n")
    assert marks.of(source, grows=True)
    assert marks.of(source, grows=False) is None


def test_another_file_under_the_name_begins_anew(source: Path) -> None:
    marks = Marks(None)
    marks.note(source, 32, 2)
    source.write_text('{"text": "another"}\n{"text": "and more of it"}\n')
    assert marks.of(source, grows=True) is None


def test_a_shorter_file_begins_anew(source: Path) -> None:
    marks = Marks(None)
    marks.note(source, 32, 2)
    source.write_text("{}\n")
    assert marks.of(source, grows=True) is None


def test_a_file_that_is_gone_loses_its_mark(source: Path) -> None:
    marks = Marks(None)
    marks.note(source, 32, 2)
    source.unlink()
    marks.note(source, 40, 3)
    source.write_text("{}\n")
    assert marks.of(source, grows=True) is None


@pytest.mark.parametrize("content", ["", "[]", '{"sources": {"a": {}}}', "\x00"])
def test_what_is_no_state_file_is_not_overwritten(content: str, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text(content)
    with pytest.raises(Trouble, match="no state file") as trouble:
        Marks(file)
    assert trouble.value.exit_code is Exit.USAGE
    assert file.read_text() == content


def test_a_state_file_that_cannot_be_written_is_told(source: Path, tmp_path: Path) -> None:
    marks = Marks(tmp_path / "nowhere" / "state.json")
    marks.note(source, 16, 1)
    with pytest.raises(Trouble, match="cannot be written"):
        marks.save()


def test_a_state_file_is_json_that_people_can_read(source: Path, tmp_path: Path) -> None:
    marks = Marks(tmp_path / "state.json")
    marks.note(source, 16, 1)
    marks.save()
    document = json.loads((tmp_path / "state.json").read_text())
    assert document["sources"][str(source)]["end"] == 16
