"""Article ids as few bytes: 17 for those that the API makes, which are base 32 of 16 bytes."""

import base64
import binascii
from contextlib import suppress
from typing import Final

from schemas import Ref

NO_ID: Final = b"\0"
_API_ID: Final = 26
_PADDING: Final = "======"
_IN_BASE_32: Final = 0x80
_REVISION: Final = 4


def pack_id(article_id: str) -> bytes:
    """An article id as bytes, after a byte with their number.

    Raises:
        ValueError: It is longer than 127 bytes; the API makes ids of 26 characters.
    """
    if len(article_id) == _API_ID and article_id.isascii():
        with suppress(binascii.Error):
            raw = base64.b32decode(article_id.upper() + _PADDING)
            if _readable(raw) == article_id:
                return bytes((len(raw) | _IN_BASE_32,)) + raw
    text = article_id.encode()
    if len(text) >= _IN_BASE_32:
        raise ValueError("an article id longer than 127 bytes cannot be indexed; the API makes ids of 26")
    return bytes((len(text),)) + text


def unpack_id(data: bytes, at: int = 0) -> tuple[str, int]:
    """The id that begins at an offset, empty if there is none, and the offset after it."""
    size, start = data[at] & ~_IN_BASE_32, at + 1
    raw = data[start : start + size]
    return (_readable(raw) if data[at] & _IN_BASE_32 else raw.decode()), start + size


def pack_revision(revision: int) -> bytes:
    """A revision's number as four bytes."""
    return revision.to_bytes(_REVISION, "big")


def unpack_ref(data: bytes) -> Ref:
    """Read an article id and the revision after it."""
    article_id, at = unpack_id(data)
    return Ref(article_id, int.from_bytes(data[at : at + _REVISION], "big"))


def _readable(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()
