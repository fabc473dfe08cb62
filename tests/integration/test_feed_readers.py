"""Readers of the feed that are killed again and again: of server-sent events, and of the stream itself in a group."""

import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, RedisServer, article, eventually
from integration.test_api_server import answers, server
from unit.api.application import finish

from store import Store

pytestmark = pytest.mark.integration
ARTICLES = int(os.environ.get("DATELINE_FEED_ARTICLES", "2000"))
KILLS = 20
AT_ONCE = 10


def publish(redis_server: RedisServer, numbers: range) -> None:
    """Finish articles bit by bit."""
    store = Store.open(redis_server.url())
    for start in numbers[::AT_ONCE]:
        store.ledger.accept([article(number) for number in range(start, min(start + AT_ONCE, numbers.stop))])
        finish(store)
    store.close()


def kill_again_and_again(
    redis_server: RedisServer, start: Callable[[], "subprocess.Popen[bytes]"], out: Path, count: int
) -> None:
    """Kill a reader while articles come in, at random, again and again; the last one is left to reach the end."""
    share = count // KILLS
    for kill in range(KILLS):
        before = out.stat().st_size if out.exists() else 0
        publisher = threading.Thread(target=publish, args=(redis_server, range(kill * share, (kill + 1) * share)))
        publisher.start()
        process = start()
        try:
            eventually(lambda size=before: out.exists() and out.stat().st_size > size, 60, "events")  # type: ignore[misc]
            time.sleep(random.random() * 0.1)
        finally:
            process.kill()
            process.wait(timeout=10)
            publisher.join(timeout=60)
    process = start()
    try:
        eventually(lambda: len(set(out.read_bytes().splitlines())) >= count, 60, "the end")
        time.sleep(0.3)
    finally:
        process.kill()
        process.wait(timeout=10)


def cursors(store: Store) -> list[str]:
    found: list[str] = []
    while (page := store.feed.page(found[-1] if found else "0-0", 1_000)).items:
        found += [entry.cursor for entry in page.items]
    return found


def test_an_event_stream_that_is_killed_misses_nothing_and_repeats_nothing(
    redis_server: RedisServer, real_store: Store, tmp_path: Path
) -> None:
    out = tmp_path / "events"
    with server(redis_server, tmp_path) as (url, _):
        eventually(lambda: answers(url), 40, "the server")

        def start() -> "subprocess.Popen[bytes]":
            environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
            return subprocess.Popen([sys.executable, "-m", "sse_reader", url, str(out)], env=environment)

        kill_again_and_again(redis_server, start, out, ARTICLES)
    read = [line.split()[0] for line in out.read_text().splitlines()]
    assert read == cursors(real_store)
    assert len(read) == ARTICLES


def test_the_reader_in_the_documentation_survives_crashes(
    redis_server: RedisServer, real_store: Store, tmp_path: Path
) -> None:
    """The very lines of docs/consume.md, with the very rights that it names."""
    text = (ROOT / "docs" / "consume.md").read_text("utf-8")
    [code] = re.findall(r"```python\n(import sys, redis\n.*?)```", text, re.DOTALL)
    [rights] = re.findall(r"^    user search on >PASSWORD (.*)$", text, re.MULTILINE)
    reader, out = tmp_path / "reader.py", tmp_path / "handled"
    reader.write_text(code)
    admin = redis_server.client()
    admin.execute_command("ACL", "SETUSER", "search", "reset", "on", ">secret", *rights.split())
    url = f"redis://search:secret@127.0.0.1:{redis_server.port}/0"

    def start() -> "subprocess.Popen[bytes]":
        with out.open("ab") as handled:
            return subprocess.Popen([sys.executable, str(reader), url, "one"], stdout=handled)

    def refs() -> list[str]:
        return [line.split()[0] for line in out.read_text().splitlines()]

    try:
        kill_again_and_again(redis_server, start, out, 400)
        assert admin.xpending("dl:feed", "search")["pending"] == 0
    finally:
        admin.execute_command("ACL", "DELUSER", "search")
        admin.close()
    assert set(refs()) == {f"{entry.article_id}:1" for entry in real_store.feed.page(limit=1_000).items}
    assert len(refs()) <= 400 + 100 * KILLS
    assert len(code.splitlines()) <= 24
