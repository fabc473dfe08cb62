"""Backup and restore as docs/operations.md describes them: a snapshot of the store while it works, and a new server."""

import shutil
import time
from pathlib import Path

import pytest
from conftest import RedisServer, Workers, article, eventually
from ledger_steps import finish

from schemas import Answer, Lane
from store import Store

pytestmark = pytest.mark.integration


def backed_up(server: RedisServer, file: Path) -> None:
    """Take a snapshot of a running server; the same file as `redis-cli --rdb` fetches."""
    client = server.client()
    before = client.lastsave()
    while client.lastsave() == before:
        client.bgsave()
        time.sleep(1.1)  # LASTSAVE counts seconds
    shutil.copy(server.folder / "dump.rdb", file)
    client.close()


def restored(file: Path, folder: Path) -> RedisServer:
    """Start a new server on a snapshot, then let it write its own append-only file."""
    folder.mkdir()
    shutil.copy(file, folder / "dump.rdb")
    server = RedisServer(folder)
    server.start(appendonly="no")
    client = server.client()
    client.config_set("appendonly", "yes")
    eventually(lambda: not client.info("persistence")["aof_rewrite_in_progress"], 20, "the append-only file")
    client.close()
    return server


def test_a_snapshot_of_a_working_store_is_restored_and_goes_on(
    own_redis_server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    store = Store.open(own_redis_server.url())
    done = finish(store, 1)
    everything = [article(n, lane=Lane.BULK) for n in range(2, 30)]
    store.ledger.accept(everything)
    store.ledger.claim(limit=4, max_bytes=10**6, lease_ms=1_000, bulk_share=0)
    backed_up(own_redis_server, tmp_path / "backup.rdb")
    late = article(99)
    store.ledger.accept([late])
    store.close()
    own_redis_server.stop()

    server = restored(tmp_path / "backup.rdb", tmp_path / "new")
    server.stop()
    server.start()  # from its own append-only file now
    try:
        store = Store.open(server.url())
        assert store.verify().sound
        assert store.ledger.backlog().accepted == 29
        answers = [answer.answer for answer in store.ledger.accept([*everything, late])]
        assert answers == [Answer.EXISTING] * 28 + [Answer.ACCEPTED], "pushing again what came since brings it back"
        workers.server = server
        workers.start("fake_worker")
        eventually(lambda: store.ledger.backlog().pending == 0, 30, "the rest of the work")
        assert store.verify().sound
        entries = store.feed.page(limit=100).items
        assert (len(entries), entries[0].article_id) == (30, done.article_id)
        store.close()
    finally:
        server.stop()
