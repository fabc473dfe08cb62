"""What a rule for leftovers is, and the kinds of rules that there are.

A rule sees all passages that are left and says which it takes; `tasks.clean._applying` asks it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tasks.clean._memory import remembering
from tasks.clean._views import View, Where, is_item

_OPENS_LIST = re.compile(
    r"key\s|the\s|highlights|summary|overview|introduction|pros|cons|at\sa\sglance|in\sbrief|tl;?dr|ingredients",
    re.IGNORECASE,
)
"""Short headings that belong to the article."""
_ENDS_OPEN = re.compile(r"[.!?…:;,]\W*$")
_ENDS_SENTENCE = re.compile(r"[.!。।॥۔][\"'”’»)\]」』]*$")
"""Not question marks, which end headlines as well."""
_MAX_SECTION = 40
_HEADING_CHARS = 80
_CLOSING_CHARS = 200
_STORY_PARAGRAPHS = 3
"""Above them a line like "12 comments" is a link to the comments."""
_MEMORY = 256
"""Answers kept for each rule: the lines of the article at hand."""


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What a rule for single lines looks for: patterns of whole lines, cues within a line, or what a test says."""

    patterns: tuple[str, ...]
    cues: tuple[str, ...]
    max_chars: int
    shouted: bool
    test: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A named class of leftovers. ``takes`` answers with the indices of the passages that belong to it.

    With ``looks`` it judges only ``View.suspects``.
    """

    name: str
    takes: Callable[[View], Iterable[int]]
    looks: Looks | None = None


@dataclass(frozen=True, slots=True)
class Tail:
    """A named class of leftovers that stand at the end of a passage, after prose, without a line break."""

    name: str
    begins: Callable[[str], int | None]


Rules = Sequence[Rule | Tail]


def _whole(patterns: Sequence[str]) -> Callable[[str], bool]:
    """A test whether one of the patterns matches a text from end to end.

    Its answers are kept for a while: the list is applied until nothing is taken, mostly to the same passages.
    """
    whole = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    return remembering(lambda text: whole.fullmatch(text) is not None, _MEMORY)


class Inside(NamedTuple):
    """A pattern to be found anywhere in a line. Each match contains one of ``cues``, which are cheap to look for."""

    pattern: str
    cues: tuple[str, ...]


def lines(  # noqa: PLR0913 - each is a condition of its own
    name: str,
    *patterns: str,
    having: Inside | None = None,
    where: Where = Where.ANYWHERE,
    max_chars: int = 300,
    shouted: bool = False,
    whole: bool = False,
) -> Rule:
    """A rule for lines that are short enough and stand in the right place.

    Args:
        name: Stands in the record of what was removed.
        patterns: Of a whole line, in lower case; lines are folded before, which is three times as fast as ignoring
            case in the expression.
        having: What is enough anywhere in the line.
        where: Where in the text the rule may act.
        max_chars: Longer lines are never taken.
        shouted: The patterns are in capitals and the line is not folded.
        whole: Only whole lines are taken, since nothing else shows where the leftover ends.
    """
    is_whole = _whole(patterns)
    inside = re.compile(having.pattern) if having else None
    cues = having.cues if having else ()

    def matches(text: str) -> bool:
        if is_whole(text):
            return True
        return inside is not None and any(cue in text for cue in cues) and inside.search(text) is not None

    def takes(view: View) -> Iterable[int]:
        for index in view.suspects:
            passage = view.passages[index]
            if len(passage.text) > max_chars or (whole and passage.is_piece):
                continue
            text = passage.text if shouted else view.folded[index]
            if matches(text) and view.allows(where, index):
                yield index

    return Rule(name, takes, Looks(patterns, cues, max_chars, shouted))


def section(name: str, heading: str) -> Rule:
    """A rule for a heading that a pattern in lower case describes, and the list below it."""
    return section_where(name, _folded_test(heading))


def _folded_test(*patterns: str) -> Callable[[str], bool]:
    is_whole = _whole(patterns)
    return lambda text: is_whole(text.lower())


def section_where(name: str, is_heading: Callable[[str], bool]) -> Rule:
    """A rule for a heading and the list below it.

    At the end of the text it takes everything below, as long as no sentence stands there; between paragraphs it takes
    the heading and the bulleted items that follow at once.
    """

    def below(view: View, index: int) -> Iterable[int]:
        at_end = index > view.last_prose
        for below_index in range(index + 1, min(len(view.passages), index + 1 + _MAX_SECTION)):
            passage = view.passages[below_index]
            ends = not at_end or (not passage.is_piece and _ENDS_SENTENCE.search(passage.text))
            if ends and not is_item(passage.text):
                return
            yield below_index

    def takes(view: View) -> Iterable[int]:
        for index, passage in enumerate(view.passages):
            if len(passage.text) <= _HEADING_CHARS and is_heading(passage.text):
                yield index
                yield from below(view, index)

    return Rule(name, takes)


def repeats(name: str, min_chars: int) -> Rule:
    """A rule for a stretch of the text that stood there before, word for word: a story that was pasted twice.

    One passage alone may be a refrain (the same question in a row of interviews); two in the same order are not.
    """

    def takes(view: View) -> Iterable[int]:
        texts = ["", *(passage.text for passage in view.passages), ""]
        first: dict[str, int] = {}
        for index, text in enumerate(texts[1:-1], start=1):
            before = first.setdefault(text, index)
            if before == index or len(text) < min_chars:
                continue
            follows = texts[index - 1] == texts[before - 1] != ""
            leads = texts[index + 1] == texts[before + 1] != ""
            if follows or leads:
                yield index - 1

    return Rule(name, takes)


def _is_label(text: str, max_words: int) -> bool:
    """Whether it is a few words that no sentence could be."""
    if _OPENS_LIST.match(text) or not text.isascii():  # words of Chinese or Korean are no measure of length
        return False
    return text.count(" ") < max_words and ":" not in text and not _ENDS_OPEN.search(text) and not is_item(text)


def labels(name: str, where: Where, at_least: int, max_words: int, max_lines: int = _MAX_SECTION) -> Rule:
    """A rule for labels in one place: a menu, a list of sections, a kicker, the heads of a footer's columns.

    Args:
        name: Stands in the record of what was removed.
        where: Where in the text the rule may act.
        at_least: With fewer of them nothing is taken.
        max_words: Longer lines are no labels.
        max_lines: Where more lines than this stand there, the text has no paragraphs that show where it begins.
    """

    def takes(view: View) -> Iterable[int]:
        lines_there = view.first_prose if where is Where.HEAD else len(view.folded) - 1 - view.last_prose
        if len(view.prose) < _STORY_PARAGRAPHS or lines_there > max_lines:
            return ()
        found = [
            index for index, text in enumerate(view.folded) if view.allows(where, index) and _is_label(text, max_words)
        ]
        return found if len(found) >= at_least else ()

    return Rule(name, takes)


def dated(name: str, stamp: str) -> Rule:
    """A rule for a list of other articles above the story: three dates or more, with one headline between each two."""
    is_stamp = _whole([stamp])

    def takes(view: View) -> Iterable[int]:
        stamps = [index for index, text in enumerate(view.folded[: view.first_prose]) if is_stamp(text)]
        for first, second, third in zip(stamps, stamps[1:], stamps[2:], strict=False):
            if first + 4 == second + 2 == third:
                yield from range(first, third + 1)

    return Rule(name, takes)


def closing(name: str, *patterns: str, max_prose_below: int | None = None) -> Rule:
    """A rule for headings that end an article: the heading and everything below it.

    Args:
        name: Stands in the record of what was removed.
        patterns: Of the whole heading, in lower case. It stands below ``_STORY_PARAGRAPHS`` paragraphs or more.
        max_prose_below: With more paragraphs than this below it, the heading ends nothing.
    """
    return closing_where(name, _folded_test(*patterns), max_prose_below=max_prose_below)


def closing_where(name: str, ends: Callable[[str], bool], *, max_prose_below: int | None = None) -> Rule:
    """A rule for headings that end an article, told by a test; see `closing`."""

    def takes(view: View) -> Iterable[int]:
        prose = view.prose
        if len(prose) < _STORY_PARAGRAPHS:
            return ()
        for index in range(prose[_STORY_PARAGRAPHS - 1] + 1, len(view.passages)):
            text = view.passages[index].text
            if len(text) <= _CLOSING_CHARS and ends(text):
                below = sum(place > index for place in prose)
                if max_prose_below is None or below <= max_prose_below:
                    return range(index, len(view.passages))
        return ()

    return Rule(name, takes)


def tail(name: str, pattern: str) -> Tail:
    """A rule for the end of a passage. The pattern has a colon and reaches to the passage's end."""
    cue = re.compile(pattern, re.IGNORECASE)

    def begins(text: str) -> int | None:
        match = cue.search(text) if ":" in text else None
        return match.start() if match and match.start() else None

    return Tail(name, begins)
