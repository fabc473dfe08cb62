"""A Redis, an API and some workers that may be killed, stopped, cut off and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.chaos.redis_process import RedisProcess
from benchmarks.chaos.shim import Shim
from cli.local.ports import LOOPBACK, free_port

ROOT = Path(__file__).parents[2]
_Popen = subprocess.Popen[bytes]


@dataclass
class Fleet:
    """Everything that faults may hit. What ended is started again, as a supervisor would.

    Attributes:
        folder: Where Redis keeps its files and everybody logs.
        module: What a worker runs: ``python -m <module>``.
        settings: Environment of the workers and the API, beside the addresses.
        size: How many workers there are.
        with_api: Whether there is an API.
    """

    folder: Path
    module: str
    settings: Mapping[str, str]
    size: int
    with_api: bool
    workers: list[_Popen] = field(default_factory=list)
    api: _Popen | None = None
    shim: Shim | None = field(init=False)
    redis: RedisProcess = field(init=False)
    _port: int = field(default_factory=free_port)
    _started: int = 0

    def __post_init__(self) -> None:
        """Compile the shim, and prepare a Redis that has each write on disk before it answers."""
        self.shim = Shim.built(self.folder)
        self.redis = RedisProcess(self.folder, "always", self.shim.environment if self.shim else {})

    def start(self) -> None:
        """Start everything."""
        self.redis.start()
        self.workers = [self._worker() for _ in range(self.size)]
        self.heal()

    @property
    def api_url(self) -> str:
        """Where the API listens."""
        return f"http://{LOOPBACK}:{self._port}"

    def _worker(self) -> _Popen:
        return self._run("worker", self.module, "--hostname", f"chaos{self._started + 1}@%h")

    def _run(self, name: str, *module: str) -> _Popen:
        self._started += 1
        own = {
            "DATELINE_REDIS_URL": self.redis.url(0),
            "DATELINE_BROKER_URL": self.redis.url(1),
            "DATELINE_API_PORT": str(self._port),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
            **self.settings,
            **(self.shim.environment if self.shim else {}),
        }
        with (self.folder / f"{name}-{self._started}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *module],
                env={**os.environ, **own},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill_main(self, number: int) -> None:
        """``kill -9`` of a worker and its children."""
        self._signal(self.workers[number], signal.SIGKILL)
        self.workers[number].wait()

    def kill_child(self, number: int) -> None:
        """``kill -9`` of one of a worker's children."""
        try:
            children = psutil.Process(self.workers[number].pid).children()
        except psutil.Error:
            return
        for child in children[:1]:
            child.kill()

    def stop_worker(self, number: int) -> None:
        """SIGTERM, as a new version is rolled out."""
        if self.workers[number].poll() is None:
            self.workers[number].terminate()

    def freeze(self, number: int) -> None:
        """SIGSTOP."""
        self._signal(self.workers[number], signal.SIGSTOP)

    def kill_api(self) -> None:
        """``kill -9`` of the API."""
        if self.api:
            self._signal(self.api, signal.SIGKILL)
            self.api.wait()

    def thaw(self) -> None:
        """SIGCONT for everybody."""
        for worker in self.workers:
            self._signal(worker, signal.SIGCONT)

    @staticmethod
    def _signal(process: _Popen, what: signal.Signals) -> None:
        try:
            os.killpg(process.pid, what)
        except ProcessLookupError:
            return

    def heal(self) -> None:
        """Start again what has ended."""
        for number, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self._signal(worker, signal.SIGKILL)  # children that it left behind
                self.workers[number] = self._worker()
        if self.with_api and (self.api is None or self.api.poll() is not None):
            self.api = self._run("api", "api")

    def stop(self) -> None:
        """End everything that was started here."""
        self.thaw()
        for number, worker in enumerate(self.workers):
            if worker.poll() is None:
                self.kill_main(number)
        self.kill_api()
        self.redis.kill()
