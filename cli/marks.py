"""How far each source was sent: the state file of ``dateline submit --state``, so that the next run goes on there."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from cli.errors import Trouble
from cli.exits import Exit

_HEAD_BYTES = 256
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a file was sent.

    Attributes:
        end: Where the next article begins: a byte of a file of lines, else the number of articles that were sent.
        items: Lines that were read, so that the next one is called by its number.
        size: Bytes of the file when it was read.
        mtime_ns: When it was changed last, in nanoseconds.
        head: Digest of its first bytes, with their number: another file under the same name has another one.
    """

    end: int
    items: int
    size: int
    mtime_ns: int
    head: str


def head_of(path: Path, length: int = _HEAD_BYTES) -> str:
    """Number and digest of a file's first bytes."""
    with path.open("rb") as stream:
        start = stream.read(length)
    return f"{len(start)}:{hashlib.blake2b(start, digest_size=8).hexdigest()}"


class Marks:
    """The marks of all sources. Without a file they are kept for this run only."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._marks: dict[str, Mark] = {}
        if file and file.exists():
            self._marks = _read(file)

    def of(self, path: Path, *, grows: bool) -> Mark | None:
        """The mark of a file that is still the same one.

        Args:
            path: The file.
            grows: Whether more may have been written behind the mark; else the file has to be untouched.
        """
        mark = self._marks.get(_key(path))
        if mark is None:
            return None
        found = path.stat()
        untouched = (found.st_size, found.st_mtime_ns) == (mark.size, mark.mtime_ns)
        if untouched or (
            grows and found.st_size >= mark.end and head_of(path, int(mark.head.split(":")[0])) == mark.head
        ):
            return mark
        return None

    def note(self, path: Path, end: int, items: int) -> None:
        """Everything before this place was answered."""
        try:
            found, head = path.stat(), head_of(path, min(_HEAD_BYTES, end) if end > 1 else _HEAD_BYTES)
        except OSError:  # rotated away meanwhile: what follows is another file
            self._marks.pop(_key(path), None)
            return
        self._marks[_key(path)] = Mark(end, items, found.st_size, found.st_mtime_ns, head)

    def save(self) -> None:
        """Write the file, whole or not at all."""
        if not self._file:
            return
        document = {"version": _VERSION, "sources": {name: asdict(mark) for name, mark in self._marks.items()}}
        aside = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        try:
            aside.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
            aside.replace(self._file)
        except OSError as error:
            raise Trouble(
                f"The state file {self._file} cannot be written ({error.strerror}).",
                "Choose another --state.",
                Exit.USAGE,
            ) from error


def _key(path: Path) -> str:
    return str(path.absolute())


def _read(file: Path) -> dict[str, Mark]:
    try:
        document = json.loads(file.read_text("utf-8"))
        return {name: Mark(**mark) for name, mark in document["sources"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        step = "Choose another --state, or delete it to begin anew: what is known is answered as existing."
        raise Trouble(f"{file} is no state file of `dateline submit`.", step, Exit.USAGE) from error
