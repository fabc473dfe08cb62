"""Reading bodies as streams, decompressed and never beyond a limit."""

from collections.abc import AsyncIterator, Iterator

import anyio
from isal import isal_zlib as zlib
from starlette.requests import Request

from api.negotiation import body_is_gzipped
from api.once import Fingerprint
from api.problems import Kind, Refused

_PIECE = 256 * 1024
"""Decompressed at a time: about a millisecond of work between two looks at other requests."""
_GZIP = 31
"""zlib's code for: a gzip header, and the largest window."""


def too_large(limit: int) -> Refused:
    """The refusal of a body beyond a limit."""
    return Refused(Kind.TOO_LARGE, f"The body is larger than {limit:,} bytes (decompressed); send less at a time.")


class Inflater:
    """Decompresses gzip, also of several members, in pieces of bounded size."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decompress the next bytes of the stream.

        Raises:
            Refused: They are not gzip.
        """
        while data:
            if self._member.eof:
                self._member = zlib.decompressobj(_GZIP)
            self._begun = True
            try:
                piece = self._member.decompress(data, _PIECE)
            except zlib.error:  # type: ignore[misc]  # its stub calls the class an instance
                raise _not_gzip() from None
            data = self._member.unconsumed_tail or self._member.unused_data
            if piece:
                yield piece

    def finish(self) -> None:
        """Say that the stream is over.

        Raises:
            Refused: It ended in the middle.
        """
        if self._begun and not self._member.eof:
            raise _not_gzip()


def _not_gzip() -> Refused:
    return Refused(Kind.MALFORMED_ENCODING, "The body is not complete, valid gzip; compress it again and resend it.")


async def pieces(request: Request, limit: int, seen: Fingerprint | None = None) -> AsyncIterator[bytes]:
    """The decompressed body, piece by piece.

    Args:
        request: The request.
        limit: Bytes at most.
        seen: Is shown every piece.

    Raises:
        Refused: It is larger than the limit, or not what Content-Encoding says.
    """
    gzipped = body_is_gzipped(request)
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large(limit)
    total = 0
    async for piece in _inflated(request) if gzipped else request.stream():
        yield piece[: limit - total]  # what came before the limit may stand by itself: whole lines of a batch
        total += len(piece)
        if seen:
            seen.update(piece)
        if total > limit:
            raise too_large(limit)


async def _inflated(request: Request) -> AsyncIterator[bytes]:
    inflater = Inflater()
    async for data in request.stream():
        for piece in inflater.feed(data):
            yield piece
            await anyio.lowlevel.checkpoint()
    inflater.finish()


async def whole(request: Request, limit: int, seen: Fingerprint | None = None) -> bytes:
    """The whole decompressed body.

    Raises:
        Refused: As `pieces`.
    """
    found = [piece async for piece in pieces(request, limit, seen)]
    return found[0] if len(found) == 1 else b"".join(found)
