"""Reading the values of a MaxMind database file (MaxMind DB File Format Specification 2.0), without its search tree."""

import struct
from collections.abc import Iterator
from typing import Any

_MARKER = b"\xab\xcd\xefMaxMind.com"
_SEPARATOR = 16
"""Zero bytes between the search tree and the data section."""
_POINTER_BASES = (0, 2048, 526_336, 0)
_SIZE_BASES = {29: 29, 30: 285, 31: 65_821}
_POINTER, _TEXT, _DOUBLE, _BYTES, _MAP, _INT32, _ARRAY, _BOOLEAN, _FLOAT = 1, 2, 3, 4, 7, 8, 11, 14, 15


def values(raw: bytes) -> Iterator[Any]:
    """Every value of the data section in the order in which they stand."""
    marker = raw.rindex(_MARKER)
    metadata, _ = _Decoder(raw[marker + len(_MARKER) :]).read(0)
    tree = metadata["node_count"] * metadata["record_size"] // 4
    decoder = _Decoder(raw[tree + _SEPARATOR : marker])
    at = 0
    while at < len(decoder.data):
        value, at = decoder.read(at)
        yield value


class _Decoder:
    """Values by their place in the data section; what is pointed to more than once is read once."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._pointed: dict[int, Any] = {}

    def read(self, at: int) -> tuple[Any, int]:
        """The value at a place, and where the next begins."""
        control = self.data[at]
        kind, at = control >> 5, at + 1
        if kind == _POINTER:
            return self._follow(control, at)
        if kind == 0:
            kind, at = self.data[at] + 7, at + 1
        size, at = self._size(control & 31, at)
        if kind == _MAP:
            return self._map(size, at)
        if kind == _ARRAY:
            return self._array(size, at)
        if kind == _BOOLEAN:
            return bool(size), at
        return _scalar(kind, self.data[at : at + size]), at + size

    def _size(self, size: int, at: int) -> tuple[int, int]:
        if size not in _SIZE_BASES:
            return size, at
        more = size - 28
        return _SIZE_BASES[size] + int.from_bytes(self.data[at : at + more], "big"), at + more

    def _follow(self, control: int, at: int) -> tuple[Any, int]:
        length = (control >> 3 & 3) + 1
        number = int.from_bytes(self.data[at : at + length], "big")
        if length <= len(_POINTER_BASES) - 1:
            number += (control & 7) << 8 * length
        place = number + _POINTER_BASES[length - 1]
        if place not in self._pointed:
            self._pointed[place] = self.read(place)[0]
        return self._pointed[place], at + length

    def _map(self, size: int, at: int) -> tuple[dict[str, Any], int]:
        found = {}
        for _ in range(size):
            key, at = self.read(at)
            found[key], at = self.read(at)
        return found, at

    def _array(self, size: int, at: int) -> tuple[list[Any], int]:
        found = []
        for _ in range(size):
            value, at = self.read(at)
            found.append(value)
        return found, at


def _scalar(kind: int, raw: bytes) -> Any:
    if kind == _TEXT:
        return raw.decode()
    if kind == _DOUBLE:
        return struct.unpack(">d", raw)[0]
    if kind == _FLOAT:
        return struct.unpack(">f", raw)[0]
    if kind == _BYTES:
        return raw
    return int.from_bytes(raw, "big", signed=kind == _INT32)
