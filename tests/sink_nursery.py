"""Starts sinks as real processes without their 1 s of imports each: forks them from one that has imported everything.

Takes a JSON list of words of `dateline sink` a line, answers with the process id; takes a number, kills that process
and waits for it; takes `-` and a number, waits for it to end by itself, and answers with its exit status.
"""

import json
import os
import signal
import sys
import traceback

import workers.sinks.parquet
import workers.sinks.postgres.sink  # noqa: F401
from cli import sink as _  # noqa: F401
from cli.main import app


def run(words: list[str]) -> None:
    log = os.open("sink.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    status = 1
    try:
        app(["sink", *words], standalone_mode=False)
        status = 0
    except BaseException:  # noqa: BLE001 - it must not go on as the nursery
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


def answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


for line in sys.stdin:
    if line.startswith("["):
        child = os.fork()
        if not child:
            run(json.loads(line))
        answer(child)
    elif line.startswith("-"):
        answer(os.waitstatus_to_exitcode(os.waitpid(int(line[1:]), 0)[1]))
    else:
        os.kill(int(line), signal.SIGKILL)
        answer(os.waitpid(int(line), 0)[0])
