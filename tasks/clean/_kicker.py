"""Kicker and subhead: the label above a headline, and the line that goes on below it.

The kicker is taken out of the text, like the headline. The subhead is recorded and stays in it, like the dateline:
what it says often stands nowhere else, and gold texts have it. When unsure, neither is named.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from tasks.clean._applying import Taken
from tasks.clean._head import DATE, find_dateline, same_title
from tasks.clean._layout import text_key
from tasks.clean._passages import Passage
from tasks.clean._stamp import TIME_STAMPS
from tasks.clean._views import is_item, is_prose

_LABEL_WORDS = 4
_LABEL_CHARS = 40
_ENDS = re.compile(r"[.!?…:;,。！？।॥؟۔][\"'”’»)\]]*$")
_HEAD_REGION = 4
_SUBHEAD_WORDS = range(6, 41)
_SENTENCE_WORDS = range(6, 61)
_NO_LINE = re.compile(r"[\d(\[]|.*(?:\s[|]\s|https?:|@\w|:\s)", re.DOTALL)
"""A time, a list of facts ("RRP: £23.99 More info: …"), an address."""
_CLOCK = re.compile(r"\d[:.]\d\d")
_CREDIT = re.compile(
    rf"by\s[A-Z]|.*(?:\bupdated\b|\bmin(?:ute)?s?\sread\b|{DATE},?\s\d{{4}})", re.IGNORECASE | re.DOTALL
)
"""Who wrote it and when, in elements that are called subheads."""
_BETWEEN = TIME_STAMPS | {"byline"}
"""What stands below a subhead, and not below a first paragraph."""
_STORY_PARAGRAPHS = 2
_KICKER_CLASS = re.compile(r"(?<![a-z])(?:kicker|eyebrow|overline|rubric|topline)(?![a-z])")
_SUBHEAD_CLASS = re.compile(
    r"(?<![a-z])(?:stand-?first|sub-?head(?:line)?|sub-?title|dek|deck|article-?(?:summary|intro|lead)|alternativeheadline"
    r"|sapo|chapo|perex|preamble|ingress|vorspann|entradilla|bajada|copete|sommario|occhiello|zajawka|entry-?(?:summary|lead))(?![a-z])"
)
_LEAD_TAGS = frozenset(["p", "div", "h2", "h3", "h4", "span"])
_LEAD_INSIDE = 8
_LEAD_BELOW = 80
_ABOVE, _BELOW = 8, 40
"""Elements looked at on either side of the headline."""


def _is_label(text: str) -> bool:
    is_short = len(text) <= _LABEL_CHARS and text.count(" ") < _LABEL_WORDS
    return is_short and not _ENDS.search(text) and not _CLOCK.search(text) and text[:1].isalnum()


def take_kicker(
    passages: Sequence[Passage], taken: Sequence[Taken], known: str | None
) -> tuple[list[Passage], list[Taken]]:
    """Take the label above the headline off the text.

    Args:
        passages: What is left of the text.
        taken: What was taken so far; where the headline is among it, a label above it is its kicker.
        known: The kicker of the page, which the text may repeat at its head.
    """
    headline = min((one.passage.start for one in taken if one.rule == "headline"), default=0)
    found = [
        passage
        for passage in passages[:_HEAD_REGION]
        if (known and passage.text.casefold() == known.casefold())
        or (passage.end <= headline and _is_label(passage.text))
    ]
    if len(found) == len(passages):
        return list(passages), []
    return [one for one in passages if one not in found], [Taken("kicker", passage) for passage in found]


def named_kicker(taken: Sequence[Taken]) -> list[Taken]:
    """The record with the label right above the headline called by its name; a rule for labels may have taken it."""
    headline = min((one.passage.start for one in taken if one.rule == "headline"), default=0)
    above = [one for one in taken if one.rule == "head_labels" and one.passage.end <= headline]
    if not above or any(one.rule == "kicker" for one in taken):
        return list(taken)
    nearest = max(above, key=lambda one: one.passage.end)
    return [Taken("kicker", one.passage) if one is nearest else one for one in taken]


def _is_unended(text: str, below: str) -> bool:
    """A line without a full stop above a paragraph that does not go on with it."""
    if text.count(" ") + 1 not in _SUBHEAD_WORDS or _ENDS.search(text) or text.isupper() or text[0].islower():
        return False
    return is_prose(below) and not below[0].islower()


def find_subhead(passages: Sequence[Passage], title: str | None, taken: Sequence[Taken]) -> str | None:
    """The line between headline and story: one without a full stop, or a sentence with the byline or dateline below."""
    if title is None or len(passages) < 2 or passages[0].is_piece:  # noqa: PLR2004 - a subhead and a story
        return None
    first, below = passages[0], passages[1]
    text = first.text
    if _NO_LINE.match(text) or _CREDIT.match(text) or is_item(text) or find_dateline(text) or same_title(text, title):
        return None
    if sum(is_prose(passage.text) for passage in passages[1:]) < _STORY_PARAGRAPHS:
        return None
    if _is_unended(text, below.text):
        return text
    has_headline = any(one.rule == "headline" and one.passage.end <= first.start for one in taken)
    parted = any(one.rule in _BETWEEN and first.end <= one.passage.start < below.start for one in taken)
    is_sentence = text.count(" ") + 1 in _SENTENCE_WORDS
    return text if has_headline and is_sentence and (parted or find_dateline(below.text)) else None


def _called(element: HtmlElement, name: re.Pattern[str]) -> bool:
    return name.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()) is not None


def _text(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _above(headline: HtmlElement) -> Iterator[HtmlElement]:
    """The elements before the headline, the nearest first."""
    for around in islice((headline, *headline.iterancestors()), 3):
        for sibling in around.itersiblings(preceding=True):
            yield from (inner for inner in sibling.iter() if isinstance(inner.tag, str))


def read_kicker(headline: HtmlElement) -> str | None:
    """The kicker that a page marks as one, above its headline."""
    marked = (_text(one) for one in islice(_above(headline), _ABOVE) if _called(one, _KICKER_CLASS))
    return next((text for text in marked if text and _is_label(text)), None)


def read_subhead(headline: HtmlElement, below: Iterator[HtmlElement]) -> str | None:
    """The subhead of a page: what it marks as one below the headline, or a smaller heading right below it.

    Args:
        headline: The page's headline.
        below: The elements behind it, in their order.
    """
    for index, element in enumerate(islice(below, _BELOW)):
        is_heading = headline.tag == "h1" and element.tag == "h2" and index == 0
        if not is_heading and not _called(element, _SUBHEAD_CLASS):
            if element.tag == "p" and is_prose(_text(element)):
                return None
            continue
        text = _text(element)
        is_sentence = text.count(" ") + 1 in _SENTENCE_WORDS and not _CREDIT.match(text)
        if is_sentence and not same_title(text, _text(headline)):
            return text
    return None


def read_lead(below: Iterator[HtmlElement], descriptions: Collection[str]) -> str | None:
    """What stands below the headline and is how the page's data describes it.

    Whether that is the subhead or the first paragraph, the page does not say: it is the subhead of a text without it.

    Args:
        below: The elements behind the headline, in their order.
        descriptions: How the page describes itself, in letters and digits alone.
    """
    for element in islice(below, _LEAD_BELOW) if descriptions else ():
        if element.tag in _LEAD_TAGS and next(islice(element.iter(), _LEAD_INSIDE, None), None) is None:
            text = _text(element)
            if text.count(" ") + 1 in _SENTENCE_WORDS and text_key(text) in descriptions:
                return text
    return None
