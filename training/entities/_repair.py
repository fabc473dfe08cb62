"""Training texts as they were printed: what tokenisers and crawlers did to them is undone, and the spans moved along.

Re-DocRED prints "U.S. - led", CrossNER "Henderson' s", the posts of WNUT-17 "&amp;". News has none of these, and the
recognizer would learn word boundaries that it never meets.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from training.entities._corpus import Document

_REPAIRS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("redocred", re.compile(r"(?<=\w) - (?=\w)|(?<=[A-Z]\.) - (?=[a-z])"), "-"),
    ("crossner", re.compile(r"(?<=\w)['’] s\b"), "'s"),
    ("", re.compile(r"&\s?amp;"), "&"),
)
"""The sources that an error occurs in, what it looks like, and what was printed."""


def repair(document: Document) -> Document:
    """Undo the errors of the document's source; a span keeps naming what it named."""
    for source, pattern, printed in _REPAIRS:
        if document.name.startswith(source) and pattern.search(document.text):
            document = _replaced(document, list(pattern.finditer(document.text)), printed)
    return document


def _replaced(document: Document, errors: list[re.Match[str]], printed: str) -> Document:
    starts = [error.start() for error in errors]
    saved = [0]
    for error in errors:
        saved.append(saved[-1] + len(error.group()) - len(printed))

    def moved(offset: int) -> int:
        before = bisect_right(starts, offset)
        if before and offset < errors[before - 1].end():
            inside = offset - errors[before - 1].start()
            return errors[before - 1].start() - saved[before - 1] + min(inside, len(printed))
        return offset - saved[before]

    text = "".join(_pieces(document.text, errors, printed))
    spans = ((moved(start), moved(end), label) for start, end, label in document.spans)
    return replace(document, text=text, spans=tuple(span for span in spans if span[0] < span[1]))


def _pieces(text: str, errors: list[re.Match[str]], printed: str) -> Iterator[str]:
    last = 0
    for error in errors:
        yield text[last : error.start()]
        yield printed
        last = error.end()
    yield text[last:]
