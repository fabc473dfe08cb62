"""Gold pages and how an extractor's text is scored against them, as the article-extraction-benchmark scores it."""

import json
import lzma
import re
import statistics
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.evaluation import data_folder

DATA = data_folder("clean")
CORPORA = ("sh181", "fundus_en", "misinfo_en")
UNTUNED = ("fundus_other", "wcxb_test_articles")
"""Other languages, and blogs and guides: no rule was written on them."""
LOW_F1 = 0.8
WORD = re.compile(r"\w+")
SHINGLE = 4
Row = dict[str, Any]
Score = tuple[int, int, int]


def rows(name: str) -> Iterator[Row]:
    """The rows of one corpus."""
    with lzma.open(DATA / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def html_of(row: Row) -> str:
    """The page as text; raw bytes with an unknown charset are read as UTF-8 here, since a submission is text."""
    html: str = row["html"]
    return html.encode("latin-1").decode("utf-8", "replace") if row["html_encoding"] == "latin-1-bytes" else html


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The multiset of word 4-grams, as the article-extraction-benchmark counts them.

    Soft hyphens and the form of accents are no part of a word, neither in the gold nor in what was found.
    """
    words = WORD.findall(unicodedata.normalize("NFC", text.replace("\u00ad", "")))
    count = max(1, len(words) - SHINGLE + 1)
    return Counter(tuple(words[i : i + SHINGLE]) for i in range(count) if words)


def score(gold: str, found: str) -> Score:
    """Shingles that are right, too many, and missing."""
    expected, got = shingles(gold), shingles(found)
    right = (expected & got).total()
    return right, got.total() - right, expected.total() - right


def precision(right: int, extra: int, missing: int) -> float:
    """Share of the found that is right."""
    return 1.0 if extra == missing == 0 else right / max(1, right + extra)


def recall(right: int, extra: int, missing: int) -> float:
    """Share of the right that is found."""
    return 1.0 if extra == missing == 0 else right / max(1, right + missing)


def harmonic(one: float, other: float) -> float:
    """The harmonic mean: F1 of precision and recall."""
    return 2 * one * other / (one + other) if one + other else 0.0


def pooled_f1(scores: Iterable[Score]) -> float:
    """F1 of mean precision and mean recall over pages: the benchmark's own metric."""
    known = list(scores)
    mean_precision = statistics.mean(precision(*page) for page in known if page[0] + page[1])
    return harmonic(mean_precision, statistics.mean(recall(*page) for page in known if page[0] + page[2]))


@dataclass
class Run:
    """What one extractor did on one corpus."""

    scores: list[Score]
    cpu_s: float

    def figures(self) -> tuple[float, float, float, float]:
        """F1, share of exactly right pages, share of pages below .8, pages per CPU-second."""
        exact = sum(extra == missing == 0 for _, extra, missing in self.scores) / len(self.scores)
        low = sum(harmonic(precision(*page), recall(*page)) < LOW_F1 for page in self.scores) / len(self.scores)
        return pooled_f1(self.scores), exact, low, len(self.scores) / self.cpu_s


def run_pages(pages: list[Row], extractor: Callable[[str, str], str]) -> Run:
    """Run an extractor over pages and score it; only the extraction is timed."""
    scores, cpu = [], 0.0
    for row in pages:
        html = html_of(row)
        began = time.process_time()
        text = extractor(html, row["url"])
        cpu += time.process_time() - began
        scores.append(score(row["body"], text))
    return Run(scores, cpu)
