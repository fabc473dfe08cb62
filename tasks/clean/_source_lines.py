"""Lines that a source prints in several of its articles, as evidence: the store counts them, a rule takes them.

Headings repeat as well ("What happened next"), so that only lines at the edges of a text, or of some length, are taken,
and not many of one text.
"""

from collections.abc import Iterable
from hashlib import blake2b

from schemas import CleanText
from tasks.clean._layout import text_key
from tasks.clean._rules import Rule
from tasks.clean._views import View, Where

SOURCE_LINES = "source_lines"
_DIGEST_BYTES = 8
_MAX_LINES = 60
_MAX_CHARS = 400
"""Longer paragraphs that return are stories sent twice, which the dedupe stage finds."""
_MIN_KEY = 6
_WORDS_ANYWHERE = 6
_MAX_TAKEN = 12
_MAX_SHARE = 0.4


def line_digest(line: str) -> bytes:
    """Eight bytes that stand for a line, whatever its case, blanks and punctuation."""
    return blake2b(text_key(line).encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()


def countable_lines(clean: CleanText) -> tuple[bytes, ...]:
    """Digests of the lines to count: those that are left, and those that were taken for the same reason before.

    The first and last lines first, since there may be more than are counted.
    """
    lines = clean.text.split("\n\n")
    edges = [line for pair in zip(lines, reversed(lines), strict=True) for line in pair]
    again = (line for one in clean.removed if one.rule == SOURCE_LINES for line in one.text.splitlines())
    wanted = (line for line in (*again, *edges) if len(line) <= _MAX_CHARS and len(text_key(line)) >= _MIN_KEY)
    return tuple(dict.fromkeys(map(line_digest, wanted)))[:_MAX_LINES]


def by_source(frequent: frozenset[bytes]) -> Rule:
    """A rule for the lines that are frequent in the article's source."""

    def takes(view: View) -> Iterable[int]:
        found = [
            index
            for index, passage in enumerate(view.passages)
            if _MIN_KEY <= len(passage.text) <= _MAX_CHARS and line_digest(passage.text) in frequent
        ]
        chosen = [index for index in found if _is_leftover(view, index)]
        return chosen if len(chosen) <= min(_MAX_TAKEN, _MAX_SHARE * len(view.passages)) else ()

    return Rule(SOURCE_LINES, takes)


def _is_leftover(view: View, index: int) -> bool:
    words = view.passages[index].text.count(" ") + 1
    return view.allows(Where.EDGES, index) or words >= _WORDS_ANYWHERE
