"""Writes what trafilatura, newspaper4k, news-please and feedparser really make of our own pages and feeds.

``make record-formats`` runs it in an environment of its own (those libraries bring 70 others). The pages and feeds in
``tests/data/formats`` are ours; the NDJSON files beside them are the libraries' output, one line for each page or
entry, and the adapters are tested on them. Values that change with the clock are set to fixed ones.
"""

# ruff: noqa: T201 - a script for the terminal

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "tests" / "data" / "formats"
PAGES = {
    "harbour.html": "https://www.skarvikpost.example/2026/03/14/harbour-ferry-returns?utm_source=front",
    "market.html": "https://tarnbrook.example/market-hall",
    "storm.html": "https://elgarherald.example/news/storm-takes-pier?id=77",
}
FIXED_DAY = "2026-03-15"
FIXED_TIME = "2026-03-15 10:00:00"


def _pages() -> Iterator[tuple[str, str]]:
    for name, url in PAGES.items():
        yield url, (FOLDER / name).read_text("utf-8")


def trafilatura() -> Iterator[Any]:
    """The JSON output with metadata, and a document's dictionary as Python programs dump it."""
    from trafilatura import bare_extraction, extract  # noqa: PLC0415

    for url, html in _pages():
        made = json.loads(extract(html, url=url, output_format="json", with_metadata=True, record_id="r-1") or "{}")
        yield made | {"filedate": FIXED_DAY}
        document: Any = bare_extraction(html, url=url, with_metadata=True)
        fields = document.as_dict()
        yield {name: value for name, value in fields.items() if name not in {"body", "commentsbody"}} | {
            "filedate": FIXED_DAY
        }


def newspaper4k() -> Iterator[Any]:
    """``Article.to_json`` after parsing."""
    from newspaper import Article  # noqa: PLC0415

    for url, html in _pages():
        article = Article(url, fetch_images=False)
        article.download(input_html=html)
        article.parse()
        made = json.loads(article.to_json())
        for name in ("images", "tags"):
            made[name] = sorted(made.get(name) or [])
        yield made


def news_please() -> Iterator[Any]:
    """``get_serializable_dict`` of an article made from HTML."""
    from newsplease import NewsPlease  # noqa: PLC0415

    for url, html in _pages():
        made = NewsPlease.from_html(html, url=url, fetch_images=False).get_serializable_dict()
        yield made | {"date_download": FIXED_TIME}


def rss() -> Iterator[Any]:
    """Feedparser's entries, as ``json.dumps`` writes them."""
    import feedparser  # noqa: PLC0415

    for name in ("feed.rss", "feed.atom"):
        yield from feedparser.parse((FOLDER / name).read_bytes()).entries


MAKERS: dict[str, tuple[str, Callable[[], Iterator[Any]]]] = {
    "trafilatura": ("trafilatura", trafilatura),
    "newspaper4k": ("newspaper4k", newspaper4k),
    "news-please": ("news-please", news_please),
    "rss": ("feedparser", rss),
}


def main() -> int:
    """Write the files; 1 when they differ from what is committed."""
    for name, (package, make) in MAKERS.items():
        lines = [json.dumps(item, ensure_ascii=False, sort_keys=True, default=str) for item in make()]
        (FOLDER / f"{name}.ndjson").write_text("".join(f"{line}\n" for line in lines), "utf-8")
        print(f"{name}.ndjson: {len(lines)} lines made by {package} {version(package)}")
    changed = subprocess.run(["git", "diff", "--stat", "--exit-code", "--", str(FOLDER)], check=False)  # noqa: S603, S607
    return changed.returncode


if __name__ == "__main__":
    sys.exit(main())
