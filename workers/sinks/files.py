"""A sink of files: an archive that only ever grows by whole files, each named by the stretch of the feed that it holds.

    archive/day=2026-11-26/articles_1795651200000-0_1795654800000-17.parquet
                                    ^ after this cursor       ^ up to this one

The name is the cursor, and a rename is all or nothing: a file is written aside, forced to disk, and renamed. What a
killed process had in its open file is read from the feed again, so that every outcome stands in exactly one file.
"""

import fcntl
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import IO, Final, Protocol

from schemas import FeedPage, Result
from store import START, position
from workers.sinks.errors import SinkError
from workers.sinks.ndjson import NdjsonWriter

_NAME: Final = re.compile(r"articles_(\d+-\d+)_(\d+-\d+)\.(?:parquet|ndjson\.gz)")
_OPEN: Final = ".open"
_MARK: Final = "_cursor.json"
"""Readers of Parquet folders ignore names that begin with a dot or an underscore."""


class Form(StrEnum):
    """How results are written."""

    NDJSON = "ndjson"
    PARQUET = "parquet"

    @property
    def suffix(self) -> str:
        """How files end."""
        return ".ndjson.gz" if self is Form.NDJSON else ".parquet"


class Writer(Protocol):
    """Writes results into one file."""

    @property
    def size(self) -> int:
        """Bytes so far, about."""

    def add(self, results: Sequence[Result]) -> None:
        """Add results."""

    def finish(self, told: Mapping[str, str]) -> None:
        """Write the end of the file, and what it says of itself."""


def writer_of(form: Form) -> Callable[[IO[bytes]], Writer]:
    """What writes files of a form.

    Raises:
        Unavailable: What it needs is not installed.
    """
    if form is Form.NDJSON:
        return NdjsonWriter
    from workers.sinks.parquet import ParquetWriter  # noqa: PLC0415 - an extra

    return ParquetWriter


@dataclass(frozen=True, slots=True)
class Rolling:
    """When a file is finished and the next one begun; at midnight (UTC) as well."""

    max_bytes: int = 128 * 1024 * 1024
    max_age: timedelta = timedelta(hours=1)


@dataclass(slots=True)
class _Open:
    """The file that is being written."""

    file: IO[bytes]
    writer: Writer
    day: str
    since: float
    results: int = 0


class FileSink:
    """Keeps results in a folder. One process at a time."""

    kind = "files"

    def __init__(
        self,
        folder: Path,
        form: Form = Form.NDJSON,
        rolling: Rolling | None = None,
        name: str = "files",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._folder = folder
        self._form = form
        self._rolling = rolling or Rolling()
        self._clock = clock
        self._make = writer_of(form)
        self._lock: int | None = None
        self._open: _Open | None = None
        self._cursor = START
        self._reached = START

    @property
    def cursor(self) -> str:
        """Everything up to here stands in finished files."""
        return self._cursor

    @property
    def reached(self) -> str:
        """Everything up to here stands in finished files or in the open one."""
        return self._reached

    def resume(self) -> str:
        """Find out how far the finished files go, and throw away the unfinished one.

        Raises:
            SinkError: The folder cannot be used, or another process writes to it.
        """
        with self._writing():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._take_lock()
            self._discard()
            self._cursor = self._reached = max(self._finished(), self._marked(), key=position)
        return self._cursor

    def take(self, page: FeedPage, results: Sequence[Result]) -> None:
        """Write results into the open file; it is finished when it is large, and when another day begins.

        Raises:
            SinkError: The disk refuses.
        """
        with self._writing():
            for day, of_day in groupby(results, key=lambda result: _day(result.cursor)):
                self._write(day, list(of_day))
            self._reached = page.next_cursor
            if self._open is None:
                self._cursor = self._reached
            elif self._open.writer.size >= self._rolling.max_bytes:
                self._finish()

    def idle(self) -> None:
        """Finish the open file when it has been open for long."""
        if self._open and self._clock() - self._open.since >= self._rolling.max_age.total_seconds():
            with self._writing():
                self._finish()

    def close(self) -> None:
        """Finish the open file, and let others write to the folder."""
        with self._writing():
            self._finish()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _write(self, day: str, results: list[Result]) -> None:
        if self._open and self._open.day != day:
            self._finish()
        if self._open is None:
            file = (self._folder / f"{_OPEN}{self._form.suffix}").open("wb")
            self._open = _Open(file, self._make(file), day, self._clock())
        self._open.writer.add(results)
        self._open.results += len(results)
        self._reached = results[-1].cursor

    def _finish(self) -> None:
        """Make the open file one of the archive: from here on it is safe."""
        if self._open is None:
            return
        one, self._open = self._open, None
        told = {"dateline.after": self._cursor, "dateline.upto": self._reached, "dateline.results": str(one.results)}
        with one.file:
            one.writer.finish(told)
            one.file.flush()
            os.fsync(one.file.fileno())
        home = self._folder / f"day={one.day}"
        home.mkdir(exist_ok=True)
        Path(one.file.name).rename(home / f"articles_{self._cursor}_{self._reached}{self._form.suffix}")
        _sync(home)
        _sync(self._folder)
        self._cursor = self._reached
        self._mark()

    def _mark(self) -> None:
        """Write the cursor down as well: the finished files may be taken elsewhere."""
        aside = self._folder / f"{_MARK}.new"
        with aside.open("w") as file:
            json.dump({"cursor": self._cursor}, file)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(self._folder / _MARK)
        _sync(self._folder)

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        lock = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            raise SinkError(f"Another sink writes to {self._folder}; give each a folder of its own.") from error
        self._lock = lock

    def _discard(self) -> None:
        """Throw away what a killed process did not finish: the feed still has it."""
        for left in self._folder.glob(f"{_OPEN}.*"):
            left.unlink()

    def _finished(self) -> str:
        """The cursor that the finished files reach."""
        names = (_NAME.fullmatch(file.name) for file in self._folder.glob("day=*/articles_*"))
        return max((found[2] for found in names if found), key=position, default=START)

    def _marked(self) -> str:
        file = self._folder / _MARK
        try:
            return str(json.loads(file.read_text())["cursor"]) if file.exists() else START
        except (ValueError, KeyError, TypeError) as error:
            raise SinkError(f"{file} is damaged; delete it if all finished files are still beside it.") from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Turn an error of the disk into a `SinkError` with a next step."""
        try:
            yield
        except OSError as error:
            raise SinkError(
                f"The archive in {self._folder} cannot be written ({error.strerror}); "
                "make room or correct the path, then start the sink again: it goes on where it was."
            ) from error


def _day(cursor: str) -> str:
    """The day (UTC) on which the feed told an outcome."""
    return datetime.fromtimestamp(position(cursor)[0] / 1000, UTC).date().isoformat()


def _sync(folder: Path) -> None:
    """Force the names in a folder to disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
