"""Reading what a person wants to submit: files, folders, web addresses and standard input, as lines of NDJSON.

Big sources (lines, archives) are read as streams, and from where their mark in the state file stands.
"""

import gzip
import io
import json
import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, cast

import httpx

from cli.errors import Trouble
from cli.exits import Exit
from cli.marks import Marks
from cli.warc import pages
from schemas.charset import decode

_GZIP = b"\x1f\x8b"
_PEEK_BYTES = 4096
_MAX_PAGE_BYTES = 6 * 1024 * 1024
"""As much as the API takes for one article."""
_MARKUP = re.compile(rb"<!doctype\s+html|<html|<head|<body|<article|<p[\s>]|<div", re.IGNORECASE)


class Peekable(Protocol):
    """A stream whose first bytes can be looked at: a file, standard input, or what gzip unpacks of them."""

    def peek(self, size: int, /) -> bytes: ...  # noqa: D102
    def read(self, size: int = -1, /) -> bytes: ...  # noqa: D102
    def __iter__(self) -> Iterator[bytes]: ...


class Kind(StrEnum):
    """What a source holds."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    NDJSON = "ndjson"
    WARC = "warc"


_BY_SUFFIX = {
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".json": Kind.JSON,
    ".ndjson": Kind.NDJSON,
    ".jsonl": Kind.NDJSON,
    ".warc": Kind.WARC,
    ".arc": Kind.WARC,
    ".wet": Kind.WARC,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """One submission as it will be sent, and where it came from.

    Attributes:
        origin: Where, for a person.
        line: The submission.
        path: The file; `None` when it cannot be read again from where it was left.
        end: Where the next one begins there: a byte of a file of lines, else how many articles came before.
        number: Of the line or article within it, from 1.
    """

    origin: str
    line: bytes
    path: Path | None = None
    end: int = 0
    number: int = 0


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


def kind_of_name(name: str) -> Kind | None:
    """What a file's name says that it holds.

    >>> kind_of_name("crawl.jsonl.gz")
    <Kind.NDJSON: 'ndjson'>
    """
    return _BY_SUFFIX.get(Path(name.lower().removesuffix(".gz")).suffix)


def sniff(start: bytes) -> Kind:
    """What the first bytes look like."""
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"WARC/"):
        return Kind.WARC
    if head[:1] == b"[":
        return Kind.JSON
    if head[:1] == b"{":
        first, _, rest = head.partition(b"\n")
        return Kind.NDJSON if rest.strip()[:1] == b"{" and _is_object(first) else Kind.JSON
    return Kind.HTML if _MARKUP.search(head) else Kind.TEXT


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def drafts(sources: list[str], reading: Reading | None = None) -> Iterator[Draft]:
    """Everything in the sources, one submission after the other, without holding a large file in memory."""
    reading = reading or Reading()
    for source in sources:
        if source == "-":
            stream = _unpacked(cast("io.BufferedReader", sys.stdin.buffer), "standard input")
            yield from _in_stream(stream, _Source("standard input", None, None, reading))
        elif source.startswith(("http://", "https://")):
            yield fetch(source)
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
    return sorted(file for file in folder.rglob("*") if file.is_file() and kind_of_name(file.name))


def _in_path(path: Path, reading: Reading) -> Iterator[Draft]:
    if path.is_dir():
        files = _articles_in(path)
        if not files:
            known = ", ".join(_BY_SUFFIX)
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
        yield source.draft(f"{source.origin}: {page.url}", _line(article), number, number)


def _whole(stream: Peekable, source: _Source) -> Iterator[Draft]:
    _, sent = source.sent(grows=False)
    found = parse(stream.read(), source.kind or Kind.TEXT, source.origin)
    for number, draft in enumerate(found, start=1):
        if number > sent:
            yield source.draft(draft.origin, draft.line, number, number)


def parse(data: bytes, kind: Kind, origin: str) -> Iterator[Draft]:
    """The submissions in a document that was read as a whole.

    Raises:
        Trouble: It is called JSON, and is not.
    """
    if kind is not Kind.JSON:
        yield Draft(origin, _line({str(kind): decode(data).text}))
        return
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except ValueError as error:
        raise Trouble(
            f"{origin} is not valid JSON.", "One object for each line is NDJSON: call the file .ndjson.", Exit.USAGE
        ) from error
    many = document if isinstance(document, list) else [document]
    for number, item in enumerate(many, start=1):
        yield Draft(f"{origin}:{number}" if isinstance(document, list) else origin, _line(item))


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", errors="replace")


def fetch(url: str, transport: httpx.BaseTransport | None = None) -> Draft:
    """Fetch a page on this machine, to submit it with its address: the server itself never fetches anything.

    Raises:
        Trouble: There is no such page, or it is too large.
    """
    headers = {"User-Agent": "Mozilla/5.0 (compatible; dateline-cli)", "Accept": "text/html,*/*;q=0.5"}
    try:
        with (
            httpx.Client(follow_redirects=True, timeout=30.0, headers=headers, transport=transport) as client,
            client.stream("GET", url) as response,
        ):
            response.raise_for_status()
            data = b""
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > _MAX_PAGE_BYTES:
                    raise Trouble(f"{url} is larger than 6 MB.", "Save its article as a text file.", Exit.USAGE)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = f"HTTP {error.response.status_code}" if isinstance(error, httpx.HTTPStatusError) else str(error)
        raise Trouble(
            f"{url} cannot be fetched ({reason}).", "Open it in a browser and save it.", Exit.USAGE
        ) from error
    html = "html" in response.headers.get("Content-Type", "html")
    fetched = {"url": str(response.url), "fetched_at": datetime.now(UTC).isoformat()}
    return Draft(url, _line({**fetched, ("html" if html else "text"): decode(data, response.charset_encoding).text}))
