"""A real Dateline with the samples in it, and Chromium in front of it; a plugin, named in the `conftest.py` above."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from conftest import ROOT, eventually

from cli.demo.samples import read_samples
from cli.local.ports import free_port
from cli.local.services import Ports
from cli.local.stack import Plan, Stack, running_stack
from cli.local.state import StateDir
from store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
KEY_PLACE = "dateline.key"
PATIENCE_MS = 45_000
"""What a page may take on a machine that is busy with other tests."""
WIDE, NARROW = {"width": 1600, "height": 1000}, {"width": 390, "height": 844}


@dataclass
class Dateline:
    """A running Dateline."""

    url: str
    key: str
    redis_url: str
    stack: Stack

    @property
    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.key}"}, timeout=20)

    def submit(self, **article: Any) -> str:
        """Submit an article and wait for its outcome; returns its id."""
        with self.client as client:
            answer = client.post("/v1/articles", json=article)
            assert answer.status_code in {200, 202}, answer.text
            found = str(answer.json()["id"])
            eventually(lambda: "outcome" in client.get(f"/v1/articles/{found}").json(), 60, "the outcome")
        return found

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store itself, for what cannot go through the API."""
        opened = Store.open(self.redis_url)
        yield opened
        opened.close()

    @contextmanager
    def without_api(self) -> Iterator[None]:
        """The API is killed, and started again at the end."""
        api = next(service for service in self.stack.running if service.process.name == "api")
        api.process.kill()
        try:
            yield
        finally:
            api.process.start()
            eventually(api.is_ready, 60, "the API")

    def article(self, article_id: str) -> dict[str, Any]:
        with self.client as client:
            return dict(client.get(f"/v1/articles/{article_id}").json())

    def articles(self, **query: str) -> list[dict[str, Any]]:
        with self.client as client:
            return list(client.get("/v1/articles", params={"limit": "200", **query}).json()["items"])


@pytest.fixture(scope="session")
def dateline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dateline]:
    """Redis, the API and a worker, with the samples processed. One for the whole run."""
    state = StateDir(tmp_path_factory.mktemp("dateline"))
    plan = Plan(state, lambda: Ports(free_port(), free_port(), free_port()), "dl", concurrency=1)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with running_stack(plan) as (stack, instance):
        for number, handler in handlers.items():
            signal.signal(number, handler)  # Ctrl-C ends the tests, and they end the stack
        running = Dateline(instance.api_url, instance.api_key, instance.redis_url, stack)
        with running.client as client:
            for sample in read_samples(ROOT / "samples"):
                headers = {"Content-Type": "application/x-ndjson"}
                assert client.post("/v1/articles:batch?lane=live", content=sample.line, headers=headers).is_success
        eventually(lambda: len(running.articles(outcome="done")) == 10, 90, "the samples")
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or another one on PATH."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("These tests need Chromium on PATH: apt-get install chromium")
    from playwright.sync_api import expect, sync_playwright  # other tests need not load it

    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@dataclass
class Reader:
    """Somebody at the desk."""

    page: Page
    url: str
    complaints: list[str]
    """What the browser complained about: errors, warnings, violations of the policy."""

    def open(self, path: str = "/") -> Page:
        """Open an address of the desk and wait until it shows something."""
        self.page.goto(self.url + path)
        self.page.wait_for_selector(":is(.entries li, .notice, .reading h2):visible")
        return self.page


Sit = Callable[..., Reader]


@pytest.fixture
def sit(browser: Browser, dateline: Dateline) -> Iterator[Sit]:
    """Opens a desk; takes the key, a viewport and what else a browser context has."""
    contexts: list[BrowserContext] = []

    def sit_down(key: str | None = dateline.key, **options: Any) -> Reader:
        settings = {"viewport": WIDE, "reduced_motion": "reduce", **options}
        context = browser.new_context(**settings)
        context.set_default_timeout(2 * PATIENCE_MS)
        contexts.append(context)
        if key:
            context.add_init_script(f"sessionStorage.setItem('{KEY_PLACE}', '{key}')")
        reader = Reader(context.new_page(), dateline.url, [])
        listen(reader)
        return reader

    yield sit_down
    for context in contexts:
        context.close()


def listen(reader: Reader) -> None:
    reader.page.on(
        "console",
        lambda message: reader.complaints.append(message.text) if message.type in {"error", "warning"} else None,
    )
    reader.page.on("pageerror", lambda error: reader.complaints.append(str(error)))
    reader.page.on("dialog", lambda dialog: (reader.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))


@pytest.fixture
def axe() -> str:
    """The source of axe-core."""
    path: Path = ROOT / ".npm-files" / "axe.min.js"
    if not path.exists():
        pytest.fail("axe-core is missing: run these tests with make test-edges")
    return path.read_text("utf-8")
