"""Other extractors on the pages that the clean stage is measured on: ``make bench-clean``.

Needs an environment of its own (``benchmarks/requirements-extractors.lock``): nothing of it is needed to run or to test
Dateline. Prints one line for each extractor and writes ``reports/extractors.json``; the line of the clean stage itself
comes from ``make quality-clean``, which reads the same pages the same way.
"""

import contextlib
import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import newspaper
import trafilatura
from lxml.html import fromstring
from readability import Document
from resiliparse.extract.html2text import extract_plain_text

from benchmarks.evaluation import tell_missing
from benchmarks.page_scores import CORPORA, DATA, UNTUNED, Run, rows, run_pages

logging.disable(logging.CRITICAL)
PACKAGES = ("trafilatura", "readability-lxml", "newspaper4k", "resiliparse")
REPORT = Path("reports/extractors.json")


def _trafilatura(**options: Any) -> Callable[[str, str], str]:
    def extract(html: str, url: str) -> str:
        found = trafilatura.bare_extraction(html, url=url, include_comments=False, **options)
        return getattr(found, "text", None) or ""

    return extract


def _readability(html: str, _url: str) -> str:
    try:
        summary = Document(html).summary()
    except Exception:  # noqa: BLE001 - it raises whatever its parser raises
        return ""
    return "\n".join(fromstring(summary).itertext())


def _newspaper(html: str, url: str) -> str:
    article = newspaper.Article(url or "https://example.org/", fetch_images=False)
    with contextlib.suppress(Exception):
        article.download(input_html=html)
        article.parse()
    return article.text or ""


def _resiliparse(html: str, _url: str) -> str:
    return str(extract_plain_text(html, main_content=True))


EXTRACTORS: dict[str, Callable[[str, str], str]] = {
    "trafilatura": _trafilatura(),
    "trafilatura precise": _trafilatura(favor_precision=True),
    "trafilatura generous": _trafilatura(favor_recall=True),
    "trafilatura fast": _trafilatura(fast=True),
    "readability": _readability,
    "newspaper4k": _newspaper,
    "resiliparse": _resiliparse,
}


def _runs() -> Iterator[tuple[str, str, Run]]:
    for corpus in (*CORPORA, *UNTUNED):
        pages = list(rows(corpus))
        for name, extract in EXTRACTORS.items():
            with contextlib.redirect_stderr(io.StringIO()):
                yield corpus, name, run_pages(pages, extract)


def main() -> int:
    """Measure; exit 2 when the pages are missing."""
    if not (first := DATA / f"{CORPORA[0]}.jsonl.xz").exists():
        return tell_missing(first)
    print(f"{'pages':<20}{'extractor':<22}{'F1':>8}{'exact':>8}{'< .8':>8}{'pages/cpu-s':>13}")
    metrics: dict[str, float] = {}
    news = {name: Run([], 0.0) for name in EXTRACTORS}
    for corpus, name, run in _runs():
        if corpus in CORPORA:
            news[name] = Run([*news[name].scores, *run.scores], news[name].cpu_s + run.cpu_s)
        metrics |= _line(corpus, name, run)
    for name, run in news.items():
        metrics |= _line("news", name, run)
    REPORT.parent.mkdir(exist_ok=True)
    report = {"name": "extractors", "metrics": metrics, "gates": {}, "data": {name: version(name) for name in PACKAGES}}
    REPORT.write_text(json.dumps(report, indent=1), "utf-8")
    return 0


def _line(corpus: str, name: str, run: Run) -> dict[str, float]:
    f1, exact, low, speed = run.figures()
    print(f"{corpus:<20}{name:<22}{f1:>8.4f}{exact:>8.3f}{low:>8.3f}{speed:>13.1f}")
    prefix = f"{name.replace(' ', '_')}_{corpus}"
    return {f"{prefix}_f1": f1, f"{prefix}_exact": exact, f"{prefix}_low_pages_share": low}


if __name__ == "__main__":
    sys.exit(main())
