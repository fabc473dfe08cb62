"""What the rest of an article, and common knowledge, say against a label: the recognizer reads sentences.

It takes words of a headline in title case for names ("Old Cannery" over a text about the old cannery), a surname there
for a body, and what it saw too seldom for the wrong kind of thing.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from schemas import Label, Part
from tasks.entities._names import fold, listed, person_name
from tasks.entities._rules import Passage, Passages, stands_like_a_place
from tasks.entities.recognizer import Span

_SHIPPED = Path(__file__).parent / "data" / "known_names.toml"
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,255}|(?<!\w)(?:https?://|www\.)\S{1,500}")
_WORD = re.compile(r"\w+")
_NAMED = frozenset({Label.PERSON, Label.ORG, Label.LOC, Label.PRODUCT, Label.MISC})
_FEASTS = listed("easter christmas thanksgiving ramadan passover hanukkah diwali lent whitsun")
_BEGINS = re.compile(r"(?:^|[.!?:]\s|[.!?][\"”’]\s|\n)[\"“‘'(]*$")
_LOOK_BACK = 4
_OF_BODIES = ("royal ", "national ", "united ", "central ", "american ", "international ")
"""What no person's name begins with."""


def doubt(passages: Passages) -> Passages:
    """Drop what the article itself shows to be no name, and put right what it or common knowledge says is another."""
    small, bodies, surnames = set(_written_small(passages)), set(_words_of_bodies(passages)), set(_surnames(passages))
    kept = [passage._replace(spans=[*_names_only(passage, small)]) for passage in passages]

    def relabelled(passage: Passage, span: Span) -> Span:
        key = fold(passage.text[span.start : span.end])
        if span.label in (Label.PERSON, Label.ORG, Label.LOC) and key in _FEASTS:
            return span._replace(label=Label.DATE)
        if passage.part is Part.TITLE and _is_surname(passage, span, surnames - bodies):
            return span._replace(label=Label.PERSON)
        return span._replace(label=_known_label(key, span.label, surnames))

    return _each(kept, relabelled)


def _each(passages: Passages, change: Callable[[Passage, Span], Span]) -> Passages:
    return [passage._replace(spans=[change(passage, span) for span in passage.spans]) for passage in passages]


def _spans(passages: Passages, *labels: Label) -> Iterator[tuple[Passage, Span, str]]:
    for passage in passages:
        for span in passage.spans:
            if span.label in labels:
                yield passage, span, fold(passage.text[span.start : span.end])


def _surnames(passages: Passages) -> Iterator[str]:
    for _, _, key in _spans(passages, Label.PERSON):
        words = person_name(key).words
        if len(words) > 1:
            yield words[-1]


def _words_of_bodies(passages: Passages) -> Iterator[str]:
    """Words of longer names of organisations: beside "Ford Motor", "Ford" may be either."""
    for _, _, key in _spans(passages, Label.ORG):
        if " " in key:
            yield from key.split()


def _is_surname(passage: Passage, span: Span, surnames: set[str]) -> bool:
    words = person_name(fold(passage.text[span.start : span.end])).words
    is_other = span.label in (Label.ORG, Label.LOC) and len(words) == 1 and words[0] in surnames
    return is_other and not stands_like_a_place(passage.text, span)


def _written_small(passages: Passages) -> Iterable[str]:
    """What stands large only in the headline or at the beginning of a sentence, and small within the text."""
    text = next((passage.text for passage in passages if passage.part is Part.TEXT), "")
    suspects: set[str] = set()
    sure: set[str] = set()
    for passage in passages:
        for span in passage.spans:
            if span.label in _NAMED:
                surface = passage.text[span.start : span.end]
                (suspects if _may_be_large_anyway(passage, span) else sure).add(surface.lower())
    unsure = suspects - sure
    words = set(_WORD.findall(text)) if unsure else set()
    return (name for name in unsure if words.issuperset(_WORD.findall(name)) and _stands_small(name, text))


def _may_be_large_anyway(passage: Passage, span: Span) -> bool:
    if passage.part is Part.TITLE:
        return True
    is_word = " " not in passage.text[span.start : span.end]
    return is_word and bool(_BEGINS.search(passage.text[max(0, span.start - _LOOK_BACK) : span.start]))


def _stands_small(name: str, text: str) -> bool:
    """Whether the words of a name, which the text has one by one, stand there together."""
    return bool(_WORD.search(name)) and (name.isalnum() or name in text)


def _names_only(passage: Passage, small: set[str]) -> Iterator[Span]:
    addresses = [match.span() for match in _ADDRESS.finditer(passage.text)] if passage.spans else []
    for span in passage.spans:
        surface = passage.text[span.start : span.end]
        is_small = span.label in _NAMED and surface.lower() in small
        if not is_small and not _is_within(span, addresses):
            yield span


def _is_within(span: Span, ranges: list[tuple[int, int]]) -> bool:
    before = bisect_right(ranges, span.start, key=lambda one: one[0]) - 1
    return before >= 0 and span.start < ranges[before][1]


def _known_label(key: str, label: Label, surnames: set[str]) -> Label:
    """The label of a name that means one thing everywhere, unless the article has a person of that surname."""
    if key in surnames:
        return label
    if label is Label.PERSON and key.startswith(_OF_BODIES):
        return Label.ORG
    organisations, places = _known()
    if key in organisations and label in (Label.PERSON, Label.LOC):
        return Label.ORG
    return Label.LOC if key in places and label is Label.PERSON else label


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    tables = tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))
    organisations, places = (
        frozenset(fold(name) for name in tables[kind].split(",")) for kind in ("organisations", "places")
    )
    return organisations, places
