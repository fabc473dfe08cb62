import subprocess
import sys

import pytest

HUNG = """
import os, signal, time
from workers.stopping import StopWatch
signal.signal(signal.{number}, lambda *_: None)   # as a library that ignores it, or never comes to look
StopWatch(0.05, lambda: os._exit(7)).start()
if os.fork() == 0:
    os.kill(os.getpid(), signal.SIGTERM)          # a signal to a child is none to its parent
    os._exit(0)
os.wait()
time.sleep(0.3)
os.kill(os.getpid(), signal.{number})
while True:
    time.sleep(0.01)
"""


@pytest.mark.parametrize(("number", "ends"), [("SIGTERM", True), ("SIGQUIT", True), ("SIGUSR1", False)])
def test_a_process_that_hangs_is_ended_after_its_grace_period(number: str, ends: bool) -> None:  # noqa: FBT001
    process = subprocess.Popen([sys.executable, "-c", HUNG.format(number=number)])
    try:
        status = process.wait(timeout=20 if ends else 3)
    except subprocess.TimeoutExpired:
        status = None
    finally:
        process.kill()
        process.wait()
    assert status == (7 if ends else None)
