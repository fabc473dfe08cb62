"""A Dateline of its own to measure: API, one worker with one process, a Redis for the store and one for the broker."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import redis

from cli.local.ports import free_port
from cli.local.process import Process
from cli.local.redis_server import RedisConfig, find_redis
from store import Store

ROOT = Path(__file__).parent.parent


@dataclass
class System:
    """API, one worker with one process, a Redis for the store and one for the broker."""

    folder: Path
    processes: list[Process] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in ("store", "broker", "api")})
    urls: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    """What is set for all processes beside the addresses."""

    def start(self, worker: str) -> None:
        """Start everything and wait until an article can go through."""
        for name in ("store", "broker"):
            (self.folder / name).mkdir()
            config = RedisConfig.fresh(self.ports[name], self.folder / name)
            file = self.folder / f"{name}.conf"
            file.write_text(config.text())
            self.urls[name] = config.url(0)
            self._run(name, [str(find_redis().path), str(file)])
        time.sleep(0.5)
        self._run("api", [sys.executable, "-m", "api"])
        self._run("worker", [sys.executable, "-m", worker])
        wait_for_api(self.api, self.processes[2])

    def start_live_worker(self) -> None:
        """Start the worker that takes live articles only."""
        command = [sys.executable, "-m", "workers", "--hostname", "live@%h"]
        self._run("live-worker", command, DATELINE_WORKER_LANE="live")

    def _run(self, name: str, command: list[str], **settings: str) -> None:
        environment = {
            "DATELINE_REDIS_URL": self.urls.get("store", ""),
            "DATELINE_BROKER_URL": self.urls.get("broker", ""),
            "DATELINE_API_PORT": str(self.ports["api"]),
            "DATELINE_WORKER_CONCURRENCY": "1",
            "DATELINE_LOG_FORMAT": "json",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
            **self.settings,
            **settings,
        }
        process = Process(name, command, self.folder / f"{name}.log", environment)
        process.start()
        self.processes.append(process)

    @property
    def api(self) -> str:
        """Address of the API."""
        return f"http://127.0.0.1:{self.ports['api']}"

    def store(self) -> Store:
        """The result store."""
        return Store.open(self.urls["store"])

    def cpu_s(self) -> float:
        """CPU seconds of all processes so far."""
        return sum((_cpu_s(process.pid or 0) for process in self.processes), start=0.0)

    def worker_rss_mb(self) -> float:
        """Resident megabytes of the process that runs stages."""
        children = psutil.Process(self.processes[-1].pid).children(recursive=True)
        return float(max(child.memory_info().rss for child in children)) / 1e6

    def broker_bytes(self) -> int:
        """Bytes that the broker has received so far."""
        client = redis.Redis.from_url(self.urls["broker"])
        try:
            return int(client.info("stats")["total_net_input_bytes"])
        finally:
            client.close()

    def stop(self) -> None:
        """Stop everything, the Redis servers last."""
        for process in reversed(self.processes):
            process.ask_to_stop()
            process.wait()


def _cpu_s(pid: int) -> float:
    root = psutil.Process(pid)
    times = [process.cpu_times() for process in (root, *root.children(recursive=True))]
    return float(sum(t.user + t.system for t in times))


@contextmanager
def running(worker: str, **settings: str) -> Iterator[System]:
    """A system that ends with the block."""
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder), settings=settings)
        try:
            system.start(worker)
            yield system
        finally:
            system.stop()


def wait_for_api(url: str, process: Process) -> None:
    """Wait until the API of a process answers.

    Raises:
        RuntimeError: It did not within half a minute.
    """
    for _ in range(300):
        try:
            if httpx.get(f"{url}/v1/health/live", trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"the API did not start: {process.last_lines()}")
