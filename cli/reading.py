"""Reading what a person wants to submit: files, folders, web addresses and standard input, as lines of NDJSON.

Big sources (lines, archives) are read as streams, and from where their mark in the state file stands.
"""

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, cast

from cli.drafts import Draft, fetch, parse, to_line
from cli.errors import Trouble
from cli.exits import Exit
from cli.kinds import BY_SUFFIX, Kind, kind_of_name, sniff
from cli.marks import Marks
from cli.warc import pages
from schemas.charset import decode

_GZIP = b"\x1f\x8b"
_PEEK_BYTES = 4096


class Peekable(Protocol):
    """A stream whose first bytes can be looked at: a file, standard input, or what gzip unpacks of them."""

    def peek(self, size: int, /) -> bytes: ...  # noqa: D102
    def read(self, size: int = -1, /) -> bytes: ...  # noqa: D102
    def __iter__(self) -> Iterator[bytes]: ...


@dataclass(slots=True)
class Reading:
    """How reading goes: where to begin, and how far it is.

    Attributes:
        marks: Where an earlier run was.
        passed_over: Records of archives that hold no page.
        bytes_read: Of all files so far, compressed where they are.
    """

    marks: Marks = field(default_factory=lambda: Marks(None))
    passed_over: int = 0
    bytes_read: int = 0


def size_of(sources: list[str]) -> int | None:
    """Bytes of all sources; `None` when one of them is no file or folder."""
    paths = [Path(source) for source in sources]
    if not all(path.exists() for path in paths):
        return None
    files = [file for path in paths for file in (_articles_in(path) if path.is_dir() else [path])]
    return sum(file.stat().st_size for file in files)


def drafts(sources: list[str], reading: Reading | None = None) -> Iterator[Draft]:
    """Everything in the sources, one submission after the other, without holding a large file in memory."""
    reading = reading or Reading()
    for source in sources:
        if not source:
            raise Trouble("A source has no name.", "Name a file, a folder or a web address.", Exit.USAGE)
        if source == "-":
            stream = _unpacked(cast("io.BufferedReader", sys.stdin.buffer), "standard input")
            yield from _in_stream(stream, _Source("standard input", None, None, reading))
        elif source.startswith(("http://", "https://")):
            yield fetch(source)
        elif "://" in source and not Path(source).exists():
            raise Trouble(f"{source} is no web page.", "An address begins with http:// or https://.", Exit.USAGE)
        else:
            yield from _in_path(Path(source), reading)


@dataclass(frozen=True, slots=True)
class _Source:
    """A stream that is being read."""

    origin: str
    kind: Kind | None
    path: Path | None
    reading: Reading

    def draft(self, origin: str, line: bytes, end: int, number: int) -> Draft:
        return Draft(origin, line, self.path, end, number)

    def sent(self, *, grows: bool) -> tuple[int, int]:
        """Where an earlier run was: the end of what it sent, and the number of articles."""
        mark = self.reading.marks.of(self.path, grows=grows) if self.path else None
        return (mark.end, mark.items) if mark else (0, 0)


def _articles_in(folder: Path) -> list[Path]:
    """The files of articles in a folder. What is hidden is not meant: environments, histories, states, keys."""
    return sorted(
        file
        for file in folder.rglob("*")
        if kind_of_name(file.name)
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
        and file.is_file()
    )


def _in_path(path: Path, reading: Reading) -> Iterator[Draft]:
    if path.is_dir():
        files = _articles_in(path)
        if not files:
            known = ", ".join(BY_SUFFIX)
            raise Trouble(f"There are no articles in {path}.", f"Looked for {known}, also with .gz.", Exit.USAGE)
        for file in files:
            yield from _in_path(file, reading)
        return
    before = reading.bytes_read
    try:
        with path.open("rb") as raw:
            stream = _unpacked(raw, str(path))
            for draft in _in_stream(stream, _Source(str(path), kind_of_name(path.name), path, reading)):
                reading.bytes_read = before + raw.tell()
                yield draft
        reading.bytes_read = before + path.stat().st_size
    except OSError as error:
        raise Trouble(f"{path} cannot be read ({error.strerror}).", "Check the path.", Exit.USAGE) from error


def _unpacked(raw: io.BufferedReader, origin: str) -> Peekable:
    try:
        return gzip.GzipFile(fileobj=raw) if raw.peek(2)[:2] == _GZIP else raw
    except (gzip.BadGzipFile, EOFError) as error:
        raise _damaged(origin) from error


def _damaged(origin: str) -> Trouble:
    return Trouble(f"{origin} is damaged: its gzip data cannot be read.", "Fetch it again.", Exit.USAGE)


def _in_stream(stream: Peekable, source: _Source) -> Iterator[Draft]:
    try:
        kind = source.kind or sniff(stream.peek(_PEEK_BYTES))
        readers = {Kind.NDJSON: _lines, Kind.WARC: _archived}
        yield from readers.get(kind, _whole)(stream, replace(source, kind=kind))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise _damaged(source.origin) from error


def _lines(stream: Peekable, source: _Source) -> Iterator[Draft]:
    plain = not isinstance(stream, gzip.GzipFile)
    end, sent = source.sent(grows=plain)
    if plain and end:
        cast("io.BufferedReader", stream).seek(end)
    for number, line in enumerate(stream, start=sent + 1 if plain else 1):
        end = end + len(line) if plain else number
        stripped = line.removeprefix(b"\xef\xbb\xbf").strip()
        if stripped and (plain or number > sent):
            yield source.draft(f"{source.origin}:{number}", stripped, end, number)


def _archived(stream: Any, source: _Source) -> Iterator[Draft]:
    _, sent = source.sent(grows=False)
    for number, page in enumerate(pages(stream, source.origin), start=1):
        if number <= sent:
            continue
        if page is None:
            source.reading.passed_over += 1
            continue
        article = {"url": page.url, "fetched_at": page.fetched_at, page.field: decode(page.data, page.charset).text}
        yield source.draft(f"{source.origin}: {page.url}", to_line(article), number, number)


def _whole(stream: Peekable, source: _Source) -> Iterator[Draft]:
    _, sent = source.sent(grows=False)
    found = parse(stream.read(), source.kind or Kind.TEXT, source.origin)
    for number, draft in enumerate(found, start=1):
        if number > sent:
            yield source.draft(draft.origin, draft.line, number, number)
