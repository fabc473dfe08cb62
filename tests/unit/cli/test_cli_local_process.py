import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from unit.cli.local_processes import SLEEP, STUBBORN, alive, until

from cli.local.process import Process


def test_a_process_stops_when_asked(process: Callable[..., Process]) -> None:
    sleeper = process(*SLEEP)
    sleeper.start()
    assert sleeper.exit_code is None
    sleeper.ask_to_stop()
    assert sleeper.wait()
    assert sleeper.ending == "killed by SIGTERM"


def test_a_process_that_does_not_listen_is_killed_in_time(process: Callable[..., Process]) -> None:
    deaf = process(*STUBBORN, patience_s=0.2)
    deaf.start()
    until(lambda: deaf.last_lines() == ["deaf"])
    deaf.ask_to_stop()
    assert not deaf.wait()
    assert deaf.ending == "killed by SIGKILL"


def test_children_of_a_process_that_crashed_do_not_stay_behind(process: Callable[..., Process]) -> None:
    spawn = "import subprocess, sys; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); sys.exit(3)"
    crashed = process(sys.executable, "-c", spawn)
    crashed.start()
    until(lambda: crashed.exit_code == 3)
    (child,) = (int(line) for line in crashed.last_lines())
    crashed.wait()
    until(lambda: not alive(child) or Path(f"/proc/{child}/stat").read_text().split()[2] == "Z")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_nothing_stays_when_the_command_itself_is_killed(tmp_path: Path) -> None:
    code = (
        "import time; from pathlib import Path; from cli.local.process import Process;"
        f"p = Process('x', ['sleep', '60'], Path({str(tmp_path / 'log')!r}), {{}}); p.start();"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not alive(child))


def test_only_the_end_of_a_log_is_told(process: Callable[..., Process]) -> None:
    chatty = process(sys.executable, "-c", "print('\\n'.join(str(n) * 400 for n in range(10)))")
    chatty.start()
    chatty.wait()
    assert [line[0] for line in chatty.last_lines(2)] == ["8", "9"]
    assert max(map(len, chatty.last_lines())) <= 300
