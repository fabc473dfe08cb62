"""From mentions to entities: name, id, mentions and salience of everything the article names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from math import log1p
from typing import NamedTuple

from schemas import Entities, Entity, Label, Mention, Part
from tasks.entities._aliases import link_aliases
from tasks.entities._context import Context
from tasks.entities._dates import resolve_date
from tasks.entities._explained import explained
from tasks.entities._money import read_money
from tasks.entities._rules import Passage
from tasks.entities.recognizer import Span

_FREQUENCY, _EARLINESS, _TITLE = 0.5, 0.3, 0.2
"""Weights of salience. How often, how early and whether in the headline: strong features of entity salience in the news
(J. Dunietz and D. Gillick, A new entity salience task, 2014); the weights are ours and fitted to nothing."""


class Found(NamedTuple):
    """A mention, what kind of thing it names, and the date or amount that it says."""

    mention: Mention
    label: Label
    subtype: str | None
    value: str | None


def merge(passages: Sequence[Passage], published: date) -> Entities:
    """Put together the mentions that name the same thing; most salient first, then in order of first mention."""
    found = list(_mentions(passages, published))
    groups: dict[int, list[Found]] = defaultdict(list)
    named = [(one.mention.text, one.label) for one in found]
    texts = {passage.part: passage.text for passage in passages}
    told = explained(texts, [(one.mention, one.label) for one in found])
    aliases = link_aliases(named, [one.value for one in found], told)
    for number, one in zip(aliases.groups, found, strict=True):
        groups[number].append(one)
    most = max((len(group) for group in groups.values()), default=1)
    length = max((len(passage.text) for passage in passages if passage.part is Part.TEXT), default=0)
    entities = [
        _entity(group, aliases.names[number], aliases.keys[number], _salience(group, most, length))
        for number, group in groups.items()
    ]
    return Entities(entities=tuple(sorted(entities, key=lambda entity: -entity.salience)))


def _mentions(passages: Sequence[Passage], published: date) -> Iterator[Found]:
    for passage in sorted(passages, key=lambda passage: passage.part is not Part.TITLE):
        for span in passage.spans:
            text = passage.text[span.start : span.end]
            mention = Mention(start=span.start, end=span.end, text=text, part=passage.part)
            yield Found(mention, span.label, span.subtype, _value(passage, span, published))


def _value(passage: Passage, span: Span, published: date) -> str | None:
    if span.label is Label.DATE:
        surface = passage.text[span.start : span.end]
        return resolve_date(surface, Context.around(passage.text, span.start, span.end, published))
    if span.label is Label.MONEY:
        return read_money(passage.text[span.start : span.end])
    return None


def _entity(group: list[Found], forms: frozenset[str], key: str, salience: float) -> Entity:
    mentions = tuple(one.mention for one in group)
    label = group[0].label
    value = next((one.value for one in group if one.value), None)
    if value:
        forms = frozenset({max(forms, key=lambda form: (len(form), form))})
    return Entity(
        id=f"{label.lower()}:{key}",
        label=label,
        subtype=_subtype(group),
        name=_name(mentions, forms),
        mentions=mentions,
        count=len(mentions),
        salience=salience,
        value=value,
    )


def _subtype(group: list[Found]) -> str | None:
    """Return the subtype that more than half of the mentions have."""
    subtype, count = Counter(one.subtype for one in group).most_common(1)[0]
    return subtype if 2 * count > len(group) else None


def _name(mentions: Sequence[Mention], forms: frozenset[str]) -> str:
    """Choose the most frequent writing of the fullest form: "Kisumu" before "KISUMU", body before headline."""
    full = [mention for mention in mentions if mention.text in forms]
    usual = [mention for mention in full if not mention.text.isupper()] or full
    body = [mention for mention in usual if mention.part is Part.TEXT] or usual
    return Counter(" ".join(mention.text.split()) for mention in body).most_common(1)[0][0]


def _salience(group: Sequence[Found], most: int, length: int) -> float:
    """Return how central an entity is, from 0 to 1: see the weights above and the stage's README."""
    first = group[0].mention
    in_title = first.part is Part.TITLE
    frequency = log1p(len(group)) / log1p(most)
    earliness = 1.0 if in_title else 1.0 - first.start / max(length, 1)
    return round(_FREQUENCY * frequency + _EARLINESS * earliness + _TITLE * in_title, 3)
