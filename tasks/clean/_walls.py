"""What a page's data says of its wall: that the article is not free, which parts are not, how long the whole is.

schema.org's ``isAccessibleForFree`` with ``hasPart`` and ``cssSelector``, as search engines ask publishers for it
(Google Search Central, "Subscription and paywalled content"), and ``article:content_tier``. A page may say so and still
hold the whole story, hidden or for a reader who has paid: what counts is whether the parts are there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from lxml.html import HtmlElement

from tasks.clean._linked_data import Fields, texts
from tasks.clean._views import count_words

_LOCKED: Final = frozenset({"locked", "metered", "premium", "paid"})
_SELECTOR: Final = re.compile(
    r"(?P<tag>[a-z][a-z0-9]*)?(?:(?P<kind>[.#])(?P<name>[\w-]+))?(?:\[(?P<attribute>[\w-]+)\])?", re.ASCII
)
_SELECTORS: Final = 8
_HOLDERS: Final = 50
"""Parts that are looked for, and elements that are looked into for each: pages name one or two, and a hostile page
thousands, each of which would be held against every element."""
_SHOWN_WORDS: Final = 20
"""Less in a part is a notice, or an ellipsis."""
_WHOLE_WORDS: Final = 400
"""So much is no teaser, whatever the page says."""
_UNTOLD_WORDS: Final = 100
"""A page that is not free and does not say which part of it is: briefs are rarely behind a wall."""
_LONGER: Final = 1.5
_LACKING: Final = 100


@dataclass(frozen=True, slots=True)
class Wall:
    """An article that is not free.

    ``shows_parts``: whether the parts for subscribers are in the page; unknown where it does not say which they are.
    ``body_words`` and ``told_words``: of the body in the page's data, and as the data says; 0 where it says nothing.
    """

    shows_parts: bool | None
    body_words: int = 0
    told_words: int = 0

    def cuts(self, words: int) -> bool:
        """Whether a text of so many words is only the part that everybody may read."""
        if _is_longer(self.body_words, words):
            return True
        if words > _WHOLE_WORDS:
            return False
        if _is_longer(self.told_words, words) or self.shows_parts is False:
            return True
        return self.shows_parts is None and words <= _UNTOLD_WORDS


def _is_longer(whole: int, words: int) -> bool:
    return whole >= _LONGER * words and whole - words >= _LACKING


def read_wall(tree: HtmlElement, article: Fields, tiers: Sequence[str]) -> Wall | None:
    """The wall of a page; ``None`` where it does not say that it has one.

    Args:
        tree: The page.
        article: Its JSON-LD.
        tiers: Values of ``article:content_tier``.
    """
    free = article.get("isAccessibleForFree")
    if not (_is_no(free) or (free is None and any(tier.strip().lower() in _LOCKED for tier in tiers))):
        return None
    body = " ".join(texts(article.get("articleBody")))
    return Wall(_shows_parts(tree, article), count_words(" ".join(body.split())) if body else 0, _number(article))


def _is_no(value: Any) -> bool:
    return str(value).rsplit("/", 1)[-1].lower() in ("false", "no")


def _number(article: Fields) -> int:
    told = str(article.get("wordCount") or "")
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 6 else 0  # noqa: PLR2004 - digits


def _selectors(article: Fields) -> Iterator[str]:
    parts = article.get("hasPart")
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, Mapping) and _is_no(part.get("isAccessibleForFree")):
            for told in texts(part.get("cssSelector")):
                yield from filter(None, map(str.strip, told.split(",")))


def _shows_parts(tree: HtmlElement, article: Fields) -> bool | None:
    matches = [_SELECTOR.fullmatch(one.split()[-1].split(">")[-1]) for one in islice(_selectors(article), _SELECTORS)]
    if not matches or not all(match and match[0] for match in matches):
        return None
    return any(_holds_words(tree, match) for match in matches if match)


def _holds_words(tree: HtmlElement, selector: re.Match[str]) -> bool:
    holders = islice(_selected(tree, selector), _HOLDERS)
    return any(count_words(" ".join(element.text_content().split())) >= _SHOWN_WORDS for element in holders)


def _selected(tree: HtmlElement, selector: re.Match[str]) -> Iterator[HtmlElement]:
    kind, name, attribute = selector["kind"], selector["name"], selector["attribute"]
    for element in tree.iter(selector["tag"] or "*"):
        if not isinstance(element.tag, str) or (attribute and element.get(attribute) is None):
            continue
        if kind == "#" and element.get("id") != name:
            continue
        if kind == "." and name not in (element.get("class") or "").split():
            continue
        yield element
