"""Input that nobody would write: requests against the API's document, and pages against the clean stage.

``make fuzz``. Schemathesis makes the requests, right and wrong ones, and holds each answer against the document: no
answer may be a 5xx or differ from what is described. Hypothesis makes the pages out of markup that breaks parsers,
passages that excite patterns, and the samples cut to pieces; each is cleaned as a worker does it. A page is an error
when the stage answers with a failure, or it takes more than it may; memory must stay bounded. ``--seed`` repeats a
run; what was found is printed so that it can be repeated by itself.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from benchmarks.report import Gates, Report
from schemas import Ref, Submission
from tasks.clean import CleanStage
from tasks.stage import Failed, StageInput

ROOT = Path(__file__).parent.parent
GATES: Gates = {
    "api_failures": {"max": 0},
    "clean_errors": {"max": 0},
    "clean_cpu_s_max": {"max": 10.0},
    "clean_wall_s_max": {"max": 60.0},
    "clean_rss_mb_max": {"max": 600.0},
}
CPU_S, WALL_S = 10.0, 60.0
"""A page that needs more is an error. CPU is what a page costs; the wall clock, on a machine that is busy with other
work as well, only tells a page that hangs."""
_ROUND = 40

_TAGS = [
    "p", "div", "article", "table", "tr", "td", "span", "a", "b", "ul", "li", "svg", "math", "template", "noscript",
    "script", "style", "iframe", "title", "head", "body", "html", "h1", "time", "form", "select", "frameset",
]  # fmt: skip
_PIECES = [
    "<", ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE", "<?xml", "&", "&amp;", "&#x0;", "&#xFFFFFF;",
    "&#55296;", "\ufeff", "\u2028", "\u202e", "\u200b" * 9, "e\u0301", "Ã¢â‚¬â„¢", "﷽", "\U0010ffff",
    "Advertisement", "Read more:", "Related Sources: • One • Two", "By Jane Doe, Staff Writer", "LONDON (Reuters) - ",
    "(" * 40, "a" * 300, "a-" * 200, " \t" * 300, "1,2," * 100, "https://a.example/" + "x/" * 200, "@" * 100, "—" * 200,
    "The council voted on Tuesday to reopen the bridge after two years of repairs, officials said.",
    '<meta property="og:title" content="', '<script type="application/ld+json">{"@type":"NewsArticle","headline":',
    '<time datetime="99999-99-99T99:99">', '<a href="javascript:alert(1)">', "<p style='", '" onload="',
    "</p></div></body>",
]  # fmt: skip


def _samples() -> list[str]:
    return [path.read_text("utf-8") for path in sorted((ROOT / "samples").glob("*.html"))]


def pages() -> st.SearchStrategy[str]:
    """Pages, more or less."""
    opened = st.builds(
        lambda tag, attribute, value: f'<{tag} {attribute}="{value}">',
        st.sampled_from(_TAGS),
        st.sampled_from(["class", "id", "href", "style", "itemprop", "data-x"]),
        st.one_of(st.text(max_size=20), st.sampled_from(_PIECES)),
    )
    closed = st.sampled_from(_TAGS).map(lambda tag: f"</{tag}>")
    atoms = st.one_of(opened, closed, st.sampled_from(_PIECES), st.text(max_size=60))
    # A thing many times over is what quadratic code fears.
    many = st.builds(lambda piece, times: piece * times, atoms, st.sampled_from([*[1] * 20, 2, 20, 200, 5_000]))
    soup = st.lists(many, max_size=20).map("".join)
    story = "<p>" + "The bridge was reopened on Tuesday, and the mayor spoke of a good day for the town. " * 8 + "</p>"
    framed = soup.map(
        lambda inner: f"<html><head><title>A</title></head><body><article>{story}{inner}{story}</article>"
    )
    return st.one_of(soup, framed, st.builds(_cut, st.sampled_from(_samples()), st.integers(0, 2**32), soup))


def _cut(page: str, number: int, inner: str) -> str:
    """A sample with pieces doubled, dropped and exchanged, and something foreign within."""
    source = random.Random(number)  # noqa: S311 - repeatable, not secret
    bounds = sorted(source.randrange(len(page)) for _ in range(8))
    parts = [page[a:b] for a, b in zip([0, *bounds], [*bounds, None], strict=True)]
    source.shuffle(parts)
    return "".join([*parts[: source.randrange(len(parts))], inner, *parts])


@dataclass
class Found:
    """What came of the pages."""

    stage: CleanStage = field(default_factory=CleanStage)
    pages: int = 0
    refused: int = 0
    errors: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0

    def try_one(self, html: str, *, as_text: bool) -> None:
        """Clean one page, and note what is wrong."""
        try:
            submission = Submission.model_validate({"text" if as_text else "html": html, "url": "https://a.example/1"})
        except ValidationError:
            self.refused += 1
            return
        self.pages += 1
        article = StageInput(ref=Ref("fuzz", 1), accepted_at=datetime.now(UTC), submission=submission)
        began, before = time.perf_counter(), _cpu_s()
        [answer] = self.stage.run([article])
        wall, cpu = time.perf_counter() - began, _cpu_s() - before
        self.wall_s, self.cpu_s = max(self.wall_s, wall), max(self.cpu_s, cpu)
        if isinstance(answer, Failed) or cpu > CPU_S or wall > WALL_S:
            self.errors += 1
            why = type(answer.error).__name__ if isinstance(answer, Failed) else f"{cpu:.1f} s CPU, {wall:.1f} s"
            print(f"{why}: {'text' if as_text else 'html'} {html[:2_000]!r}")


def _cpu_s() -> float:
    """CPU seconds of this process and of its children that ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def fuzz_clean(seconds: float, number: int) -> dict[str, float]:
    """Clean pages for so long."""
    found = Found()
    found.try_one("Loads the language model, as a worker does before its first article.", as_text=True)
    process = psutil.Process()
    largest, end = 0, time.monotonic() + seconds
    for round_number in _until(end):
        _round(found, number * 1_000_003 + round_number, end)
        largest = max(largest, process.memory_info().rss)
    return {
        "clean_pages": found.pages,
        "clean_refused": found.refused,
        "clean_errors": found.errors,
        "clean_cpu_s_max": found.cpu_s,
        "clean_wall_s_max": found.wall_s,
        "clean_rss_mb_max": largest / 1e6,
    }


def _until(end: float) -> Iterator[int]:
    number = 0
    while time.monotonic() < end:
        yield number
        number += 1


def _round(found: Found, number: int, end: float) -> None:
    @seed(number)
    @settings(
        max_examples=_ROUND,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(pages(), st.booleans())
    def each(html: str, as_text: Any) -> None:
        if time.monotonic() < end:
            found.try_one(html, as_text=bool(as_text))

    each()


def fuzz_api(cases: int) -> dict[str, float]:
    """Run the API's contract test with so many cases; how many there were, and how many operations failed."""
    with tempfile.TemporaryDirectory() as folder:
        counter = Path(folder) / "cases"
        own = {
            "DATELINE_SCHEMATHESIS_CASES": str(cases),
            "DATELINE_SCHEMATHESIS_COUNTER": str(counter),
        }
        test = "tests/integration/test_api_schemathesis.py"
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", "--show-capture=no", test],
            env={**os.environ, **own}, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        failures = sum(line.startswith(("FAILED", "ERROR")) for line in run.stdout.splitlines())
        if run.returncode:
            print(run.stdout[-20_000:], run.stderr[-2_000:])
        made = counter.stat().st_size if counter.exists() else 0
    return {"api_cases": made, "api_failures": max(failures, int(run.returncode != 0))}


def main() -> int:
    """Fuzz both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2_000, help="requests against the API")
    parser.add_argument("--seconds", type=float, default=600, help="how long pages are cleaned")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    metrics = fuzz_api(options.cases) if options.cases else {}
    metrics |= fuzz_clean(options.seconds, options.seed)
    gates = {name: gate for name, gate in GATES.items() if name in metrics}
    return Report("fuzz", metrics, gates, {"seed": str(options.seed)}).publish()


if __name__ == "__main__":
    sys.exit(main())
