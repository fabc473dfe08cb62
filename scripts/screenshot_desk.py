"""Takes pictures of the desk: a Dateline of its own, made-up news, and Chromium in four forms.

    make screenshots

The news is in `screenshot_desk.ndjson` beside this file; none of it happened. The pictures go to `docs/images`.
"""

import base64
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from cli.demo.samples import read_samples
from cli.local.ports import free_port
from cli.local.services import Ports
from cli.local.stack import Plan, running_stack
from cli.local.state import LocalInstance, StateDir

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
NEWS = Path(__file__).with_suffix(".ndjson")
NAMES = ("chromium", "chromium-browser", "google-chrome")
BURSTS = (1, 3, 2, 1, 4, 2, 5, 1, 3, 2, 1, 6, 2, 4)
"""So many at a time, so that the timeline has something to show."""
PAUSE_S = 2.5
NDJSON = {"Content-Type": "application/x-ndjson"}
PATIENCE_S = 120.0
WIDE = 1_000
"""From this width on the map stands beside the article; narrower windows are phones."""
QUALITY = 92
"""Of WebP: text stays sharp, and no picture takes 200 kB."""


@dataclass(frozen=True)
class Picture:
    """One picture: what of the desk, how large, in which colours."""

    name: str
    width: int
    height: int
    scheme: str
    headline: str | None = None
    """Of the article that is open; the list where there is none."""


PICTURES = (
    Picture("desk-light", 1600, 1000, "light"),
    Picture(
        "desk-dark", 1600, 1000, "dark", "Museum in Lima Gets Back Woven Cloth That Left Peru in a Diplomat's Trunk"
    ),
    Picture("desk-phone-list", 390, 844, "light"),
    Picture("desk-phone-article", 390, 844, "light", "Stone Bridge in Latvian Capital Carries Trams Again"),
)


def lines() -> Iterator[bytes]:
    """The samples, then the news, one submission a line."""
    yield from (sample.line for sample in read_samples(ROOT / "samples"))
    yield from NEWS.read_bytes().splitlines()


def submit(client: httpx.Client) -> None:
    """Send everything, a few at a time, and wait until all of it has an outcome."""
    waiting = list(lines())
    for burst in cycle(BURSTS):
        body = b"\n".join(waiting[:burst])
        client.post("/v1/articles:batch?lane=live", content=body, headers=NDJSON).raise_for_status()
        del waiting[:burst]
        if not waiting:
            break
        time.sleep(PAUSE_S)
    deadline = time.monotonic() + PATIENCE_S
    while client.get("/v1/health/accepting").json()["pending"]:
        if time.monotonic() > deadline:
            sys.exit("Some news has no outcome; look into the worker's log.")
        time.sleep(0.5)


def article(client: httpx.Client, headline: str) -> str:
    """The id of an article by its headline."""
    for item in client.get("/v1/articles?limit=200&fields=clean.title").json()["items"]:
        if item["clean"] and item["clean"]["title"] == headline:
            return str(item["id"])
    sys.exit(f"There is no article with the headline {headline}.")


def take(browser: Browser, instance: LocalInstance, client: httpx.Client, picture: Picture) -> None:
    """Take one picture."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.scheme == "dark" else "light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
    )
    context.set_default_timeout(PATIENCE_S * 1_000)
    context.add_init_script(f"sessionStorage.setItem('dateline.key', {json.dumps(instance.api_key)})")
    page = context.new_page()
    page.goto(f"{instance.api_url}/{f'#article/{article(client, picture.headline)}' if picture.headline else ''}")
    settle(page, picture)
    clip = {
        "x": 0,
        "y": 0,
        "width": picture.width,
        "height": picture.height,
        "scale": 1 if picture.width >= WIDE else 2,
    }
    wanted = {"format": "webp", "quality": QUALITY, "clip": clip}
    shot = context.new_cdp_session(page).send("Page.captureScreenshot", wanted)
    (IMAGES / f"{picture.name}.webp").write_bytes(base64.b64decode(shot["data"]))
    context.close()


def settle(page: Page, picture: Picture) -> None:
    """Wait until everything that the picture shows is there."""
    page.wait_for_selector(".reading h2" if picture.headline else ".entries li")
    if not (picture.headline and picture.width < WIDE):
        page.wait_for_selector(".spot")
    page.wait_for_selector('.live[data-state="live"]')
    page.wait_for_selector(".gauge", state="attached")
    page.wait_for_timeout(500)


def main() -> None:
    """Take all pictures."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        sys.exit("Chromium is not on PATH: apt-get install chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plan = Plan(StateDir(Path(folder)), lambda: Ports(free_port(), free_port(), free_port()), "dl", concurrency=1)
        with running_stack(plan) as (_, instance), sync_playwright() as playwright:
            headers = {"Authorization": f"Bearer {instance.api_key}"}
            with httpx.Client(base_url=instance.api_url, headers=headers, timeout=30) as client:
                submit(client)
                browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
                for picture in PICTURES:
                    take(browser, instance, client, picture)
                browser.close()


if __name__ == "__main__":
    main()
