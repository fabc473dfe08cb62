"""Ctrl-C and SIGTERM as something that is looked at, instead of an exception that strikes anywhere."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self


class Interrupted(KeyboardInterrupt):
    """Somebody asked to stop."""


class StopSignals:
    """Remembers SIGINT, SIGTERM and SIGHUP while it is entered; restores what was there before."""

    _NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._note) for number in self._NUMBERS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._asked.set()

    @property
    def asked(self) -> bool:
        """Whether somebody asked to stop."""
        return self._asked.is_set()

    def check(self) -> None:
        """Raise when somebody asked.

        Raises:
            Interrupted: Somebody did.
        """
        if self.asked:
            raise Interrupted

    def sleep(self, seconds: float) -> None:
        """Wait, but not when somebody asks to stop.

        Raises:
            Interrupted: Somebody did.
        """
        self._asked.wait(seconds)
        self.check()
