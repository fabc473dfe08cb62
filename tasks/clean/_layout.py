"""Decisions on each line of an extracted text by where it stands in the page.

Extractors judge a block by its own looks. Seen from the place where most of the article stands, other things show:
lines from a box of another kind (a newsletter's, one behind the article's container) are foreign; a heading over a
paragraph of the article, or a post that is quoted between two, belongs to it. README.md has the figures, also of what
did not help.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise, zip_longest

from lxml.html import HtmlElement

from tasks.clean._furniture import is_furniture, lists_stories
from tasks.clean._views import count_words

_NOT_WORD = re.compile(r"\W+")
_BLOCKS = (
    "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "td", "th", "dd", "dt", "div", "figcaption",
    "section", "article", "main", "ul", "ol", "table", "tr", "aside", "header", "footer", "form", "nav", "figure",
)  # fmt: skip
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_HEADING_WORDS = 30
_HEADING_REACH = 2
"""A heading belongs to the next block, or to the one after a picture's line that the text lacks."""
_INLINE_DEPTH = 6
"""So many inline elements may stand between a block and the block around it."""
_AHEAD = 200
"""A line is looked for among so many blocks after the one before it; beyond, the text is out of the page's order."""
_FOREIGN = re.compile(
    r"newsletter|sign-?up|promo|\bcta\b|[-_]cta|cta[-_]|caption|popup|modal|tooltip|disclos|breadcrumb|byline|author|autor|auteur"
    r"|\bbio\b|subscri|access-wall|paywall__|next_article|prev_next|more-topic|carousel|advert|sponsor|footer|print-"
    r"|(?<!elementor[-_])widget|inlinesign|whatsapp|(?:fact|info|[-_\s])box(?:\s|$)"
    r"|(?<![a-z])teaser|media-?info|consent|opt-?in(?![a-z])|external-?(?:content|embed)"
)
"""Class and id words of the foreign. Anywhere in a page they cost more than they bring (measurements F3); on containers
that do not hold the article's main place, 19 lines in 20 under them are no article on the development pages."""
_FOREIGN_TAGS = frozenset(["form", "figcaption", "nav"])
_MAX_FOREIGN = 0.25
"""Share of the words: where more would go, the main place is not what it was taken for."""
_JOINERS = re.compile("[\u200c-\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that shape words of Persian and Hindi, and directions: the extractor drops what does not print."""
_LABEL_WORDS = 4
_LINK_WORDS = 4
_SURE_MAIN = 0.8
_MAX_TAIL = 0.1
_TAIL_DEPTH = 2
_MAX_LINES = 2_000
_SHORT_TEXT_WORDS = 500
_BELOW = 8
_BELOW_CHARS = 200


def text_key(text: str) -> str:
    """The letters and digits alone: what extractors do to blanks and quotes does not matter."""
    return _NOT_WORD.sub("", text.casefold())


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A block of the page with no block inside it."""

    index: int
    element: HtmlElement
    text: str
    key: str

    @property
    def words(self) -> int:
        """How many words it has."""
        return count_words(self.text)


def _holds(outer: HtmlElement, inner: HtmlElement) -> bool:
    """Whether the next block of the page stands within this one."""
    for _ in range(_INLINE_DEPTH):
        inner = inner.getparent()
        if inner is None or inner is outer:
            return inner is not None
    return False


def read_leaves(tree: HtmlElement) -> list[Leaf]:
    """The innermost blocks of a page that have words, in their order."""
    elements = list(tree.iter(*_BLOCKS))
    leaves: list[Leaf] = []
    for element, below in zip_longest(elements, elements[1:]):
        if below is not None and _holds(element, below):
            continue
        text = " ".join(element.text_content().split())
        if key := text_key(text):
            leaves.append(Leaf(len(leaves), element, text, key))
    return leaves


def _matched(lines: Sequence[str], leaves: Sequence[Leaf]) -> list[Leaf | None]:
    """The leaf that each line is, if one of them has the same letters."""
    known: defaultdict[str, list[Leaf]] = defaultdict(list)
    for one in reversed(leaves):
        known[one.key].append(one)
    found: list[Leaf | None] = []
    last = -1
    for line in lines:
        here = known.get(text_key(line), [])
        while len(here) > 1 and here[-1].index <= last:
            here.pop()
        leaf = here.pop() if here else None
        if leaf is not None and (last < 0 or last < leaf.index < last + _AHEAD):
            last = leaf.index
        found.append(leaf)
    return found


class _Place:
    """Where most of the article stands: the element around most of its words."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        words: defaultdict[HtmlElement, int] = defaultdict(int)
        for leaf in leaves:
            words[leaf.element.getparent()] += leaf.words
        self.main = max(words, key=words.__getitem__)
        self.words = sum(words.values())
        self.share = words[self.main] / self.words
        self._around = {self.main, *self.main.iterancestors()}

    def outside(self, leaf: Leaf) -> list[HtmlElement]:
        """The leaf and its containers, up to the first one that the main place is or stands in."""
        containers = [leaf.element]
        for container in leaf.element.iterancestors():
            if container in self._around:
                break
            containers.append(container)
        return containers

    def is_inside(self, leaf: Leaf) -> bool:
        """Whether the leaf stands in the main place, however deep."""
        return any(container is self.main for container in leaf.element.iterancestors())


def _is_foreign(containers: Sequence[HtmlElement]) -> bool:
    return any(
        container.tag in _FOREIGN_TAGS
        or _FOREIGN.search(f"{container.get('class') or ''} {container.get('id') or ''}".lower())
        for container in containers
    )


def is_labelled_link(leaf: Leaf) -> bool:
    """Whether it is a short label with a colon and then one link to its end: "Another view: Why I stay".

    A link of few words ("Tickets: at the door") or to a sentence is the article's.
    """
    links = list(islice(leaf.element.iter("a"), 2))
    if leaf.element.tag in ("li", "dd", "td") or len(links) != 1:
        return False
    linked = " ".join(links[0].text_content().split())
    label = leaf.text.removesuffix(linked).rstrip() if linked else leaf.text
    is_label = label.endswith((":", "：")) and count_words(label) <= _LABEL_WORDS
    return is_label and label != leaf.text and count_words(linked) >= _LINK_WORDS and linked[-1] not in ".!”"


def _foreign(found: Sequence[Leaf | None], place: _Place, host: str) -> set[int]:
    """The lines that come from boxes of another kind."""
    lines = {
        n
        for n, leaf in enumerate(found)
        if leaf is not None
        and (_is_foreign(place.outside(leaf)) or is_labelled_link(leaf) or is_furniture(leaf.element, host))
    }
    lines |= _listed_stories(found, place, host)
    words = sum(leaf.words for n in lines if (leaf := found[n]) is not None)
    return lines if words <= _MAX_FOREIGN * place.words else set()


def _listed_stories(found: Sequence[Leaf | None], place: _Place, host: str) -> set[int]:
    """The lines of lists that are nothing but headlines of the same site."""
    lists: defaultdict[HtmlElement, list[int]] = defaultdict(list)
    for n, leaf in enumerate(found):
        around = None if leaf is None else next(leaf.element.iterancestors("ul"), None)
        if around is not None and around is not place.main:
            lists[around].append(n)
    return {n for around, lines in lists.items() if lists_stories(around, host) for n in lines}


def _tail(found: Sequence[Leaf | None], place: _Place) -> set[int]:
    """The last lines, where they stand in containers of their own and the article has a place that is surely its."""
    lines: set[int] = set()
    words = 0
    if place.share < _SURE_MAIN:
        return lines
    for n in range(len(found) - 1, -1, -1):
        leaf = found[n]
        if leaf is None or place.is_inside(leaf) or len(place.outside(leaf)) < _TAIL_DEPTH:
            break
        lines.add(n)
        words += leaf.words
    return lines if words <= _MAX_TAIL * place.words else set()


def _near(one: Leaf, other: Leaf) -> bool:
    """Whether both stand in the same container, or one of them one level deeper."""
    parents = (one.element.getparent(), other.element.getparent())
    return parents[0] is parents[1] or parents[0] is parents[1].getparent() or parents[0].getparent() is parents[1]


def _is_lost_heading(leaf: Leaf, below: Leaf | None, place: _Place) -> bool:
    """Whether it is a heading over a block that the text has."""
    if below is None or leaf.element.tag not in _HEADINGS or leaf.words > _HEADING_WORDS:
        return False
    if leaf.element.getparent().tag == "a" or next(leaf.element.iter("a"), None) is not None:
        return False
    return _near(leaf, below) and not _is_foreign(place.outside(leaf))


def _is_post(leaf: Leaf) -> bool:
    """Whether it is part of a post of a social network that the article quotes."""
    quotes = (container for container in leaf.element.iterancestors("blockquote"))
    return any("twitter-tweet" in (quote.get("class") or "") for quote in quotes)


def _lost(
    leaves: Sequence[Leaf], found: Sequence[Leaf | None], place: _Place, known: set[str]
) -> Iterator[tuple[int, str]]:
    """Headings and quoted posts that the text lacks between its blocks: the line they belong above, and their text."""
    line_of = {leaf.index: n for n, leaf in enumerate(found) if leaf is not None}
    for above, below in pairwise(sorted(line_of)):
        for leaf in leaves[above + 1 : below]:
            under = leaves[below] if below <= leaf.index + _HEADING_REACH else None
            if leaf.key not in known and (_is_lost_heading(leaf, under, place) or _is_post(leaf)):
                known.add(leaf.key)
                yield line_of[below], leaf.text


def _is_torn(line: str, whole: str) -> bool:
    """Whether an extractor dropped joiners from a line, or took the large first letter of a word for a word."""
    return _JOINERS.search(whole) is not None or (line[1:2] == " " and line[:1].isupper() and whole[1:2].islower())


def short_lines_below(text: str, leaves: Sequence[Leaf]) -> str:
    """The short blocks right below the last line of a text that is short itself; none where the text is long."""
    if count_words(text) > _SHORT_TEXT_WORDS:
        return ""
    last = text_key(text.rstrip().rpartition("\n")[2])
    place = next((leaf.index for leaf in reversed(leaves) if leaf.key == last), None)
    if place is None:
        return ""
    return "\n".join(leaf.text for leaf in leaves[place + 1 : place + 1 + _BELOW] if len(leaf.text) <= _BELOW_CHARS)


def arrange(text: str, leaves: Sequence[Leaf], host: str = "") -> str:
    """The text without its foreign lines, and with the headings and quoted posts that it lost.

    Args:
        text: What an extractor found, one line for each block.
        leaves: The page's innermost blocks.
        host: Of the page, if it is known.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > _MAX_LINES:
        return text
    found = _matched(lines, leaves)
    lines = [leaf.text if leaf and _is_torn(line, leaf.text) else line for line, leaf in zip(lines, found, strict=True)]
    have = [leaf for leaf in found if leaf is not None]
    if not have:
        return text
    place = _Place(have)
    foreign = _foreign(found, place, host) | _tail(found, place)
    above: defaultdict[int, list[str]] = defaultdict(list)
    for n, block in _lost(leaves, found, place, {text_key(line) for line in lines}):
        above[n].append(block)
    kept = ([*above[n], *([] if n in foreign else [line])] for n, line in enumerate(lines))
    return "\n".join(chain.from_iterable(kept))
