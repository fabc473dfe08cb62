"""Text to word pieces, case shapes and windows: what the shipped model reads.

Training and inference both use this module, so that what the model learned on and what it is shown cannot drift apart.

The tokenizer is uncased; what capitals say is kept beside the pieces as one of ten *case shapes* a word. Long texts are
read in windows of neighbouring pieces. A window ends at a line end or sentence end where it can, and otherwise at a
place where no name is likely to be cut in two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from tasks.entities._names import listed

Integers = NDArray[np.int64]

BLOCK_CHARACTERS = 20_000
"""Longest stretch handed to the tokenizer at once: bounds memory on huge texts (a 600-word article is about 4,000)."""

WINDOW_PIECES = 170
"""Word pieces a window, without the two markers. Fastest on a CPU (words/s/core at 100, 170, 400: 8.1k, 8.4k, 6.9k)."""

_LEAST_FILL = 0.4
_LONGEST_ABBREVIATION = 4
_SENTENCE_ENDS = frozenset(".!?")
_CLOSING = frozenset("\"'”’)]")
_PAUSES = frozenset(",;:")
_JOINTS = listed(
    "a al and at bin da de del der des di do dos du e el en et for ibn in la las le los of on the to van von y"
)
"""Words in lower case that stand inside names: "Bank of the West", "Médecins du Monde"."""

_BLOCK_ENDS = (
    re.compile(r"[a-z]{4}[.!?][\"'”’)]* (?=\S)"),
    re.compile(r"\b[a-z]{4,} (?=[a-z]{4})"),
    re.compile(r"[.!?] (?=\S)"),
    re.compile(r"\s"),
)
"""Where a block may end, best first; where no line ends in it; looked for in its last quarter."""


class Shape(IntEnum):
    """How a word is written; the model has one learned embedding for each."""

    NONE = 0
    LOWER = 1
    TITLE = 2
    CAPITALS = 3
    INITIAL = 4
    MIXED = 5
    DIGITS = 6
    ALPHANUMERIC = 7
    PUNCTUATION = 8
    UNCASED = 9


class _Break(IntEnum):
    """How good a place is to end a window, worst first: inside a name, perhaps, and beside one."""

    NAME = 0
    EDGE = 1
    PAUSE = 2
    PROSE = 3
    SENTENCE = 4


def shape_of(word: str) -> Shape:
    """Return the case shape of one word as the tokenizer cut it."""
    if not word[:1].isalnum() and len(word) == 1:
        return Shape.PUNCTUATION
    if word.isalpha():
        return _shape_of_letters(word)
    if word.isdigit():
        return Shape.DIGITS
    if any(character.isdigit() for character in word):
        return Shape.ALPHANUMERIC
    return Shape.UNCASED


_MEMORABLE = 30
_remembered = lru_cache(maxsize=8_192)(shape_of)


def _shape_of(word: str) -> Shape:
    """Look up the shape of a word that may come again; words without end are not kept."""
    return _remembered(word) if len(word) <= _MEMORABLE else shape_of(word)


def _shape_of_letters(word: str) -> Shape:
    if word.islower():
        return Shape.LOWER
    if word.isupper():
        return Shape.INITIAL if len(word) == 1 else Shape.CAPITALS
    if word[0].isupper() and word[1:].islower():
        return Shape.TITLE
    return Shape.MIXED if word.lower() != word.upper() else Shape.UNCASED


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of word pieces that the model reads at once.

    `words` are the positions in `ids` (markers not counted) at which a word begins; `starts` and `ends` are the words'
    half-open code-point offsets in the text the window was cut from; `opens` tells which words begin a line.
    """

    ids: Integers
    shapes: Integers
    words: Integers
    starts: Integers
    ends: Integers
    opens: NDArray[np.bool_]


class TextEncoder:
    """Cuts texts into windows of word pieces."""

    def __init__(self, tokenizer: Tokenizer, window_pieces: int = WINDOW_PIECES) -> None:
        """Use `tokenizer` without its own truncation and padding; windows hold at most `window_pieces` pieces."""
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._window_pieces = window_pieces

    def windows(self, text: str) -> Iterator[Window]:
        """Yield the windows of `text` in order; together they cover every word exactly once."""
        for start, end in _blocks(text):
            yield from self._windows_of_block(text[start:end], start)

    def _windows_of_block(self, block: str, offset: int) -> Iterator[Window]:
        encoding = self._tokenizer.encode(block, add_special_tokens=False)
        if not encoding.ids:
            return
        ids = np.asarray(encoding.ids, dtype=np.int64)
        spans = np.asarray(encoding.offsets, dtype=np.int64)
        word_ids = np.asarray(encoding.word_ids, dtype=np.int64)
        firsts = np.flatnonzero(np.diff(word_ids, prepend=-1))
        lasts = np.append(firsts[1:], len(ids)) - 1
        starts, ends = spans[firsts, 0], spans[lasts, 1]
        surfaces = [block[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        word_shapes = np.fromiter((_shape_of(word) for word in surfaces), dtype=np.int64, count=len(surfaces))
        shapes = np.repeat(word_shapes, lasts - firsts + 1)
        gaps = [block[end:start] for end, start in zip(ends[:-1].tolist(), starts[1:].tolist(), strict=True)]
        opens = np.array([True, *("\n" in gap for gap in gaps)])
        for first, last in _cuts(firsts, len(ids), _Breaks(surfaces, gaps), self._window_pieces):
            piece = int(firsts[first])
            stop = int(firsts[last]) if last < len(firsts) else len(ids)
            yield Window(
                ids=ids[piece:stop],
                shapes=shapes[piece:stop],
                words=firsts[first:last] - piece,
                starts=starts[first:last] + offset,
                ends=ends[first:last] + offset,
                opens=opens[first:last],
            )


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Cut a text into stretches that the tokenizer can take at once, outside names where there is a choice."""
    start = 0
    while start < len(text):
        end = min(start + BLOCK_CHARACTERS, len(text))
        if end < len(text):
            end = _block_end(text, start, end)
        yield start, end
        start = end


def _block_end(text: str, start: int, limit: int) -> int:
    line = text.rfind("\n", start, limit)
    if line > start:
        return line + 1
    for pattern in _BLOCK_ENDS:
        found = [match.end() for match in pattern.finditer(text, limit - BLOCK_CHARACTERS // 4, limit)]
        if found:
            return found[-1]
    return limit


class _Breaks(NamedTuple):
    """Says where a window would end best, among the words of a block and what stands between them."""

    words: list[str]
    gaps: list[str]

    def best(self, least: int, most: int) -> int:
        """Return the end, from `least` to `most` words, after which it breaks best; of equal ones the last."""
        best, end = _Break.NAME, most
        for candidate in range(most, least - 1, -1):
            found = self._after(candidate - 1)
            if found is _Break.SENTENCE:
                return candidate
            if found > best:
                best, end = found, candidate
        return end

    def _after(self, index: int) -> _Break:
        return _break_after(self.words, self.gaps, index) if index < len(self.gaps) else _Break.SENTENCE


def _break_after(words: list[str], gaps: list[str], index: int) -> _Break:
    gap, word = gaps[index], words[index]
    if "\n" in gap:
        return _Break.SENTENCE
    if not gap:
        return _Break.NAME
    if word in _SENTENCE_ENDS or (word in _CLOSING and words[index - 1] in _SENTENCE_ENDS):
        before = words[index - 1] if index else ""
        return _Break.NAME if word == "." and _may_be_abbreviation(before) else _Break.SENTENCE
    if word in _PAUSES:
        return _Break.PAUSE
    return _break_between(word, words[index + 1])


def _break_between(word: str, following: str) -> _Break:
    if not (_is_common(word) or _is_common(following)):
        return _Break.NAME
    return _Break.PROSE if word.islower() and following.islower() else _Break.EDGE


def _is_common(word: str) -> bool:
    """Whether a word stands in no name."""
    return word.islower() and word not in _JOINTS


def _may_be_abbreviation(word: str) -> bool:
    """Tell whether a full stop after `word` may belong to it: "U.S.", "Mr.", "Mich."."""
    return len(word) <= _LONGEST_ABBREVIATION and word[:1].isupper()


def _cuts(firsts: Integers, pieces: int, breaks: _Breaks, limit: int) -> Iterator[tuple[int, int]]:
    """Yield half-open ranges of words, each of at most `limit` pieces (one word at least)."""
    first, words = 0, len(firsts)
    while first < words:
        start = int(firsts[first])
        if pieces - start <= limit:
            yield first, words
            return
        stop = max(int(np.searchsorted(firsts, start + limit, side="right")) - 1, first + 1)
        least = min(first + max(1, int((stop - first) * _LEAST_FILL)), stop)
        last = breaks.best(least, stop)
        yield first, last
        first = last
