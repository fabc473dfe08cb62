"""Backup and restore with the users and the start of `deploy/redis`, as docs/operations.md describes them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import redis
from conftest import ROOT, eventually, find_redis
from ledger_steps import finish

from cli.local.ports import free_port
from store import Store

pytestmark = pytest.mark.integration
SECRET = "operator-secret"


class Redis:
    """A folder of Redis, and what starts in it."""

    def __init__(self, folder: Path) -> None:
        self.data, self.port = folder / "data", free_port()
        self.url = f"redis://operator:{SECRET}@127.0.0.1:{self.port}/0"
        for name in ("bin", "secrets", "data", "scratch"):
            (folder / name).mkdir()
        server = Path(find_redis().path).resolve()
        for name in ("redis-server", "redis-cli"):
            beside = server.parent / name
            (folder / "bin" / name).symlink_to(beside if beside.exists() else str(shutil.which(name)))
        (folder / "secrets" / "redis_operator").write_text(f"{SECRET}\n")
        self.environment = os.environ | {
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "DATELINE_REDIS_CONFIG": str(ROOT / "deploy" / "redis"),
            "DATELINE_SECRETS": str(folder / "secrets"),
            "DATELINE_REDIS_DATA": str(self.data),
            "TMPDIR": str(folder / "scratch"),
            "REDISCLI_AUTH": SECRET,
        }
        self.command = ["sh", str(ROOT / "deploy/redis/redis-start"), "--bind", "127.0.0.1", "--port", str(self.port)]

    def answers(self) -> bool:
        with suppress(redis.RedisError), redis.Redis.from_url(self.url) as client:
            return bool(client.ping())
        return False

    @contextmanager
    def running(self) -> Iterator[Store]:
        process = subprocess.Popen(self.command, env=self.environment, stderr=subprocess.DEVNULL)
        try:
            eventually(self.answers, 30, "Redis")
            store = Store.open(self.url)
            yield store
            store.close()
        finally:
            process.terminate()
            process.wait(timeout=30)

    def backup(self) -> bytes:
        """What the documented command prints."""
        command = ["redis-cli", "-p", str(self.port), "--user", "operator", "--rdb", "-"]
        return subprocess.run(command, env=self.environment, capture_output=True, check=True, timeout=30).stdout

    def refusal(self) -> str:
        """Why it does not start."""
        done = subprocess.run(
            self.command, env=self.environment, capture_output=True, text=True, check=False, timeout=30
        )
        assert done.returncode == 1
        return done.stderr


@pytest.fixture
def server(tmp_path: Path) -> Redis:
    return Redis(tmp_path)


def append_only(server: Redis) -> Path:
    return next(server.data.glob("appendonly*"))


def test_a_snapshot_in_its_folder_is_restored_once(server: Redis) -> None:
    with server.running() as store:
        early = finish(store, 1)
        snapshot = server.backup()
        finish(store, 2)
    kept = append_only(server)
    shutil.rmtree(kept) if kept.is_dir() else kept.unlink()
    (server.data / "restore.rdb").write_bytes(snapshot)
    with server.running() as store:
        assert [entry.article_id for entry in store.feed.page().items] == [early.article_id]
        assert store.verify().sound
        later = finish(store, 3)
    assert [file.name for file in server.data.glob("restore*.rdb")] == ["restored.rdb"]
    with server.running() as store:
        assert [entry.article_id for entry in store.feed.page().items] == [early.article_id, later.article_id]


def test_nothing_starts_where_it_is_not_clear_what_holds(server: Redis) -> None:
    with server.running() as store:
        finish(store, 1)
    (server.data / "restore.rdb").write_bytes(b"")
    before = append_only(server).stat().st_mtime_ns
    assert f"There is {append_only(server)} beside restore.rdb" in server.refusal()
    assert append_only(server).stat().st_mtime_ns == before


def test_a_snapshot_that_is_none_stays_where_it_is(server: Redis) -> None:
    (server.data / "restore.rdb").write_bytes(b"no snapshot")
    assert "restore.rdb cannot be loaded" in server.refusal()
    assert (server.data / "restore.rdb").read_bytes() == b"no snapshot"
