"""Texts as scrapers send them, with what clean should make of each: ``python -m benchmarks.gold_texts``.

``benchmarks/gold/texts.txt`` holds thirty bodies written for Dateline: hard-wrapped, Markdown, wire copy, releases,
forwarded mail, pieces of feeds, escaped once too often. All of them were read while rules were mended: the figures say
that it stays so, not how it is elsewhere.

A case begins with ``#### name`` and ``field: value`` lines, then ``===`` and the body. ⟦…⟧ marks a passage that belongs
to the text; the marks are taken out. Words of passages count, their marks do not.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.gold_pages import GoldPage, marked_page, text_faults
from benchmarks.report import Gates, Report
from schemas import CleanText, Submission
from tasks.clean._cleaning import clean

FILE = Path(__file__).parent / "gold" / "texts.txt"
GATES: Gates = {
    "texts_exact": {"min": 0.93},
    "texts_passages_lost": {"max": 0},
    "texts_title": {"min": 0.96},
    "texts_authors": {"min": 0.93},
    "texts_not_idempotent": {"max": 0},
}
_QUOTE = re.compile(r"\n> ?")
_MARKS = re.compile(r"&lt;/?p&gt;|\\n|\]\([^()]*\)")


def read_texts() -> Iterator[GoldPage]:
    """All cases, in order."""
    for block in FILE.read_text(encoding="utf-8").split("#### ")[1:]:
        name, _, rest = block.partition("\n")
        head, _, body = rest.partition("===\n")
        told = {key: value.strip() for key, _, value in (line.partition(":") for line in head.splitlines())}
        yield marked_page(name, body.rstrip("\n"), told, _bare)


def _bare(passage: str) -> str:
    """The words of a passage as a reader should get them."""
    return _MARKS.sub(" ", _QUOTE.sub("\n", passage)).replace("\u00ad", "").replace("Ã©", "é")


def answer(gold: GoldPage) -> CleanText:
    """Clean one body, with nothing else submitted."""
    return clean(Submission.model_validate({gold.told.get("form", "text"): gold.html}))


def is_stable(gold: GoldPage, found: CleanText) -> bool:
    """Whether the cleaned text, given with its title, is its own story."""
    if gold.told.get("form") == "html" or not found.text:
        return True
    again = clean(Submission(text=found.text, title=found.title))
    return (again.text, again.title) == (found.text, found.title)


def measure() -> dict[str, float]:
    """Shares of texts that are right, and sums of passages lost and left."""
    golds = list(read_texts())
    found = [answer(gold) for gold in golds]
    pairs = list(zip(golds, found, strict=True))
    faults = [text_faults(gold, one.text) for gold, one in pairs]
    return {
        "texts": len(golds),
        "texts_exact": sum(not ones for ones in faults) / len(golds),
        "texts_passages_lost": sum(fault.startswith("lost") for ones in faults for fault in ones),
        "texts_passages_left": sum(fault.startswith("left") for ones in faults for fault in ones),
        "texts_title": sum((one.title or "none") == gold.told["title"] for gold, one in pairs) / len(golds),
        "texts_authors": sum(set(one.authors) == set(gold.listed("authors")) for gold, one in pairs) / len(golds),
        "texts_not_idempotent": sum(not is_stable(gold, one) for gold, one in pairs),
    }


def main() -> int:
    """Measure; the exit code says whether the gates are passed."""
    return Report("gold_texts", measure(), GATES).publish()


if __name__ == "__main__":
    sys.exit(main())
