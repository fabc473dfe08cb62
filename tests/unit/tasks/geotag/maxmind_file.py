"""Writes small MaxMind database files: a data section behind an empty search tree."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any


def maxmind_file(values: Sequence[Any]) -> bytes:
    """The bytes of a database with these values; what equals an earlier text is a pointer to it."""
    data, texts = bytearray(), dict[str, int]()
    for value in values:
        _write(data, texts, value)
    metadata = bytearray()
    _write(metadata, {}, {"node_count": 0, "record_size": 28})
    return bytes(16) + bytes(data) + b"\xab\xcd\xefMaxMind.com" + bytes(metadata)


def _write(data: bytearray, texts: dict[str, int], value: Any) -> None:
    if isinstance(value, str):
        _write_text(data, texts, value)
    elif isinstance(value, float):
        data += bytes([3 << 5 | 8]) + struct.pack(">d", value)
    elif isinstance(value, bool):
        data += bytes([int(value), 14 - 7])
    elif isinstance(value, int):
        data += bytes([6 << 5 | 4]) + value.to_bytes(4, "big")
    elif isinstance(value, Mapping):
        data += bytes([7 << 5 | len(value)])
        for key, item in value.items():
            _write(data, texts, key)
            _write(data, texts, item)
    else:
        data += bytes([len(value), 11 - 7])
        for item in value:
            _write(data, texts, item)


def _write_text(data: bytearray, texts: dict[str, int], text: str) -> None:
    if text in texts:
        place = texts[text]
        data += bytes([1 << 5 | place >> 8, place & 255])
        return
    texts[text] = len(data)
    raw = text.encode()
    data += bytes([2 << 5 | 29, len(raw) - 29]) if len(raw) > 28 else bytes([2 << 5 | len(raw)])
    data += raw
