"""`dateline up` and a Redis that is killed."""

import os
import signal
import time
from pathlib import Path

import pytest
import redis

from cli.local.ports import free_port
from cli.local.redis_server import RedisConfig, find_redis
from cli.local.services import redis_service
from cli.local.stack import Stack
from cli.local.state import StateDir
from cli.local.stopping import Interrupted, StopSignals

pytestmark = pytest.mark.integration
PATIENCE_S = 20.0


def test_a_killed_redis_is_replaced_and_has_what_it_had(tmp_path: Path) -> None:
    state = StateDir(tmp_path / "state")
    state.prepare()
    config = RedisConfig.fresh(free_port(), state.redis)
    service = redis_service(find_redis(), config, state)
    client = redis.Redis.from_url(config.url(0), retry=None)

    class UntilItAnswers(StopSignals):
        def sleep(self, seconds: float) -> None:
            time.sleep(seconds)
            if told and service.is_ready():
                raise Interrupted
            assert time.monotonic() < deadline

    deadline = time.monotonic() + PATIENCE_S
    stack, told = Stack(UntilItAnswers()), list[str]()
    try:
        stack.start([service])
        stack.wait_ready([service])
        client.set("article", "safe")
        os.kill(service.process.pid, signal.SIGKILL)
        with pytest.raises(Interrupted):
            stack.stay(told.append)
        assert client.get("article") == b"safe"
    finally:
        client.close()
        stack.stop()
    assert told == ["redis ended (killed by SIGKILL); starting another one"]
