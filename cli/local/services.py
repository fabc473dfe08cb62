"""The processes of a local Dateline and how one sees that each of them works."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import redis

from cli.local.ports import LOOPBACK
from cli.local.process import Process
from cli.local.redis_server import RedisConfig, RedisServer
from cli.local.state import StateDir, write_private
from schemas import Lane
from workers.settings import settings as read_settings

_ROOT = Path(__file__).resolve().parents[2]
_WATCHED = ("worker", "live-worker", "webhooks")
_PROBE_S = 2.0
_SILENCE_S = 30.0
"""The worker touches its heartbeat every second; a busy machine may make it late."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the parts listen."""

    redis: int
    api: int
    flower: int


@dataclass(frozen=True, slots=True)
class Service:
    """A process and a question that it answers once it works."""

    process: Process
    is_ready: Callable[[], bool]
    seems_dead: Callable[[], bool] = lambda: False
    """Whether it shows no sign of life although it runs. Cheap: asked ten times a second."""
    forget: Callable[[], object] = lambda: None
    """Called before another one takes its place: removes the last sign of life of the one before."""


def environment(redis_config: RedisConfig, ports: Ports, state: StateDir, concurrency: int | None) -> dict[str, str]:
    """What is set for the API, the worker and Flower; everything else comes from the person's own settings."""
    paths = {
        "DATELINE_REDIS_URL": redis_config.url(0),
        "DATELINE_BROKER_URL": redis_config.url(1),
        "DATELINE_API_HOST": LOOPBACK,
        "DATELINE_API_PORT": str(ports.api),
        "DATELINE_API_URL": f"http://{LOOPBACK}:{ports.api}",
        "DATELINE_FLOWER_PORT": str(ports.flower),
        "DATELINE_STATE_DIR": str(state.path.resolve()),
        "PYTHONPATH": str(_ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    return paths | ({"DATELINE_WORKER_CONCURRENCY": str(concurrency)} if concurrency else {})


def _older(file: Path, seconds: float) -> bool:
    """Whether a file was last touched longer ago; not while there is none."""
    try:
        return time.time() - file.stat().st_mtime > seconds
    except FileNotFoundError:
        return False


def redis_service(server: RedisServer, config: RedisConfig, state: StateDir) -> Service:
    """The result store and the broker, in two databases. One that was killed goes on from its append-only file."""
    file = state.path / "redis.conf"
    write_private(file, config.text())
    process = Process("redis", [str(server.path), str(file.resolve())], state.logs / "redis.log", {})
    return Service(process, lambda: _pings(config.url(0)))


def _pings(url: str) -> bool:
    client = redis.Redis.from_url(url, socket_connect_timeout=_PROBE_S, socket_timeout=_PROBE_S, retry=None)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=_PROBE_S, trust_env=False).is_success
    except httpx.TransportError:
        return False


def _metrics_port(name: str) -> dict[str, str]:
    """A port of its own for each process on this machine, beginning with the one in the settings."""
    first = read_settings().metrics_port
    return {"DATELINE_METRICS_PORT": str(first + _WATCHED.index(name))} if first and name in _WATCHED else {}


def _watched(name: str, module: str, state: StateDir, settings: dict[str, str], *flags: str) -> Service:
    """A process of ours that touches a file as long as it lives; replaced when it ends or hangs."""
    heartbeat = state.path / f"{name}.heartbeat"
    heartbeat.unlink(missing_ok=True)
    own = settings | {"DATELINE_HEARTBEAT_FILE": str(heartbeat.resolve())} | _metrics_port(name)
    command = [sys.executable, "-m", module, *flags]
    return Service(
        Process(name, command, state.logs / f"{name}.log", own, patience_s=20),
        heartbeat.exists,
        seems_dead=lambda: _older(heartbeat, _SILENCE_S),
        forget=lambda: heartbeat.unlink(missing_ok=True),
    )


def worker_service(name: str, state: StateDir, settings: dict[str, str], *flags: str) -> Service:
    """A worker."""
    return _watched(name, "workers", state, settings, *flags)


def live_worker_service(state: StateDir, settings: dict[str, str]) -> Service:
    """A worker with one process for the live lane alone: a live article does not wait for a batch of bulk articles."""
    own = settings | {"DATELINE_WORKER_LANE": Lane.LIVE.value, "DATELINE_WORKER_CONCURRENCY": "1"}
    return worker_service("live-worker", state, own, "--hostname", "live@%h")


def webhooks_service(state: StateDir, settings: dict[str, str]) -> Service:
    """The process that calls webhooks."""
    return _watched("webhooks", "workers.webhooks", state, settings)


def application_services(ports: Ports, state: StateDir, settings: dict[str, str]) -> list[Service]:
    """The API, the worker and Flower, in the order in which they are stopped."""

    def python(name: str, *arguments: str, patience_s: float) -> Process:
        command = [sys.executable, "-m", *arguments]
        return Process(name, command, state.logs / f"{name}.log", settings, patience_s=patience_s)

    flower_options = [
        f"--address={LOOPBACK}",
        f"--port={ports.flower}",
        "--natural_time",
    ]
    return [
        Service(
            python("api", "api", patience_s=10),
            lambda: _answers(f"http://{LOOPBACK}:{ports.api}/v1/health/live"),
        ),
        Service(
            python("flower", "workers.flower", *flower_options, patience_s=5),
            lambda: _answers(f"http://{LOOPBACK}:{ports.flower}/healthcheck"),
        ),
        worker_service("worker", state, settings),
    ]
