"""One process of a local Dateline: started in a group of its own, watched, and stopped in bounded time."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_POLL_S = 0.05
_TAIL_BYTES = 16_384
_LINE_CHARS = 300


def _die_with_parent() -> None:
    """Ask Linux to stop this child when ``dateline up`` itself is killed, so that nothing is left behind."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Process:
    """A command, its log file, and how long it may take to stop."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    patience_s: float = 10.0
    folder: Path | None = None
    _popen: "subprocess.Popen[bytes] | None" = field(default=None, init=False, repr=False)

    @property
    def pid(self) -> int | None:
        """Its process id, once started."""
        return self._popen.pid if self._popen else None

    @property
    def exit_code(self) -> int | None:
        """How it ended; ``None`` while it runs or before it was started."""
        return self._popen.poll() if self._popen else None

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        code = self.exit_code
        if code is None:
            return "still runs"
        return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"

    def start(self) -> None:
        """Start it. Ctrl-C at the terminal does not reach it: it is stopped in its turn."""
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(  # noqa: S603 - our own commands
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                cwd=self.folder,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one thread here
            )

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process itself; it stops its own children."""
        if self._popen and self._popen.poll() is None:
            self._popen.terminate()

    def wait(self) -> bool:
        """Wait until it has stopped; kill its whole group when it does not. Returns whether it stopped by itself."""
        if self._popen is None:
            return True
        deadline = time.monotonic() + self.patience_s
        while self._popen.poll() is None and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        stopped = self._popen.poll() is not None
        self._kill_group()
        self._popen.wait()
        return stopped

    def kill(self) -> None:
        """End it and its group at once, as one that hangs has to be."""
        if self._popen:
            self._kill_group()
            self._popen.wait()

    def _kill_group(self) -> None:
        """Kill what is left of the group that was started here, such as children of a process that crashed."""
        assert self._popen is not None
        try:
            os.killpg(self._popen.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return

    def last_lines(self, count: int = 12) -> list[str]:
        """The end of its log."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - _TAIL_BYTES))
                lines = log.read().decode("utf-8", errors="replace").splitlines()[-count:]
                return [line[:_LINE_CHARS] for line in lines]
        except OSError:
            return []
