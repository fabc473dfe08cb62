"""Fixtures that all tests share: a store in memory, a real redis-server, and real worker processes."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fakeredis
import psycopg
import pytest
import redis
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from benchmarks.postgres_process import postgres
from cli.local.ports import free_port
from cli.local.redis_server import find_redis
from schemas import Lane, Submission
from store import NewArticle, Store

pytest_plugins = ["browser.sitting", "unit.cli.local_processes"]

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "tests" / "data" / "ukraine-aid.txt"

# A machine that is busy with something else is no defect. Continuous integration tries the same examples every time, so
# that what it says is about the change; runs at a desk try others and may find what nobody knew.
hypothesis_settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
hypothesis_settings.load_profile("patient")


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What was printed since it was asked last."""
    return lambda: capsys.readouterr().out


@pytest.fixture
def store() -> Store:
    """A store in memory."""
    return Store(fakeredis.FakeRedis())


def article(number: int = 1, *, text: str | None = None, lane: Lane = Lane.LIVE, **fields: Any) -> NewArticle:
    """A submission that differs from others by its number."""
    body = {"url": f"https://news.example/{number}", "text": text or f"Article number {number}.", **fields}
    return NewArticle(Submission.model_validate(body), lane, trace_id=f"trace-{number}")


@dataclass
class RedisServer:
    """A redis-server of the test's own: AOF on, noeviction, loopback only."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self, *, appendonly: str = "yes") -> None:
        arguments = {
            "--port": str(self.port),
            "--bind": "127.0.0.1",
            "--dir": str(self.folder),
            "--appendonly": appendonly,
            "--save": "",
            "--maxmemory-policy": "noeviction",
            "--logfile": str(self.folder / "redis.log"),
        }
        command = [str(find_redis().path), *(word for pair in arguments.items() for word in pair)]
        # As Python ignores the signal of a file that may not grow, so does the server: a test can make its disk full.
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, restore_signals=False)
        client = self.client()
        for _ in range(200):
            try:
                client.ping()
            except redis.RedisError:
                time.sleep(0.02)
            else:
                client.close()
                return
        raise RuntimeError("redis-server did not start")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=10)

    def url(self, database: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"

    def client(self, database: int = 0) -> "redis.Redis":
        return redis.Redis.from_url(self.url(database))


@pytest.fixture(scope="session")
def _session_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_server(_session_redis: RedisServer) -> RedisServer:
    """A real redis-server, empty. One process for the whole run."""
    client = _session_redis.client()
    client.flushall()
    client.close()
    return _session_redis


@pytest.fixture
def own_redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A real redis-server that the test may kill."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_store(own_redis_server: RedisServer) -> Iterator[Store]:
    """A store on a server that the test may kill."""
    opened = Store.open(own_redis_server.url())
    yield opened
    opened.close()


@pytest.fixture
def real_store(redis_server: RedisServer) -> Iterator[Store]:
    """A store on the real server."""
    opened = Store.open(redis_server.url())
    yield opened
    opened.close()


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.integration)])
def any_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """The same test twice: on fakeredis and on a real server. Its clock stands still until the test moves it."""
    client = fakeredis.FakeRedis()
    if request.param == "redis":
        client = request.getfixturevalue("redis_server").client()
    yield Store(client, clock_ms=1_000_000)
    client.close()


PATIENT_LEASE_S = 20
"""A lease of a second may end under a worker that a busy machine only makes wait, and then an article is blamed. Tests
that are about leases which end ask for short ones."""


@pytest.fixture(scope="session")
def _session_postgres() -> Iterator[str]:
    with postgres(durable=False) as server:
        yield server.url


@pytest.fixture
def postgres_url(_session_postgres: str) -> Iterator[str]:
    """The address of an empty database, as its owner, on a real server: one process for the whole run."""
    name = f"test_{secrets.token_hex(4)}"
    with psycopg.connect(_session_postgres, autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        yield _session_postgres.rpartition("/")[0] + f"/{name}"
        connection.execute(f"drop database {name} with (force)".encode())


@dataclass
class Workers:
    """Starts and ends worker processes of the test's own."""

    server: RedisServer
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def environment(self, **settings: object) -> dict[str, str]:
        own = {
            "DATELINE_REDIS_URL": self.server.url(0),
            "DATELINE_BROKER_URL": self.server.url(1),
            "DATELINE_WORKER_CONCURRENCY": "1",
            "DATELINE_LEASE": str(PATIENT_LEASE_S),
            "DATELINE_KEEPER_INTERVAL": "0.2",
            "DATELINE_RETRY_BASE": "0.1",
            **{f"DATELINE_{name.upper()}": str(value) for name, value in settings.items()},
        }
        return {**os.environ, **own, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}

    def start(self, module: str = "workers", **settings: object) -> subprocess.Popen[bytes]:
        log = (self.folder / f"worker-{len(self.processes)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", module, "--hostname", f"test{len(self.processes)}@%h"],
            env=self.environment(**settings),
            cwd=self.folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        self.processes.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGKILL) -> None:
        """Signal a worker and its children."""
        if process.poll() is None:
            os.killpg(process.pid, how)
            process.wait(timeout=20)

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("worker-*.log")))


@pytest.fixture
def workers(redis_server: RedisServer, tmp_path: Path) -> Iterator[Workers]:
    """Worker processes on the real server; all of them end with the test."""
    started = Workers(redis_server, tmp_path)
    yield started
    for process in started.processes:
        started.kill(process)


_BUSY = 4


def eventually(condition: Callable[[], bool], seconds: float = 20.0, what: str = "the condition") -> None:
    """Wait until a condition holds.

    Args:
        condition: Asked again and again.
        seconds: More than it takes on a machine that does nothing else; a busy one gets several times as long, which
            costs nothing where all is well.
        what: It, in words.

    Raises:
        AssertionError: It did not within the time.
    """
    end = time.monotonic() + _BUSY * seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come true within {_BUSY * seconds} s")
