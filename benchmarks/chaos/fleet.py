"""A Redis and some workers that may be killed, stopped, cut off and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import redis

from cli.local.ports import free_port
from cli.local.redis_server import RedisConfig, find_redis

ROOT = Path(__file__).parents[2]
_UP_S = 10.0


@dataclass
class Fleet:
    """Everything that faults may hit. Workers that ended are started again, as a supervisor would.

    Attributes:
        folder: Where Redis keeps its files and everybody logs.
        module: What a worker runs: ``python -m <module>``.
        settings: Environment of the workers, beside the addresses.
        size: How many workers there are.
    """

    folder: Path
    module: str
    settings: Mapping[str, str]
    size: int
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    _server: "subprocess.Popen[bytes] | None" = None
    _config: RedisConfig | None = None
    _started: int = 0

    def start(self) -> None:
        """Start Redis, with every write on disk before it is answered, and the workers."""
        (self.folder / "redis").mkdir()
        self._config = RedisConfig.fresh(free_port(), self.folder / "redis")
        text = self._config.text().replace("appendfsync everysec", "appendfsync always")
        (self.folder / "redis.conf").write_text(text)
        self.start_redis()
        self.workers = [self._worker() for _ in range(self.size)]

    def url(self, database: int) -> str:
        """Address of the store (0) or the broker (1)."""
        assert self._config is not None
        return self._config.url(database)

    def client(self, database: int) -> "redis.Redis":
        """A connection to the store (0) or the broker (1)."""
        return redis.Redis.from_url(self.url(database))

    def start_redis(self) -> None:
        """Start Redis, or start it again on what it has on disk."""
        log = (self.folder / "redis.log").open("ab")
        command = [str(find_redis().path), str(self.folder / "redis.conf")]
        self._server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        log.close()
        deadline = time.monotonic() + _UP_S
        while time.monotonic() < deadline:
            try:
                if self.client(0).ping():
                    return
            except redis.RedisError:
                time.sleep(0.02)
        raise RuntimeError(f"Redis did not start within {_UP_S:.0f} s; see {self.folder / 'redis.log'}")

    def kill_redis(self) -> None:
        """``kill -9`` of the server."""
        assert self._server is not None
        self._server.kill()
        self._server.wait()

    def _worker(self) -> "subprocess.Popen[bytes]":
        self._started += 1
        own = {
            "DATELINE_REDIS_URL": self.url(0),
            "DATELINE_BROKER_URL": self.url(1),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
            **self.settings,
        }
        with (self.folder / f"worker-{self._started}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", self.module, "--hostname", f"chaos{self._started}@%h"],
                env={**os.environ, **own},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill_main(self, number: int) -> None:
        """``kill -9`` of a worker and its children."""
        self._signal(number, signal.SIGKILL)
        self.workers[number].wait()

    def kill_child(self, number: int) -> None:
        """``kill -9`` of one of a worker's children."""
        try:
            children = psutil.Process(self.workers[number].pid).children()
        except psutil.Error:
            return
        for child in children[:1]:
            child.kill()

    def freeze(self, number: int) -> None:
        """SIGSTOP."""
        self._signal(number, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT for everybody."""
        for number in range(self.size):
            self._signal(number, signal.SIGCONT)

    def _signal(self, number: int, what: signal.Signals) -> None:
        try:
            os.killpg(self.workers[number].pid, what)
        except ProcessLookupError:
            return

    def heal(self) -> None:
        """Start workers again that have ended."""
        for number, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self.workers[number] = self._worker()

    def stop(self) -> None:
        """End everything that was started here."""
        for number, worker in enumerate(self.workers):
            if worker.poll() is None:
                self.kill_main(number)
        if self._server is not None and self._server.poll() is None:
            self.kill_redis()
