"""What tests of a local Dateline share: processes that end or do not, and a state directory."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.local.process import Process
from cli.local.state import LocalInstance, StateDir

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]
INSTANCE = LocalInstance(1, "http://a", "http://f", "dateline:pw", "redis://:pw@h/0", "redis://:pw@h/1", "dl_key")


def until(question: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def state(tmp_path: Path) -> StateDir:
    found = StateDir(tmp_path / "state")
    found.prepare()
    return found


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    made: list[Process] = []

    def make(*command: str, patience_s: float = 5.0) -> Process:
        made.append(Process("thing", command, tmp_path / "thing.log", {}, patience_s=patience_s))
        return made[-1]

    yield make
    for each in made:
        each.patience_s = 0
        each.wait()
