"""A redis-server for one benchmark."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from cli.local.redis_server import find_redis

_START_S = 10.0


@contextmanager
def redis_server() -> Iterator["redis.Redis"]:
    """A redis-server of our own, on a socket, without persistence.

    Raises:
        RuntimeError: It did not start.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "redis.sock"
        options = ["--port", "0", "--unixsocket", str(path), "--save", "", "--appendonly", "no", "--dir", folder]
        process = subprocess.Popen([str(find_redis().path), *options], stdout=subprocess.DEVNULL)
        try:
            _wait_for(path, process)
            with redis.Redis(unix_socket_path=str(path)) as client:
                yield client
        finally:
            process.terminate()
            process.wait()


def _wait_for(path: Path, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_S
    while not path.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"redis-server did not start (status {process.returncode}); run it by hand to see why")
        time.sleep(0.02)
