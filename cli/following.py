"""Following a file of lines that grows, as ``tail -F`` does: through rotation and truncation."""

import io
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cli.drafts import Draft
from cli.marks import Marks

_POLL_S = 0.5
_HEAD_BYTES = 256


class Followed:
    """One file under one name, whatever file that is at the moment."""

    def __init__(self, path: Path, marks: Marks, pause: Callable[[float], None] = time.sleep) -> None:
        self._path = path
        self._pause = pause
        mark = marks.of(path, grows=True) if path.exists() else None
        self._stream = self._open(mark.end if mark else 0)
        self._end = mark.end if mark else 0
        self._number = mark.items if mark else 0
        self._head = b""
        self._rest = b""

    def __iter__(self) -> Iterator[Draft | None]:
        """Lines as they are written; ``None`` whenever nothing more is there for the moment. Never ends."""
        while True:
            if self._was_emptied():
                self._begin_anew()
            yield from self._complete_lines()
            if self._was_renamed():
                yield from self._complete_lines()  # what was written between the last look and the rotation
                yield from self._last_line()
                self._begin_anew()
            else:
                yield None
                self._pause(_POLL_S)

    def close(self) -> None:
        """Close the file."""
        if self._stream:
            self._stream.close()

    def _open(self, offset: int) -> io.BufferedReader | None:
        try:
            stream = self._path.open("rb")
        except FileNotFoundError:  # not yet, or between two steps of a rotation
            return None
        stream.seek(offset)
        return stream

    def _complete_lines(self) -> Iterator[Draft]:
        while self._stream and (piece := self._stream.readline()):
            self._rest += piece
            if not piece.endswith(b"\n"):
                return
            yield from self._line()

    def _last_line(self) -> Iterator[Draft]:
        """Of a file that is gone: nobody will end its last line any more."""
        if self._rest:
            yield from self._line()

    def _line(self) -> Iterator[Draft]:
        line, self._rest = self._rest, b""
        self._end += len(line)
        self._number += 1
        if stripped := line.removeprefix(b"\xef\xbb\xbf").strip():
            yield Draft(f"{self._path}:{self._number}", stripped, self._path, self._end, self._number)

    def _was_renamed(self) -> bool:
        """Whether the name stands for another file now. While it stands for none, a rotation is under way."""
        try:
            named = self._path.stat()
        except FileNotFoundError:
            return False
        if self._stream is None:
            return True
        own = os.fstat(self._stream.fileno())
        return (named.st_dev, named.st_ino) != (own.st_dev, own.st_ino)

    def _was_emptied(self) -> bool:
        """Whether the file was cut off, and perhaps written again beyond the place that was reached."""
        if self._stream is None:
            return False
        start = os.pread(self._stream.fileno(), _HEAD_BYTES, 0)
        before, self._head = self._head, start
        return os.fstat(self._stream.fileno()).st_size < self._end + len(self._rest) or not start.startswith(before)

    def _begin_anew(self) -> None:
        self.close()
        self._stream, self._end, self._number, self._rest, self._head = self._open(0), 0, 0, b"", b""
