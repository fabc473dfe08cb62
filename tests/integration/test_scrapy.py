"""The item pipeline in a real crawl of a local site into a real API that is busy at first."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, RedisServer, eventually
from integration.test_api_server import answers

from benchmarks.loopback import Answering, serving
from cli.local.ports import free_port
from store import Store

pytestmark = pytest.mark.integration
PAGES = 250


class Pages(Answering):
    """A front page with links, and the stories behind them."""

    def respond(self) -> None:
        number = self.path.strip("/")
        links = "".join(f'<a href="/{n}">{n}</a>' for n in range(PAGES))
        story = f"<h1>Story {number}</h1><p>Number {number} begins.</p><p>{'It goes on. ' * 80}</p>"
        page = f"<html><body>{story if number.isdecimal() else links}</body></html>".encode()
        self.answer(
            200 if number.isdecimal() or not number else 404, page, {"Content-Type": "text/html; charset=utf-8"}
        )


@pytest.fixture
def site() -> Iterator[str]:
    with serving(Pages) as address:
        yield f"{address}/"


@pytest.fixture
def busy_api(redis_server: RedisServer, tmp_path: Path) -> Iterator[str]:
    port = free_port()
    own = {
        "DATELINE_REDIS_URL": redis_server.url(0),
        "DATELINE_BROKER_URL": redis_server.url(1),
        "DATELINE_API_PORT": str(port),
    }
    with (tmp_path / "api.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "busy_api"], env=environment() | own, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: answers(url), 40, "the server")
        yield url
    finally:
        process.kill()
        process.wait(timeout=10)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(str(ROOT / part) for part in (".", "clients", "tests"))}


def crawl(site: str, api: str, **settings: object) -> tuple[dict[str, Any], str]:
    """The statistics of a crawl, and its log."""
    given = [f"{name}={value}" for name, value in settings.items()]
    command = [sys.executable, "-W", "default", "-m", "crawler", site, api, *given]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


@pytest.mark.parametrize(
    "reactor",
    ["twisted.internet.asyncioreactor.AsyncioSelectorReactor", "twisted.internet.selectreactor.SelectReactor"],
)
def test_every_item_of_a_crawl_is_delivered_although_the_api_is_busy_twice(
    site: str, busy_api: str, real_store: Store, reactor: str
) -> None:
    stats, log = crawl(site, busy_api, TWISTED_REACTOR=reactor, DATELINE_BATCH_ITEMS=20, DATELINE_BUFFER_BYTES=30_000)
    assert (stats["item_scraped_count"], stats["dateline/accepted"]) == (PAGES, PAGES)
    assert stats["dateline/pauses"] == 2
    assert stats["dateline/waits"] > 0, "the crawl was slowed down, or this test shows nothing"
    assert not log
    backlog = real_store.ledger.backlog()
    assert (backlog.accepted, backlog.pending) == (PAGES, PAGES)


def test_what_could_not_be_delivered_is_told(site: str) -> None:
    stats, log = crawl(site, f"http://127.0.0.1:{free_port()}", DATELINE_PATIENCE=0.2)
    assert stats["dateline/undelivered"] + stats.get("log_count/ERROR", 0) >= PAGES
    assert "were not delivered" in log
    assert "submit what `undelivered` holds again" in log


def test_a_missing_address_is_told(site: str) -> None:
    stats, log = crawl(site, "")
    assert "dateline/accepted" not in stats
    assert "DATELINE_URL is not set" in log
