"""A growing file of lines, through everything that log rotation does to it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.following import Followed
from cli.marks import Marks


class Log:
    """A file that is written to, and somebody who follows it."""

    def __init__(self, path: Path, marks: Marks | None = None) -> None:
        self.path = path
        self.followed = Followed(path, marks or Marks(None), lambda _: None)
        self._drafts = iter(self.followed)

    def write(self, text: str) -> None:
        with self.path.open("a") as stream:
            stream.write(text)

    def seen(self) -> list[str]:
        """Everything until two looks in a row found nothing."""
        found: list[str] = []
        idle = 0
        while idle < 2:
            draft = next(self._drafts)
            idle = idle + 1 if draft is None else 0
            found += [draft.line.decode()] if draft else []
        return found


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    path = tmp_path / "crawl.ndjson"
    path.write_text("one\n")
    found = Log(path)
    yield found
    found.followed.close()


def test_what_stands_there_comes_first_and_then_what_is_added(log: Log) -> None:
    assert log.seen() == ["one"]
    log.write("two\n\nthree\n")
    assert log.seen() == ["two", "three"]


def test_half_a_line_waits_for_its_end(log: Log) -> None:
    log.write("tw")
    assert log.seen() == ["one"]
    log.write("o\n")
    assert log.seen() == ["two"]


def test_a_rotated_file_is_read_to_its_end_and_then_its_successor(log: Log) -> None:
    assert log.seen() == ["one"]
    log.write("two\nthree without end")
    log.path.rename(log.path.with_suffix(".1"))
    log.write("four\n")
    assert log.seen() == ["two", "three without end", "four"]


def test_a_gap_between_two_steps_of_a_rotation_is_waited_out(log: Log) -> None:
    assert log.seen() == ["one"]
    log.path.rename(log.path.with_suffix(".1"))
    with log.path.with_suffix(".1").open("a") as stream:
        stream.write("two\n")
    assert log.seen() == ["two"]
    log.write("three\n")
    assert log.seen() == ["three"]


def test_a_truncated_file_is_read_from_its_beginning(log: Log) -> None:
    log.write("two\nhalf of")
    assert log.seen() == ["one", "two"]
    log.path.write_text("new\n")
    assert log.seen() == ["new"]


def test_a_file_that_was_copied_away_truncated_and_grew_again_is_noticed(log: Log) -> None:
    assert log.seen() == ["one"]
    shutil.copy(log.path, log.path.with_suffix(".1"))
    log.path.write_text("another, and longer than what stood there\n")
    assert log.seen() == ["another, and longer than what stood there"]


def test_a_file_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    log = Log(tmp_path / "later.ndjson")
    assert log.seen() == []
    log.write("one\n")
    assert log.seen() == ["one"]
    log.followed.close()


def test_it_goes_on_where_the_state_file_says(tmp_path: Path) -> None:
    path = tmp_path / "crawl.ndjson"
    path.write_text("one\ntwo\nthree\n")
    marks = Marks(None)
    marks.note(path, len("one\ntwo\n"), 2)
    log = Log(path, marks)
    draft = next(iter(log.followed))
    assert draft is not None
    assert (draft.line, draft.number, draft.end) == (b"three", 3, 14)
    log.followed.close()


def test_many_rotations_lose_and_repeat_nothing(log: Log) -> None:
    expected, found = ["one"], []
    for turn in range(60):
        for number in range(turn % 4):
            log.write(f"{turn}-{number}\n")
            expected.append(f"{turn}-{number}")
        found += log.seen()
        if turn % 3 == 1:
            log.write(f"last-{turn}\n")
            expected.append(f"last-{turn}")
            log.path.rename(log.path.with_suffix(f".{turn}"))
            log.path.touch()
    assert found + log.seen() == expected
