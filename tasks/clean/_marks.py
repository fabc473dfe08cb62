"""Texts that carry the marks of another form: HTML, Markdown, quoted mail, line breaks written as two characters.

A body that is HTML is read as a page. The other marks are taken off line by line when a text is split into passages:
like blanks they are no words, and what was submitted keeps its places.
"""

import html
import re
from typing import Final

from schemas import Submission

_BEGINS = re.compile(
    r"\s*<(?:!doctype|html|body|article|section|div|p|br|h[1-6]|ul|ol|blockquote|figure|span|strong|em|img|a)\b[^<>]{0,400}>",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"</(?:p|div|li|h[1-6])>|<br\s?/?>", re.IGNORECASE)
_ESCAPED = re.compile(r"\s*&lt;(?:p|div|h[1-6]|br|ul|span|strong|figure|a|img)\b", re.IGNORECASE)
_MIN_BLOCKS: Final = 3
_HEADING = re.compile(r"^#{1,6}\s+\S", re.MULTILINE)
_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\[\]\n]{0,300})\]\((?:https?://|/)[^()\s]{0,500}(?:\s\"[^\"\n]*\")?\)")
_MIN_LINKS: Final = 2
_EMPHASIS = re.compile(r"(?<![\w*_])(?P<mark>\*\*|__|\*|_)(?=\S)(?P<text>[^*_\n]{1,300}?)(?<=\S)(?P=mark)(?![\w*_])")
_HASHES = re.compile(r"\s*(?:(?:#{1,6}|>)\s+)+")
_QUOTES = re.compile(r"\s*(?:>\s?)+")
_INNER_QUOTES = re.compile(r"(?<=\n)[ \t]*(?:>[ \t]?)+")
_QUOTED = re.compile(r"^[ \t]*>", re.MULTILINE)
_LINE = re.compile(r"^[ \t]*\S", re.MULTILINE)
_MIN_QUOTED: Final = 3
_QUOTED_SHARE: Final = 0.5
FIELD_LABELS: Final = (
    r"(?:title|headline|subject|authors?|byline|date|published|publication\sdate|publish\sdate|pubdate|source|url|link|permalink"
    r"|category|categories|section|tags|keywords|from|to|cc|sent|reply-to|slug|language|site|publisher|image)"
)
"""What lines of a head begin with that are fields of their own."""
_NOTHING = re.compile(r"")
_WRITTEN_BREAK: Final = "\\n"
_MAX_ROUNDS: Final = 5


def as_page(submission: Submission) -> Submission:
    """A submission whose text is HTML, as it is or escaped once more, as one of a page; others as they are."""
    text = submission.text
    if submission.html or text is None or not ("<" in text or "&lt;" in text):
        return submission
    if _ESCAPED.match(text):
        return submission.model_copy(update={"html": html.unescape(text), "text": None})
    starts = _BEGINS.match(text) and _BLOCK.search(text)
    if starts or len(_BLOCK.findall(text)) >= _MIN_BLOCKS:
        return submission.model_copy(update={"html": text, "text": None})
    return submission


def has_written_breaks(source: str) -> bool:
    r"""Whether a text has its line breaks as ``\n``, two characters each: JSON that was escaped twice."""
    return _WRITTEN_BREAK in source and "\n" not in source and source.count(_WRITTEN_BREAK) > 1


class Marks:
    """The marks of one text: what stands before a line's words, and how a passage is freed of them."""

    def __init__(self, source: str) -> None:
        self._is_quoted = _is_quoted(source)
        self._is_markdown = not self._is_quoted and is_markdown(source)

    @property
    def are_none(self) -> bool:
        """Whether the text is plain."""
        return not (self._is_quoted or self._is_markdown)

    @property
    def before(self) -> re.Pattern[str]:
        """What stands before the words of a line."""
        return _QUOTES if self._is_quoted else _HASHES if self._is_markdown else _NOTHING

    def freed(self, raw: str) -> str:
        """The words of a passage without marks within."""
        return _INNER_QUOTES.sub("", raw) if self._is_quoted else _unmarked(raw) if self._is_markdown else raw


def _is_quoted(source: str) -> bool:
    if ">" not in source:
        return False
    quoted = len(_QUOTED.findall(source))
    return quoted >= _MIN_QUOTED and quoted >= _QUOTED_SHARE * len(_LINE.findall(source))


def is_markdown(source: str) -> bool:
    """Whether a text has headings or links of Markdown."""
    if "#" in source and _HEADING.search(source):
        return True
    return "](" in source and len(_LINK.findall(source)) >= _MIN_LINKS


def _unmarked(raw: str) -> str:
    """Links as their words, pictures as what they show, emphasis as nothing."""
    for _ in range(_MAX_ROUNDS):
        bare = _LINK.sub(lambda link: f"[Image: {link['text']}]" if link["image"] else link["text"], raw)
        bare = _EMPHASIS.sub(lambda marked: marked["text"], bare)
        if bare == raw:
            break
        raw = bare
    return raw
