"""Takes the screenshots of Flower in docs/images: a Dateline of its own, with the samples and a flood of bulk articles.

Needs Chromium on PATH. Pages are given what they ask of Flower and nothing else: a request to another host ends it.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Page, sync_playwright

from benchmarks.articles import ndjson
from cli.demo.samples import read_samples
from cli.local.ports import free_port
from cli.local.services import Ports
from cli.local.stack import Plan, running_stack
from cli.local.state import LocalInstance, StateDir

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1_540, 720
MOST_BYTES = 200_000
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
BULK, SINGLE = 64, 2


@contextmanager
def page_of(instance: LocalInstance) -> Iterator[Page]:
    """A page that is logged in to Flower and may ask nobody else."""
    name, _, password = instance.flower_login.partition(":")
    here = urlsplit(instance.flower_url).netloc
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        sys.exit("Screenshots need Chromium on PATH: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        context = browser.new_context(
            http_credentials={"username": name, "password": password},
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="light",
        )
        strangers: list[str] = []
        context.on("request", lambda asked: strangers.append(asked.url) if urlsplit(asked.url).netloc != here else None)
        yield context.new_page()
        browser.close()
    if strangers:
        sys.exit(f"Flower asked others than itself: {', '.join(sorted(set(strangers)))}")


def feed(instance: LocalInstance) -> None:
    """Submit a batch, wait until it has its outcomes, and then some samples one by one."""
    samples = read_samples(ROOT / "samples")
    headers = {"Authorization": f"Bearer {instance.api_key}"}
    with httpx.Client(base_url=instance.api_url, headers=headers, timeout=60, trust_env=False) as client:
        client.post(
            "/v1/articles:batch", content=ndjson(BULK, seed=4), headers={"Content-Type": "application/x-ndjson"}
        )
        cursor = "0-0"
        for number in range(BULK + SINGLE):
            if number >= BULK:
                line = samples[number - BULK].line
                client.post("/v1/articles", content=line, headers={"Content-Type": "application/json"})
            cursor = client.get("/v1/feed", params={"after": cursor, "wait": 30, "limit": 1}).json()["next_cursor"]


def take(page: Page, name: str, height: int) -> None:
    """Take a picture of the upper part of a page."""
    page.wait_for_timeout(2_500)  # the table is drawn, and workers have told of themselves
    file = IMAGES / f"{name}.png"
    page.screenshot(path=file, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
    size = file.stat().st_size
    sys.stdout.write(f"{file.relative_to(ROOT)}: {size:,} bytes\n")
    if size > MOST_BYTES:
        sys.exit(f"{name} is larger than {MOST_BYTES:,} bytes: take less of the page")


def main() -> int:
    """Take them all."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        ports = Ports(free_port(), free_port(), free_port())
        plan = Plan(StateDir(Path(folder)), lambda: ports, "dl", concurrency=1, live_worker=True)
        with running_stack(plan) as (_, instance), page_of(instance) as page:
            feed(instance)
            page.goto(f"{instance.flower_url}/tasks")
            take(page, "flower-tasks", 700)
            page.goto(f"{instance.flower_url}/workers")
            take(page, "flower-workers", 610)
    return 0


if __name__ == "__main__":
    sys.exit(main())
