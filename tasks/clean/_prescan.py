"""A linear look at a page before any parser sees it.

Some inputs hang every HTML parser, and a hang in C cannot be interrupted from Python. Measurements F8: these limits
flag every slow file of the hostile set and none of 2,670 real pages.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

MAX_CHARS = 5_000_000
MAX_TAGS = 60_000
MAX_DEPTH = 2_000
MAX_ATTRIBUTES = 2_000
DEEP = 250
"""lxml silently drops what is nested deeper than about this: worth a second look when nothing was extracted."""
_DOUBTFUL_CHARS = 1_000_000
_DOUBTFUL_TAGS = 6_000
_DOUBTFUL_DEPTH = 60
"""Below all three no page that was tried needs more than 0.7 s of CPU. 4 % of 842 real pages are above one of them."""
_MAX_CONTROL_SHARE = 0.02
"""Binary data has about 10 % control characters and replacement characters, text has none."""
_SAMPLE = 4_096

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_ATTRIBUTE = re.compile(r"""\"[^"]*"|'[^']*'|(?P<name>\s[^\s<>=/"'])""")
"""Quoted values are passed over: the path of a drawing has thousands of blanks."""
_LONG_TAG = re.compile(f"<[A-Za-z][^>]{{{2 * MAX_ATTRIBUTES}}}")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")
_MAGIC = ("%PDF-", "\x89PNG", "PK\x03\x04", "\x1f\x8b", "GIF8", "\xff\xd8\xff", "\x7fELF", "\ufffdPNG", "\x1f\ufffd")
_UNNESTED = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "option",
        "tr",
        "td",
        "th",
        "path",
    ]
)
"""Void elements, and those whose end tag is mostly left out because the next one closes them."""


_RAW = ("<script", "<style")
_RAW_START = re.compile(r"<s(?:cript|tyle)(?![A-Za-z0-9])", re.IGNORECASE)
_RAW_END = re.compile(r"</s(?:cript|tyle)", re.IGNORECASE)


class Danger(StrEnum):
    """Why a page is not given to a parser."""

    BINARY = "binary"
    SIZE = "size"
    TAGS = "tags"
    DEPTH = "depth"
    ATTRIBUTES = "attributes"


def is_binary(text: str) -> bool:
    """Whether this is a file of another kind that was submitted as text."""
    sample = text[:_SAMPLE]
    if not sample:
        return False
    return sample.startswith(_MAGIC) or len(_CONTROL.findall(sample)) > _MAX_CONTROL_SHARE * len(sample)


def depth(html: str) -> int:
    """The greatest number of elements that are open at once, roughly: end tags are counted, not matched.

    What stands in scripts and styles is no element.
    """
    now = deepest = 0
    for close, name in _TAG.findall(_without_scripts(html)):
        if close:
            if now and name not in _UNNESTED and name.lower() not in _UNNESTED:
                now -= 1
        elif name not in _UNNESTED and name.lower() not in _UNNESTED:
            now += 1
            deepest = max(deepest, now)
    return deepest


def _without_scripts(html: str) -> str:
    """The page without what stands in its scripts and styles; one that is not closed goes on to the end."""
    kept, start = [], 0
    for match in _RAW_START.finditer(html):
        if match.start() < start:
            continue
        close = _RAW_END.search(html, match.end())
        kept.append(html[start : match.end()])
        start = close.start() if close else len(html)
    return "".join([*kept, html[start:]])


def _attributes(html: str, start: int, end: int) -> int:
    """Attributes of the tag in ``html[start:end]``, counted up to one more than allowed."""
    names = (match for match in _ATTRIBUTE.finditer(html, start, end) if match["name"])
    return sum(1 for _ in islice(names, MAX_ATTRIBUTES + 1))


def _has_attribute_flood(html: str) -> bool:
    """Whether one tag has more than ``MAX_ATTRIBUTES``. Only tags long enough to hold that many are counted."""
    if _LONG_TAG.search(html) is None:
        return False
    start = html.find("<")
    while start >= 0:
        if html.startswith(_RAW, start):  # what stands in a script is no tag; unclosed, it goes on to the end
            close = _RAW_END.search(html, start)
            if close is None:
                return False
            start = close.start()
        end = html.find(">", start)
        end = len(html) if end < 0 else end
        long = end - start > 2 * MAX_ATTRIBUTES and html[start + 1 : start + 2].isalpha()
        if long and _attributes(html, start, end) > MAX_ATTRIBUTES:
            return True
        start = html.find("<", end)
    return False


@dataclass(frozen=True, slots=True)
class Scan:
    """What the look found. ``depth`` is 0 where the scan ended before it was counted."""

    danger: Danger | None
    depth: int = 0
    tags: int = 0
    chars: int = 0

    @property
    def is_deep(self) -> bool:
        """Whether lxml may have dropped a part of the page without saying so."""
        return self.depth > DEEP

    @property
    def is_doubtful(self) -> bool:
        """Whether it may be costly, so that it is to be read in a child process with limits."""
        if self.danger is Danger.BINARY:
            return False
        costly = self.chars > _DOUBTFUL_CHARS or self.tags > _DOUBTFUL_TAGS or self.depth > _DOUBTFUL_DEPTH
        return costly or self.danger is not None


def scan(html: str) -> Scan:
    """Look for what may hang or fool a parser: 0.3 to 2 ms for a page, linear in its length."""
    if is_binary(html):
        return Scan(Danger.BINARY)
    chars = len(html)
    if chars > MAX_CHARS:
        return Scan(Danger.SIZE, chars=chars)
    tags = html.count("<")
    if tags > MAX_TAGS:
        return Scan(Danger.TAGS, tags=tags, chars=chars)
    deepest = depth(html)
    danger = Danger.DEPTH if deepest > MAX_DEPTH else Danger.ATTRIBUTES if _has_attribute_flood(html) else None
    return Scan(danger, deepest, tags, chars)
