"""A redis-server that may be killed and started again on what it has on disk."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import psutil
import redis

from cli.local.ports import free_port
from cli.local.redis_server import RedisConfig, find_redis

Sync = Literal["always", "everysec"]
_UP_S = 20.0


@dataclass
class RedisProcess:
    """One server with an append-only file.

    Attributes:
        folder: Where its files and its log are.
        sync: When writes are forced to disk: before they are answered, or once a second.
        environment: What it is started with, beside ours.
    """

    folder: Path
    sync: Sync = "everysec"
    environment: Mapping[str, str] = field(default_factory=dict)
    _config: RedisConfig = field(init=False)
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Choose a port and write the configuration."""
        (self.folder / "redis").mkdir()
        self._config = RedisConfig.fresh(free_port(), self.folder / "redis")
        text = self._config.text().replace("appendfsync everysec", f"appendfsync {self.sync}")
        (self.folder / "redis.conf").write_text(text)

    @classmethod
    @contextmanager
    def running(
        cls, folder: Path, sync: Sync = "everysec", environment: Mapping[str, str] | None = None
    ) -> Iterator["RedisProcess"]:
        """A server that ends with the block."""
        server = cls(folder, sync, environment or {})
        try:
            server.start()
            yield server
        finally:
            server.kill()

    def url(self, database: int) -> str:
        """Address of the store (0) or the broker (1)."""
        return self._config.url(database)

    def client(self, database: int) -> "redis.Redis":
        """A connection to the store (0) or the broker (1)."""
        return redis.Redis.from_url(self.url(database))

    def start(self) -> None:
        """Start it, or start it again."""
        with (self.folder / "redis.log").open("ab") as log:
            command = [str(find_redis().path), str(self.folder / "redis.conf")]
            environment = {**os.environ, **self.environment}
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        deadline = time.monotonic() + _UP_S
        while time.monotonic() < deadline:
            try:
                if self.client(0).ping():
                    return
            except redis.RedisError:
                time.sleep(0.02)
        raise RuntimeError(f"Redis did not start within {_UP_S:.0f} s; see {self.folder / 'redis.log'}")

    @property
    def process(self) -> psutil.Process:
        """The running server."""
        assert self._process
        return psutil.Process(self._process.pid)

    @property
    def log(self) -> Path:
        """The append-only file."""
        return self.folder / "redis" / "appendonly.aof"

    def kill(self) -> None:
        """``kill -9``."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
