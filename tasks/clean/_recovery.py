"""Paragraphs that the extractor lost, found again in the page's own paragraphs and list items.

Two losses are worth repairing (README.md has the figures of those that are not). Within the article: paragraphs and
list items that only the extractor's generous mode finds are taken from it. After it: stories whose body is in several
containers of the same kind lose all but one; paragraphs go on where theirs are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from lxml.html import HtmlElement

from tasks.clean._views import count_words, is_item, is_prose

_NOT_WORD = re.compile(r"\W+")
_MIN_CHARS = 20
PARAGRAPH_CHARS = 40
_LINK_SHARE = 0.5
_MARGINS = frozenset(["aside", "footer", "nav", "figure", "figcaption", "form"])
_PLACE_DEPTH = 3
_PLACE_SHARE = 0.2
"""Of the words of a place; .1 to .3 give the same pages. At .5 the pages that need it most are not recovered."""
_PLACE_ACCEPTED = 2
_REST_WORDS = 100
"""Less may be a note on the author. Any value from 60 to 300 gives the same result on the development pages."""
_MAX_LINES = 2_000
_PARTED_BLOCKS = 3
_PARTED_SHARE = 0.7
"""Of the letters of a text on one line: where its blocks have less, the story stands in none of them (opinion)."""

Place = tuple[tuple[str, str], ...]


def _key(text: str) -> str:
    """The letters and digits alone: what extractors do to blanks and quotes does not matter."""
    return _NOT_WORD.sub("", text.casefold())


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or list item of a page that is not mostly links.

    ``place`` is the kind of its containers: their names and classes, without the classes that number them.
    ``article`` is the article element around it: a page may go on with the next story in the same kind of place.
    """

    text: str
    key: str
    is_paragraph: bool
    in_margin: bool
    place: Place
    article: HtmlElement | None = None

    @property
    def words(self) -> int:
        """How many words it has."""
        return count_words(self.text)


def _name(element: HtmlElement) -> tuple[str, str]:
    classes = (element.get("class") or "").split()
    return str(element.tag), " ".join(name for name in classes if not any(map(str.isdigit, name)))


def _block(element: HtmlElement, text: str) -> Block:
    containers = list(element.iterancestors())
    in_margin = any(container.tag in _MARGINS for container in containers)
    article = next((container for container in containers if container.tag == "article"), None)
    return Block(text, _key(text), element.tag == "p", in_margin, tuple(map(_name, containers[:_PLACE_DEPTH])), article)


def read_blocks(tree: HtmlElement) -> list[Block]:
    """The page's paragraphs and list items in their order."""
    found = []
    for element in tree.iter("p", "li"):
        text = " ".join(element.text_content().split())
        if len(text) > _MIN_CHARS:
            linked = sum(len(link.text_content()) for link in element.iter("a"))
            if linked < _LINK_SHARE * len(text):
                found.append(_block(element, text))
    return found


def parted(text: str, blocks: Sequence[Block]) -> str:
    """A text that is one line, as the page's blocks that it consists of: a fallback writes a whole page on one."""
    line = text.strip()
    if "\n" in line or not line:
        return text
    whole = _key(line)
    held = [block for block in blocks if not block.in_margin and block.key in whole]
    if len(held) < _PARTED_BLOCKS or sum(len(block.key) for block in held) < _PARTED_SHARE * len(whole):
        return text
    return "\n".join(block.text for block in held)


def _span(accepted: Sequence[bool]) -> tuple[int, int]:
    """The first and the last block that the text has."""
    last = len(accepted) - 1 - list(reversed(accepted)).index(True)
    return accepted.index(True), last


def lost_beside(text: str, blocks: Sequence[Block]) -> int:
    """How many words of paragraphs the text lacks that stand in the same kinds of place as those that it has."""
    whole = _key(text)
    paragraphs = [block for block in blocks if block.is_paragraph and not block.in_margin]
    places = {block.place for block in paragraphs if block.key in whole}
    lost = (block for block in paragraphs if block.place in places and block.key not in whole)
    return sum(block.words for block in lost if len(block.text) > PARAGRAPH_CHARS)


def lost_within(text: str, blocks: Sequence[Block]) -> int:
    """How many words of the page's blocks the text lacks, between its first and its last one."""
    whole = _key(text)
    inner = [block for block in blocks if not block.in_margin]
    accepted = [block.key in whole for block in inner]
    if not any(accepted):
        return 0
    first, last = _span(accepted)
    return sum(block.words for block, has in zip(inner[first:last], accepted[first:last], strict=True) if not has)


def _inserted(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[str]:
    keys = [_key(line) for line in ours]
    whole = "".join(keys)
    their_keys = [_key(line) for line in theirs]
    for kind, start, end, their_start, their_end in SequenceMatcher(None, keys, their_keys, False).get_opcodes():
        yield from ours[start:end]
        if kind == "insert" and 0 < start < len(ours):
            new = zip(theirs[their_start:their_end], their_keys[their_start:their_end], strict=True)
            yield from (line for line, key in new if (is_prose(line) or is_item(line)) and key not in whole)


def merge(text: str, generous: str) -> str:
    """The text with the paragraphs and list items that a more generous one has between its lines."""
    ours = [line for line in text.splitlines() if line.strip()]
    theirs = [" ".join(line.split()) for line in generous.splitlines() if line.strip()]
    if max(len(ours), len(theirs)) > _MAX_LINES:
        return text
    return "\n".join(_inserted(ours, theirs))


def _article_places(blocks: Sequence[Block], accepted: Sequence[bool]) -> set[Place]:
    """The places where the text's paragraphs are, and not only by chance."""
    words: dict[Place, int] = {}
    taken: dict[Place, list[int]] = {}
    for block, has in zip(blocks, accepted, strict=True):
        words[block.place] = words.get(block.place, 0) + block.words
        if has:
            taken.setdefault(block.place, []).append(block.words)
    return {
        place
        for place, known in taken.items()
        if len(known) >= _PLACE_ACCEPTED and sum(known) >= _PLACE_SHARE * words[place]
    }


def with_rest(text: str, blocks: Sequence[Block]) -> str:
    """The text, and the paragraphs after its last one that stand in the same kind of place, if they are many."""
    whole = _key(text)
    paragraphs = [block for block in blocks if block.is_paragraph and not block.in_margin]
    accepted = [block.key in whole for block in paragraphs]
    if not any(accepted) or accepted[-1]:
        return text
    places = _article_places(paragraphs, accepted)
    last = _span(accepted)[1]
    below = [block for block in paragraphs[last + 1 :] if block.article is paragraphs[last].article]
    rest = [block for block in below if block.place in places and len(block.text) >= PARAGRAPH_CHARS]
    if sum(block.words for block in rest) < _REST_WORDS:
        return text
    return "\n".join([text.rstrip(), *dict.fromkeys(block.text for block in rest)])
