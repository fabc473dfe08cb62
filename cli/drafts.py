"""Submissions as they will be sent: made of documents that were read as a whole, and of pages that are fetched here."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from cli.errors import Trouble
from cli.exits import Exit
from cli.kinds import Kind
from schemas.charset import decode

_MAX_PAGE_BYTES = 6 * 1024 * 1024
"""As much as the API takes for one article."""


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


def parse(data: bytes, kind: Kind, origin: str) -> Iterator[Draft]:
    """The submissions in a document that was read as a whole.

    Raises:
        Trouble: It is called JSON, and is not.
    """
    if kind is not Kind.JSON:
        yield Draft(origin, to_line({str(kind): decode(data).text}))
        return
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except ValueError as error:
        raise Trouble(
            f"{origin} is not valid JSON.", "One object for each line is NDJSON: call the file .ndjson.", Exit.USAGE
        ) from error
    many = document if isinstance(document, list) else [document]
    for number, item in enumerate(many, start=1):
        yield Draft(f"{origin}:{number}" if isinstance(document, list) else origin, to_line(item))


def to_line(value: object) -> bytes:
    """A document as one line of JSON."""
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
            data = _page(response.raise_for_status(), url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = f"HTTP {error.response.status_code}" if isinstance(error, httpx.HTTPStatusError) else str(error)
        raise Trouble(
            f"{url} cannot be fetched ({reason}).", "Open it in a browser and save it.", Exit.USAGE
        ) from error
    html = "html" in response.headers.get("Content-Type", "html")
    fetched = {"url": str(response.url), "fetched_at": datetime.now(UTC).isoformat()}
    return Draft(url, to_line({**fetched, ("html" if html else "text"): decode(data, response.charset_encoding).text}))


def _page(response: httpx.Response, url: str) -> bytes:
    data = b""
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > _MAX_PAGE_BYTES:
            raise Trouble(f"{url} is larger than 6 MB.", "Save its article as a text file.", Exit.USAGE)
    return data
