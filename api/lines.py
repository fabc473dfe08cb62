"""Cutting a batch into its submissions: NDJSON from a stream, a JSON array from memory."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice

from api.problems import Kind, Refused

MAX_ARRAY_BYTES = 16 * 1024 * 1024
"""An array has to be held in memory until its end is known to be well formed; NDJSON does not."""
_BLANK = re.compile(r"[ \t\n\r]*")
_BOM = b"\xef\xbb\xbf"
_DECODER = json.JSONDecoder(parse_int=str)
"""Only the end of each element matters here; large integers are validated with their element."""


@dataclass(frozen=True, slots=True)
class Line:
    """One submission of a batch: its number from 1, and its bytes; ``None`` when there were too many to keep."""

    number: int
    body: bytes | None


class Lines:
    """Cuts a stream into lines. Blank lines are counted and left out; a line that is too long is not kept.

    Args:
        limit: Bytes of a line at most.
        most: Lines at most, blank ones included: 200 kB of gzip can hold 200 million of them.
    """

    def __init__(self, limit: int, most: int) -> None:
        self._limit = limit
        self._most = most
        self._number = 0
        self._rest = bytearray()
        self._overflown = False

    def feed(self, piece: bytes) -> Iterator[Line]:
        """The lines that end in this piece.

        Raises:
            Refused: There are too many.
        """
        head, *tail = piece.split(b"\n")
        self._keep(head)
        for part in tail:
            yield from self._end()
            self._keep(part)

    def finish(self) -> Iterator[Line]:
        """The last line, when no line break ended it."""
        yield from self._end()

    @property
    def next_number(self) -> int:
        """The number of the line that is being read."""
        return self._number + 1

    def _keep(self, part: bytes) -> None:
        if self._overflown or len(self._rest) + len(part) > self._limit:
            self._overflown = True
            self._rest.clear()
        else:
            self._rest += part

    def _end(self) -> Iterator[Line]:
        if self._number == self._most:
            detail = f"A batch has at most {self._most:,} lines, blank ones included; send the rest in another."
            raise Refused(Kind.TOO_LARGE, detail)
        self._number += 1
        body = bytes(self._rest)
        overflown, self._overflown = self._overflown, False
        self._rest.clear()
        if self._number == 1:
            body = body.removeprefix(_BOM)
        body = body.strip()
        if overflown or body:
            yield Line(self._number, None if overflown else body)


def elements(body: bytes, most: int) -> list[Line]:
    """The elements of a JSON array, as they were written, numbered from 1.

    Args:
        body: The array.
        most: Reading ends after the first element beyond this number.

    Raises:
        Refused: It is not a well-formed array. Nothing of it is accepted then.
    """
    try:
        text = body.removeprefix(_BOM).decode()
        return list(islice(_elements(text), most + 1))
    except UnicodeDecodeError:
        raise _malformed("it is not UTF-8") from None
    except RecursionError:
        raise _malformed("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise _malformed(f"see line {error.lineno}, column {error.colno}") from None


def _malformed(reason: str) -> Refused:
    detail = f"The body is not a well-formed JSON array: {reason}. One article a line goes as application/x-ndjson."
    return Refused(Kind.MALFORMED_JSON, detail)


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _expect(text: str, at: int, characters: str) -> int:
    if text[at : at + 1] not in tuple(characters):
        raise json.JSONDecodeError("unexpected", text, at)
    return _skip(text, at + 1)


def _elements(text: str) -> Iterator[Line]:
    at = _expect(text, _skip(text, 0), "[")
    more = text[at : at + 1] != "]"
    for number in count(1):
        if not more:
            break
        _, end = _DECODER.raw_decode(text, at)
        yield Line(number, text[at:end].encode())
        at = _skip(text, end)
        more = text[at : at + 1] == ","
        at = _expect(text, at, ",") if more else at
    if _expect(text, at, "]") != len(text):
        raise json.JSONDecodeError("extra data", text, at)
