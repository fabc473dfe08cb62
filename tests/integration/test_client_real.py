"""The client against a real server process that dies in the middle."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conftest import RedisServer, eventually
from dateline_client import Client, Kind
from integration.test_api_server import answers
from integration.test_scrapy import environment

from cli.local.ports import free_port
from store import Store

pytestmark = pytest.mark.integration
ARTICLES = 2_000


def start(redis_server: RedisServer, port: int, folder: Path) -> "subprocess.Popen[bytes]":
    own = {
        "DATELINE_REDIS_URL": redis_server.url(0),
        "DATELINE_BROKER_URL": redis_server.url(1),
        "DATELINE_API_PORT": str(port),
    }
    with (folder / "api.log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "api"], env=environment() | own, stderr=log)


def test_a_server_that_is_killed_and_comes_back_costs_no_article(
    redis_server: RedisServer, real_store: Store, tmp_path: Path
) -> None:
    port, some, killed = free_port(), threading.Event(), threading.Event()
    url = f"http://127.0.0.1:{port}"
    process = start(redis_server, port, tmp_path)
    try:
        eventually(lambda: answers(url), 40, "the server")
        client = Client(url, batch_items=20, buffer_bytes=50_000, on_answer=lambda _: some.set())

        def submit() -> None:
            for number in range(ARTICLES):
                if number == ARTICLES // 2:
                    killed.wait(60)  # on a busy machine all would be submitted by then
                client.submit(article(number))

        submitting = threading.Thread(target=submit)
        submitting.start()
        assert some.wait(60)
        process.kill()
        process.wait(timeout=10)
        killed.set()
        process = start(redis_server, port, tmp_path)
        submitting.join(300)
        client.close()
    finally:
        process.kill()
        process.wait(timeout=10)
    assert client.totals.counts.total() == ARTICLES
    assert client.totals[Kind.REJECTED] == client.totals[Kind.REVISED] == 0
    assert client.totals.pauses > 0
    assert real_store.ledger.backlog().accepted == ARTICLES


def article(number: int) -> dict[str, str]:
    return {"url": f"https://news.example/{number}", "text": f"Number {number}. " + "It goes on. " * 50}
