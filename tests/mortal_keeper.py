"""Rounds of a keeper, each in a process that dies just before a given call to Redis: ``python -m mortal_keeper``.

Reads numbers from standard input, one a line: the call that is not made any more, 0 for none. Answers each with how
the round ended: ``killed``, or ``done`` and how many calls it made. Every command and every pipeline is one call, also
those of the broker.
"""

import os
import signal
import sys
from collections import Counter
from typing import Any

from redis.connection import AbstractConnection

from workers import logging as dateline_logging
from workers.app import app
from workers.keeper import Keeper
from workers.runtime import open_store
from workers.settings import settings
from workers.wakeups import open_wakeups


def _die_before(fatal: int) -> Counter[str]:
    """From now on count the calls, and die before one of them."""
    send, made = AbstractConnection.send_packed_command, Counter[str]()

    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        if made["calls"] + 1 == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        made["calls"] += 1
        return send(self, *args, **kwargs)

    AbstractConnection.send_packed_command = counted  # type: ignore[method-assign]
    return made


def _one_round(fatal: int) -> int:
    config = settings()
    store = open_store(config)
    keeper = Keeper(config, store, open_wakeups(config, store, app), f"mortal-{os.getpid()}")
    made = _die_before(fatal)
    keeper.round()
    return made["calls"]


def _in_a_child(fatal: int) -> str:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writing, str(_one_round(fatal)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        made = told.read()
    return "killed" if os.WIFSIGNALED(status) else f"done {made or 'broken'}"


if __name__ == "__main__":
    dateline_logging.configure(settings())  # to standard error: standard output has the answers
    for line in sys.stdin:
        sys.stdout.write(_in_a_child(int(line)) + "\n")
        sys.stdout.flush()
