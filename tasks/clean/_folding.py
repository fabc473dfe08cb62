"""Words of any language, folded so that case, accents and the forms of letters do not matter."""

import re
import unicodedata

from tasks.clean._memory import remembering

_WORD = re.compile(r"\d+|[^\W\d_]+")
_MARKS = re.compile(f"[{''.join(c for c in map(chr, range(0x300, 0x3100)) if unicodedata.category(c)[0] == 'M')}]+")
"""Every combining mark below Han: accents, vowel signs, the dots of Hebrew and Arabic."""
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_SAME = str.maketrans({"ı": "i", "ς": "σ", "ي": "ی", "ى": "ی", "ك": "ک"})
"""Letters that keyboards of neighbouring languages write otherwise: the yeh and kaf of Arabic in Persian and Urdu."""
_LINES_KNOWN = 512


class Folded:
    """A line without case and marks, its words, and where each stands. Runs of digits are words of their own."""

    __slots__ = ("_spans", "is_unspaced", "text", "words")

    def __init__(self, line: str) -> None:
        self.text = fold_text(line)
        self.words: tuple[str, ...] = tuple(_WORD.findall(self.text))
        self.is_unspaced = not self.text.isascii() and _UNSPACED.search(self.text) is not None
        """Whether it has words of Chinese, Japanese or Thai, between which no blanks stand."""
        self._spans: tuple[tuple[int, int], ...] | None = None

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Begin and end of each word in ``text``; few lines are asked for them."""
        if self._spans is None:
            self._spans = tuple(match.span() for match in _WORD.finditer(self.text))
        return self._spans


def fold_text(text: str) -> str:
    """The text without case, accents and other marks; vowel signs of Indic scripts and of Thai are marks as well.

    >>> fold_text("ΔΙΑΦΉΜΙΣΗ Ší")
    'διαφημιση si'
    """
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFKD", text.casefold())
    return _MARKS.sub("", bare).translate(_SAME)


fold = remembering(Folded, _LINES_KNOWN)
"""The words of a line. The answers for the last lines are kept: several rules ask."""
