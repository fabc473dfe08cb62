"""Work in a child process that may be killed: limits of CPU time, wall time and memory.

A hang inside a C library cannot be interrupted from Python, and a library that runs out of memory may take its process
with it. So the work that may do either is done by a fork of this process. `os.fork` and not `multiprocessing`: a
Celery prefork worker is a daemon, and daemons may have no `multiprocessing` children; and not a fresh interpreter,
which needs a second only to import the parsers. The child touches nothing but its own memory and one pipe.
"""

import contextlib
import ctypes
import gc
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
_CHUNK = 1 << 20
_MAX_ANSWER = 64 << 20
_LENGTH_BYTES = 8
_RESET = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGPROF)
"""The parent's handlers (Celery's soft time limit among them) mean nothing in the child."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use. ``memory_bytes`` is address space on top of what its parent has."""

    cpu_s: float
    wall_s: float
    memory_bytes: int


def _address_space() -> int | None:
    """Bytes of address space that this process has now; unknown where there is no ``/proc``."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return None


def _lower(kind: int, limit: int) -> None:
    """Set a limit, not above the one that is there already."""
    _, hard = resource.getrlimit(kind)
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(kind, (limit, limit))


def _confine(limits: Limits) -> None:
    """In the child: set the limits, and end with the parent. Timers are finer than RLIMIT_CPU, which stands behind."""
    signal.set_wakeup_fd(-1)
    for number in _RESET:
        signal.signal(number, signal.SIG_DFL)
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.setitimer(signal.ITIMER_PROF, limits.cpu_s)
    _lower(resource.RLIMIT_CPU, int(limits.cpu_s) + 1)
    _lower(resource.RLIMIT_CORE, 0)
    if (now := _address_space()) is not None:
        _lower(resource.RLIMIT_AS, now + limits.memory_bytes)
    gc.freeze()  # else a collection would write to, and so copy, every page of memory shared with the parent


def _answer(work: Callable[[], bytes], writing: int, limits: Limits) -> NoReturn:  # pragma: no cover - in the child
    """In the child: do the work, write its length and the answer, end without any of the parent's cleaning up."""
    status = 1
    try:
        _confine(limits)
        answer = work()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(len(answer).to_bytes(_LENGTH_BYTES, "big"))
            pipe.write(answer)
        status = 0
    finally:
        os._exit(status)


def _read(reading: int, deadline: float) -> bytes | None:
    """What the child wrote until it closed the pipe; ``None`` past the deadline, or when it is not whole."""
    poll = select.poll()
    poll.register(reading, select.POLLIN)
    data = bytearray()
    while len(data) <= _MAX_ANSWER:
        left_ms = int((deadline - time.monotonic()) * 1_000)
        if left_ms <= 0 or not poll.poll(left_ms):
            return None
        chunk = os.read(reading, _CHUNK)
        if not chunk:
            break
        data += chunk
    whole = len(data) >= _LENGTH_BYTES and int.from_bytes(data[:_LENGTH_BYTES], "big") == len(data) - _LENGTH_BYTES
    return bytes(data[_LENGTH_BYTES:]) if whole else None


def _end(child: int) -> None:
    """Kill the child if it still runs, and reap it."""
    with contextlib.suppress(ChildProcessError):
        if os.waitpid(child, os.WNOHANG) == (0, 0):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def run_limited(work: Callable[[], bytes], limits: Limits) -> bytes | None:
    """Do the work in a child process.

    Returns:
        Its answer; ``None`` when it raised, crashed, exceeded a limit, or no child could be started.
    """
    reading, writing = os.pipe()
    try:
        child = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return None
    if child == 0:  # pragma: no cover - in the child
        _answer(work, writing, limits)
    os.close(writing)
    try:
        return _read(reading, time.monotonic() + limits.wall_s)
    finally:
        os.close(reading)
        _end(child)
