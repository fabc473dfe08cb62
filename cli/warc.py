"""Pages of a web archive (WARC, ISO 28500), one submission each."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cli.errors import Trouble
from cli.exits import Exit

_MAX_PAGE_BYTES = 6 * 1024 * 1024
_OK = "200"
_KINDS = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text"}


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page as it was archived.

    Attributes:
        field: ``html`` or ``text``.
        charset: As the server declared it.
    """

    url: str
    fetched_at: str
    field: str
    data: bytes
    charset: str | None


def pages(stream: Any, origin: str) -> Iterator[ArchivedPage | None]:
    """Every record in order; ``None`` for those that hold no page: requests, images, redirects, errors.

    Args:
        stream: The archive, compressed or not.
        origin: What it is called.

    Raises:
        Trouble: It is damaged, or the library that reads it is not there.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - an extra
        from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415
    except ImportError as error:
        step = "Install it: pip install warcio."
        raise Trouble("Reading WARC files needs warcio, which is not installed here.", step, Exit.MACHINE) from error
    watched, record = _Watched(stream), None
    try:
        for record in ArchiveIterator(watched, arc2warc=True):
            yield _page(record)
    except ArchiveLoadFailed as error:
        raise _damaged(origin) from error
    if watched.error or (record and getattr(record.raw_stream, "limit", 0)):  # the last record is shorter than it says
        raise _damaged(origin) from watched.error


class _Watched:
    """A stream that remembers why it ended: warcio takes every end for the regular one."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        """The next bytes, none after an error."""
        try:
            return b"" if self.error else self._stream.read(size)
        except (OSError, EOFError, zlib.error) as error:
            self.error = error
            return b""


def _damaged(origin: str) -> Trouble:
    return Trouble(f"{origin} is damaged: it is no readable WARC from here on.", "Fetch it again.", Exit.USAGE)


def _page(record: Any) -> ArchivedPage | None:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.rec_type == "response" and record.http_headers and record.http_headers.get_statuscode() == _OK:
        declared = record.http_headers.get_header("Content-Type") or ""
    elif record.rec_type in {"resource", "conversion"}:
        declared = record.rec_headers.get_header("Content-Type") or ""
    else:
        return None
    kind, _, parameters = declared.partition(";")
    field = _KINDS.get(kind.strip().lower())
    if field is None or not url.startswith(("http://", "https://")):
        return None
    data = record.content_stream().read(_MAX_PAGE_BYTES + 1)
    if not data.strip() or len(data) > _MAX_PAGE_BYTES:
        return None
    return ArchivedPage(url, record.rec_headers.get_header("WARC-Date") or "", field, data, _charset(parameters))


def _charset(parameters: str) -> str | None:
    name, _, value = parameters.strip().partition("=")
    return value.strip("\"' ") or None if name.strip().lower() == "charset" else None
