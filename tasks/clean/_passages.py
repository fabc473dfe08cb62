"""Passages: the units the rules decide on, each with its text and its place in the source.

A passage is one line of the source, or the lines of one paragraph where the source is hard-wrapped. Its text is
repaired, its span is not: ``source[start:end]`` is what was really submitted.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.clean._joined import pieces
from tasks.clean._marks import FIELD_LABELS, Marks, has_written_breaks
from tasks.clean._repair import fold_blanks, is_clean, repair

_BREAK = re.compile(r"\r\n|[\n\r\v\f\u2028\u2029]")
"""Not U+0085 and not the separators U+001C-1E: in mojibake they are the second half of a letter."""
_WRITTEN_BREAK = re.compile(rf"{_BREAK.pattern}|(?:\\r)?\\n")
_BULLET = re.compile(r"[•·▪●■◦‣*–—-]\s|\d{1,2}[.)]\s")
_WRAP_MIN, _WRAP_MAX = 40, 100
"""Widths of hard-wrapped mail and wire copy (72 to 80 columns), with slack."""
_WRAP_SHARE = 0.8
_NARROWEST, _LONGEST_WRAPPED = 28, 140
_GOES_ON_SHARE = 0.6
"""Of the lines inside blocks; where so many begin with a small letter, any width may be the one that was set."""
_WRAP_MIN_LINES = 3
_JOINED_SHARE = 0.7
"""A line with less of the text is a long paragraph beside others, and not a text whose breaks are lost."""
_MAX_TRIES = 12
_FIELD = re.compile(rf"{FIELD_LABELS}\s?:\s", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[.!?:][\"'”’)]*\s*$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the source ``[start, end)`` and its repaired text."""

    start: int
    end: int
    text: str
    is_piece: bool = False
    """Whether it is only a part of its line: what has no full stop of its own goes on into the next sentence."""


def _breaks(source: str) -> re.Pattern[str]:
    return _WRITTEN_BREAK if has_written_breaks(source) else _BREAK


def _lines(source: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _breaks(source).finditer(source):
        yield start, match.start()
        start = match.end()
    yield start, len(source)


def _trimmed(source: str, start: int, end: int, before: re.Pattern[str] | None) -> tuple[int, int]:
    """The line without blanks, and without the marks before its words."""
    mark = before.match(source, start, end) if before else None
    start = mark.end() if mark else start
    raw = source[start:end]
    return end - len(raw.lstrip()), start + len(raw.rstrip())


def _blocks(source: str, before: re.Pattern[str] | None = None) -> list[list[tuple[int, int]]]:
    """Runs of lines without a blank line between them."""
    blocks: list[list[tuple[int, int]]] = [[]]
    for start, end in _lines(source):
        inner_start, inner_end = _trimmed(source, start, end, before)
        if inner_start < inner_end:
            blocks[-1].append((inner_start, inner_end))
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _is_wrapped(source: str, blocks: Sequence[Sequence[tuple[int, int]]]) -> bool:
    """Whether line breaks inside blocks are those of a fixed width, and not ends of paragraphs."""
    pairs = [(span, below) for block in blocks for span, below in pairwise(block) if not _begins(source, span, below)]
    longest = max((end - start for block in blocks for start, end in block), default=0)
    if not pairs or longest > _LONGEST_WRAPPED:
        return False
    ended = sum(bool(_ENDS_SENTENCE.search(source[end - 4 : end])) for (_, end), _ in pairs)
    if 2 * ended >= len(pairs):
        return False
    goes_on = sum(source[below[0]].islower() for _, below in pairs)
    if len(pairs) > 1 and longest >= _NARROWEST and goes_on >= _GOES_ON_SHARE * len(pairs):
        return True
    wide = sum(end - start >= _WRAP_MIN for (start, end), _ in pairs)
    return len(pairs) >= _WRAP_MIN_LINES and longest <= _WRAP_MAX and wide >= _WRAP_SHARE * len(pairs)


def _begins(source: str, above: tuple[int, int], line: tuple[int, int]) -> bool:
    """Whether a line begins a paragraph though no blank line stands above it: a bullet, a field, an indented line."""
    if _BULLET.match(source, line[0]) or _FIELD.match(source, line[0]):
        return True
    return source[line[0] - 1] in " \t" and source[above[0] - 1 : above[0]] not in (" ", "\t")


def _paragraphs(source: str, block: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join the lines of a wrapped block."""
    start, end = block[0]
    for above, line in pairwise(block):
        if _begins(source, above, line):
            yield start, end
            start = line[0]
        end = line[1]
    yield start, end


def split(source: str) -> list[Passage]:
    """Split a text into its passages, repaired. What is empty after repair is no passage."""
    mend: Callable[[str], str] = fold_blanks if is_clean(source) else repair
    marks = Marks(source)
    if not marks.are_none:
        plain = mend
        mend = lambda raw: plain(marks.freed(raw))  # noqa: E731 - one more step before the same repair
    blocks = _blocks(source, None if marks.are_none else marks.before)
    wrapped = _is_wrapped(source, blocks)
    spans = [span for block in blocks for span in (_paragraphs(source, block) if wrapped else block)]
    passages = (
        Passage(start, end, mend(source[start:end]), is_piece=(start, end) != span)
        for span in spans
        for start, end in (_pieces(source, *span) if span[1] - span[0] >= _JOINED_SHARE * len(source) else [span])
    )
    return [passage for passage in passages if passage.text]


def _pieces(source: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for piece_start, piece_end in pieces(source[start:end]):
        yield start + piece_start, start + piece_end


def join(source: str, passages: Sequence[Passage]) -> str:
    """The passages as one text: paragraphs with a blank line between them, pieces of one line with a space."""
    return "".join(gap + passage.text for gap, passage in zip(_gaps(source, passages), passages, strict=True))


def places(source: str, passages: Sequence[Passage]) -> list[int]:
    """Where each passage begins in the joined text."""
    begins, at = [], 0
    for gap, passage in zip(_gaps(source, passages), passages, strict=True):
        begins.append(at + len(gap))
        at = begins[-1] + len(passage.text)
    return begins


def _gaps(source: str, passages: Sequence[Passage]) -> list[str]:
    inner = pairwise(passages)
    breaks = _breaks(source)
    gaps = ("\n\n" if breaks.search(source, before.end, passage.start) else " " for before, passage in inner)
    return ["", *gaps][: len(passages)]


def _boundary(raw: str, tail: str) -> int | None:
    """Where in an unrepaired text the words begin that repair to ``tail``.

    Repair changes characters but rarely the number of words, so the place with that number of words behind it is tried
    first, and then its neighbours.
    """
    starts = [match.start() for match in re.finditer(r"\S+", raw)][1:]
    likely = len(starts) - tail.count(" ") - 1
    for start in sorted(range(len(starts)), key=lambda index: abs(index - likely))[:_MAX_TRIES]:
        if repair(raw[starts[start] :]) == tail:
            return starts[start]
    return None


def cut(source: str, passage: Passage, at: int) -> tuple[Passage, Passage] | None:
    """Cut a passage before the word that begins at ``text[at]``, in the text and in the source.

    Where the two halves of the source do not repair to the two halves of the text, the answer is ``None``: when
    unsure, nothing is cut.
    """
    head, tail = passage.text[:at].rstrip(), passage.text[at:]
    if not head or not tail or passage.text[at - 1] != " ":
        return None
    raw = source[passage.start : passage.end]
    middle = _boundary(raw, tail)
    if middle is None or repair(raw[:middle]) != head:
        return None
    head_end = passage.start + len(raw[:middle].rstrip())
    return Passage(passage.start, head_end, head), Passage(passage.start + middle, passage.end, tail)
