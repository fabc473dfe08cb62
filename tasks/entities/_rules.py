"""What is put right after the recognizer: an ordered list of small rules over the article's passages.

A passage is the title or the text with its spans. Every rule keeps the spans in order, inside their text and apart.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from schemas import Label, Part
from tasks.entities._names import TITLES, fold, listed, person_name
from tasks.entities.recognizer import Span


class Passage(NamedTuple):
    """A part of the article and the names found in it."""

    part: Part
    text: str
    spans: list[Span]


Passages = list[Passage]
Rule = Callable[[Passages], Passages]

_NAMED = frozenset({Label.PERSON, Label.ORG, Label.LOC, Label.NORP, Label.PRODUCT, Label.MISC})
_WITHOUT_ARTICLE = frozenset({Label.ORG, Label.LOC, Label.NORP})
_ARTICLE = re.compile(r"the\s+(?=\S)")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s$")
_SAINT = re.compile(r"(?:St\.?|Saint)\s")
_LOOSE_END = re.compile(r"[\s,;:]+$")
_NAMELESS = frozenset({"", "the", "a", "an", "this", "that", "of"})
_ADDRESS_ALONE = re.compile(r"(?:Mr|Mrs|Ms|Dr|Sir|Madam|Prof|Sen|Rep|Gov)\.?")
_NUMBER_ALONE = re.compile(r"[\d.,\s]+")
_HONOURS = re.compile(r",?\s(?:MP|MEP|MSP|MLA|QC|KC|OBE|MBE|CBE|KBE|DBE|Ph\.?D\.?|M\.?D\.?|Esq\.?|R\.?N\.?)$")
"""What stands behind a person's name and is not part of it."""

_LEADING_WORD = re.compile(r"(\w+)\.?\s+(?=\w)")
_PART_OF_NAME = listed("saint st pope king queen prince princess sister brother don dona")


def trim_edges(passages: Passages) -> Passages:
    """Leave commas, possessives, a leading "the", titles and honours of persons outside; drop what has no name left."""
    return [passage._replace(spans=_trimmed(passage)) for passage in passages]


def _trimmed(passage: Passage) -> list[Span]:
    spans = (_trim(passage.text, span) for span in passage.spans)
    return [span for span in spans if not _is_nameless(passage.text[span.start : span.end], span.label)]


def _is_nameless(surface: str, label: Label) -> bool:
    if label is Label.MONEY and _NUMBER_ALONE.fullmatch(surface):
        return True
    return surface.lower() in _NAMELESS or (label is Label.PERSON and bool(_ADDRESS_ALONE.fullmatch(surface)))


def _trim(text: str, span: Span) -> Span:
    start, end, label = span[:3]
    if loose := _LOOSE_END.search(text[start:end]):
        end = start + loose.start()
    if label in _WITHOUT_ARTICLE and (article := _ARTICLE.match(text, start, end)):
        start = article.end()
    if label in _NAMED and not _SAINT.match(text, start, end) and (ending := _POSSESSIVE.search(text[start:end])):
        end = start + ending.start()
    while label is Label.PERSON and (word := _LEADING_WORD.match(text, start, end)) and _is_title(word.group(1)):
        start = word.end()
    if (
        label is Label.PERSON
        and (honours := _HONOURS.search(text, start, end))
        and " " in text[start : honours.start()]
    ):
        end = honours.start()
    return span._replace(start=start, end=end)


def _is_title(word: str) -> bool:
    return word.lower() in TITLES and word.lower() not in _PART_OF_NAME


def agree_on_labels(passages: Passages) -> Passages:
    """Give equal names one label where more than half of their mentions have it.

    The recognizer reads windows, not articles, and is least sure in headlines.
    """
    votes: dict[str, Counter[Label]] = defaultdict(Counter)
    for passage in passages:
        for span in passage.spans:
            if span.label in _NAMED:
                votes[_key(passage, span)][span.label] += 1
    winners = {key: label for key, counts in votes.items() if (label := _majority(counts))}
    return [
        passage._replace(spans=[_relabelled(passage, span, winners) for span in passage.spans]) for passage in passages
    ]


def _relabelled(passage: Passage, span: Span, winners: dict[str, Label]) -> Span:
    if span.label not in _NAMED:
        return span
    return span._replace(label=winners.get(_key(passage, span), span.label))


def _key(passage: Passage, span: Span) -> str:
    return fold(passage.text[span.start : span.end])


def _majority(votes: Counter[Label]) -> Label | None:
    label, count = votes.most_common(1)[0]
    return label if 2 * count > votes.total() else None


_LIKE_A_PLACE = re.compile(
    r"(?:\b(?i:in|at|near|from|to|into|around|outside|across|through|throughout|of|toward|towards|downtown|between|"
    r"north|south|east|west|northern|southern|eastern|western)|,)\s(?:the\s)?$"
)
_QUALIFIED = re.compile(r",\s[A-Z]|\s\(|\s[A-Z]")
_OWNING = re.compile(r"['’]")
_LOOK_BACK = 16


def know_surnames(passages: Passages) -> Passages:
    """Make a person of a place that is called like the surname of one named before, unless it stands like a place.

    ``Paul Hammersmith said …``, later ``Hammersmith said``; not ``in Paris``, ``Paris, Texas``, ``Paris Council``.
    """
    named: set[str] = set()
    return [
        passage._replace(spans=[_as_person(passage, span, named) for span in passage.spans]) for passage in passages
    ]


def _as_person(passage: Passage, span: Span, named: set[str]) -> Span:
    words = person_name(_key(passage, span)).words
    if span.label is Label.PERSON and len(words) > 1:
        named.add(words[-1])
    is_surname = span.label is Label.LOC and len(words) == 1 and words[0] in named
    return span._replace(label=Label.PERSON) if is_surname and not stands_like_a_place(passage.text, span) else span


def stands_like_a_place(text: str, span: Span) -> bool:
    """Whether what stands around a name is what stands around places: *in* Paris; Paris, Texas; Paris Council."""
    if _QUALIFIED.match(text, span.end):
        return True
    if _OWNING.match(text, span.end):
        return False  # the reward in Paris' case
    return bool(_LIKE_A_PLACE.search(text[max(0, span.start - _LOOK_BACK) : span.start]))


RULES: tuple[Rule, ...] = (trim_edges, agree_on_labels, know_surnames)
"""The rules in the order in which they run."""


def put_right(passages: Passages, rules: Sequence[Rule] = RULES) -> Passages:
    """Apply the rules one after the other."""
    for rule in rules:
        passages = rule(passages)
    return passages
