"""A tag stripper for pages that no parser should see: one pass, no tree, no backtracking."""

import html as entities
import re

MAX_CHARS = 250_000
"""40,000 words: no article is longer, and later stages have to read it all. What a hostile page has beyond it is
dropped, with a warning."""

_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
_TITLE = re.compile(r"<title(?:\s[^>]{0,200})?>([^<]{1,500})</title", re.IGNORECASE)
_HIDDEN = frozenset(
    ["script", "style", "noscript", "template", "svg", "math", "select", "textarea", "iframe", "object", "head"]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_BLANKS = re.compile(r"[ \t\r\f\v\xa0]+")
_LINES = re.compile(r"(?: ?\n ?)+")


def _pieces(html: str, max_chars: int) -> list[str]:
    pieces: list[str] = []
    unclosed: set[str] = set()
    position = length = 0
    while position < len(html) and length <= max_chars:
        opening = html.find("<", position)
        end = len(html) if opening < 0 else opening
        pieces.append(html[position:end])
        length += end - position
        if opening < 0:
            break
        position, separator = _skip_markup(html, opening, unclosed)
        pieces.append(separator)
        length += len(separator)
    return pieces


def _skip_markup(html: str, opening: int, unclosed: set[str]) -> tuple[int, str]:
    """Where the text goes on after the markup that begins at ``opening``, and what stands for it in the text."""
    if html.startswith("<!--", opening):
        end = html.find("-->", opening + 4) if "-->" not in unclosed else -1
        if end < 0:
            unclosed.add("-->")
            return opening + 4, " "
        return end + 3, " "
    tag = _TAG.match(html, opening)
    if tag is None and html[opening + 1 : opening + 2] not in ("!", "?", "/"):
        return opening + 1, "<"
    end = html.find(">", opening) if ">" not in unclosed else -1
    if end < 0:
        unclosed.add(">")
        return (tag.end() if tag else opening + 2), " "
    name = tag[1].lower() if tag else ""
    position = end + 1
    if name in _HIDDEN and html[opening + 1] != "/" and name not in unclosed:
        close = re.compile(f"</{name}", re.IGNORECASE).search(html, position)
        if close is None:  # an element that is never closed hides nothing but its tag
            unclosed.add(name)
        else:
            position = close.start()
    return position, "" if name in _INLINE else "\n"


def find_title(html: str) -> str | None:
    """The content of the first title element, if there is a plain one."""
    match = _TITLE.search(html)
    return " ".join(entities.unescape(match[1]).split()) or None if match else None


def strip_tags(html: str, *, max_chars: int = MAX_CHARS) -> tuple[str, bool]:
    """The text of a page, one line for each block, and whether more was there than is kept.

    Bounded in time and length, whatever the page holds.
    """
    raw = "".join(_pieces(html, max_chars))
    text = entities.unescape(raw[:max_chars])
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip(), len(raw) > max_chars
