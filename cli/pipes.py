"""Output that nobody reads any more (``dateline tail | head``), or that cannot be written, ends the command.

Typer and Rich each end with 1 then, which here means that something was found wrong.
"""

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from cli.exits import Exit

if TYPE_CHECKING:
    from typing_extensions import Buffer


class _Pipe(io.RawIOBase):
    """A file descriptor that ends the process when its reader is gone, or its disk full."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def writable(self) -> bool:
        return True

    def write(self, data: "Buffer", /) -> int:
        try:
            return os.write(self._descriptor, data)
        except OSError as error:
            # What is still buffered goes nowhere, so that nothing fails once more on the way out.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._descriptor)
            _leave(error)


def _leave(error: OSError) -> NoReturn:
    if isinstance(error, BrokenPipeError):
        raise SystemExit(Exit.UNREAD) from error
    raise _unwritable(error.strerror) from error


def _unwritable(why: str | None) -> Exception:
    from cli.errors import Trouble  # noqa: PLC0415 - its imports take longer than what --help may

    return Trouble(f"The output cannot be written ({why}).", "Make room, or write elsewhere.")


def _piped(stream: TextIO) -> TextIO:
    raw = _Pipe(stream.fileno())
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream is sys.__stderr__ or raw.isatty(),
    )


def end_when_unread() -> None:
    """From now on, output that nobody reads ends the process. What a caller has put in its stead stays.

    Raises:
        Trouble: The output is closed.
    """
    # Python has none where the shell closed it. Then nothing is done: a new key would be shown to nobody.
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process
    if sys.stdout is None:
        raise _unwritable("it is closed")
    if sys.__stdout__ and sys.stdout is sys.__stdout__:
        sys.stdout = _piped(sys.__stdout__)
    if sys.__stderr__ and sys.stderr is sys.__stderr__:
        sys.stderr = _piped(sys.__stderr__)
