"""A redis-server for one benchmark."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis


@contextmanager
def redis_server() -> Iterator["redis.Redis"]:
    """A redis-server of our own, on a socket, without persistence."""
    beside = Path(sys.executable).with_name("redis-server")
    binary = shutil.which("redis-server") or str(beside)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/redis.sock"
        options = ["--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no"]
        process = subprocess.Popen([binary, *options], stdout=subprocess.DEVNULL)
        try:
            while not Path(path).exists():
                time.sleep(0.02)
            with redis.Redis(unix_socket_path=path) as client:
                yield client
        finally:
            process.terminate()
            process.wait()
