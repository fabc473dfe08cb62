"""Reading what a person wants to submit: files, folders, web addresses and standard input, as lines of NDJSON."""

import gzip
import io
import json
import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol, cast

import httpx

from cli.errors import Trouble
from cli.exits import Exit

_GZIP = b"\x1f\x8b"
_PEEK_BYTES = 4096
_MAX_PAGE_BYTES = 6 * 1024 * 1024
"""As much as the API takes for one article."""
_MARKUP = re.compile(rb"<!doctype\s+html|<html|<head|<body|<article|<p[\s>]|<div", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]+charset=["']?([\w-]+)""", re.IGNORECASE)


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


_BY_SUFFIX = {
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".json": Kind.JSON,
    ".ndjson": Kind.NDJSON,
    ".jsonl": Kind.NDJSON,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """One submission as it will be sent, and where it came from."""

    origin: str
    line: bytes


def kind_of_name(name: str) -> Kind | None:
    """What a file's name says that it holds.

    >>> kind_of_name("crawl.jsonl.gz")
    <Kind.NDJSON: 'ndjson'>
    """
    return _BY_SUFFIX.get(Path(name.lower().removesuffix(".gz")).suffix)


def sniff(start: bytes) -> Kind:
    """What the first bytes look like."""
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip()
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


def decode(data: bytes, charset: str | None = None) -> str:
    """Bytes as text: as declared, else UTF-8, else Windows-1252. NUL characters are left for the API to refuse."""
    declared = charset or (found.group(1).decode() if (found := _CHARSET.search(data[:_PEEK_BYTES])) else None)
    for name in (declared, "utf-8-sig", "cp1252"):
        try:
            if name:
                return data.decode("utf-8-sig" if name.lower() in ("utf-8", "utf8") else name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("utf-8", errors="replace")


def drafts(sources: list[str]) -> Iterator[Draft]:
    """Everything in the sources, one submission after the other, without holding a large file in memory."""
    for source in sources:
        if source == "-":
            yield from _from_stream(cast("io.BufferedReader", sys.stdin.buffer), "standard input", None)
        elif source.startswith(("http://", "https://")):
            yield fetch(source)
        else:
            yield from _from_path(Path(source))


def _from_path(path: Path) -> Iterator[Draft]:
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file() and kind_of_name(file.name))
        if not files:
            known = ", ".join(_BY_SUFFIX)
            raise Trouble(f"There are no articles in {path}.", f"Looked for {known}, also with .gz.", Exit.USAGE)
        for file in files:
            yield from _from_path(file)
        return
    try:
        with path.open("rb") as stream:
            yield from _from_stream(stream, str(path), kind_of_name(path.name))
    except OSError as error:
        raise Trouble(f"{path} cannot be read ({error.strerror}).", "Check the path.", Exit.USAGE) from error


def _from_stream(stream: io.BufferedReader, origin: str, kind: Kind | None) -> Iterator[Draft]:
    try:
        if stream.peek(2)[:2] != _GZIP:
            yield from _from_plain(stream, origin, kind)
            return
        with gzip.GzipFile(fileobj=stream) as unpacked:
            yield from _from_plain(unpacked, origin, kind)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Trouble(f"{origin} is damaged: its gzip data cannot be read.", "Fetch it again.", Exit.USAGE) from error


def _from_plain(stream: Peekable, origin: str, kind: Kind | None) -> Iterator[Draft]:
    kind = kind or sniff(stream.peek(_PEEK_BYTES))
    if kind is Kind.NDJSON:
        yield from _lines(stream, origin)
    else:
        yield from parse(stream.read(), kind, origin)


def _lines(stream: Peekable, origin: str) -> Iterator[Draft]:
    for number, line in enumerate(stream, start=1):
        if stripped := line.removeprefix(b"\xef\xbb\xbf").strip():
            yield Draft(f"{origin}:{number}", stripped)


def parse(data: bytes, kind: Kind, origin: str) -> Iterator[Draft]:
    """The submissions in a document that was read as a whole.

    Raises:
        Trouble: It is called JSON, and is not.
    """
    if kind is not Kind.JSON:
        yield Draft(origin, _line({str(kind): decode(data)}))
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
    return Draft(url, _line({**fetched, ("html" if html else "text"): decode(data, response.charset_encoding)}))
