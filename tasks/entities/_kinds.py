"""Kinds that the training data does not tell apart, told by a name's own words: buildings, events, works.

The corpora mark buildings as places, and events and works as MISC. A recognizer that knows better is left alone.
"""

from __future__ import annotations

import re

from schemas import Label
from tasks.entities._names import fold, listed
from tasks.entities._rules import Passage, Passages
from tasks.entities.recognizer import FACILITY, Span

_BUILDINGS = listed(
    """abbey airfield airport amphitheatre aquarium arena auditorium avenue barracks basilica boulevard bridge
    building bunker cathedral cemetery chapel church clinic convent courthouse crematorium dam dockyard embassy
    expressway factory fortress freeway gallery hall highway hospital hotel interchange jail library lighthouse
    mansion mausoleum memorial mill monastery monument mosque motorway museum observatory palace pier
    planetarium plaza prison pyramid quay racecourse raceway refinery runway shipyard shrine skyscraper speedway
    square stadium street subway synagogue temple terminal theater theatre tower turnpike velodrome viaduct
    villa warehouse wharf zoo"""
)
_NOT_BUILDINGS = frozenset({"church of england", "church of scotland", "beaver dam"})

_EVENTS = listed(
    """biennale blitz carnival championship championships coronation coup cyclone derby earthquake election
    elections epidemic eruption famine festival finals genocide hurricane inauguration marathon massacre mutiny
    olympics pandemic paralympics playoffs plebiscite primaries protests rebellion referendum revolution riots
    summit tournament tsunami typhoon uprising war wars"""
)
_EVENT = re.compile(
    r"(?:battle|siege|fall|invasion|liberation|occupation|annexation|partition) of .+"
    r"|(?:operation|hurricane|typhoon|cyclone|tropical storm) \w+(?: \w+)?"
    r"|super bowl(?: \w+)?|.*\b(?:world cup|world series|olympic games|grand prix|world war [i\d]+|tour de \w+)"
    r"|.*\b(?:crisis|bombings?|attacks|disaster|spill) of (?:1\d|20)\d\d"
    r"|(?:1\d|20)\d\d .*\b(?:crisis|bombings?|attacks)"
)
_NOT_EVENTS = frozenset({"star wars"})
_OPENING, _CLOSING = '"“‘', re.compile(r"[,.!?]?[\"”’]")


def tell_kinds(passages: Passages) -> Passages:
    """Mark places that are buildings, and make EVENT or WORK of the MISC names that show it, wherever they stand."""
    works = {_key(passage, span) for passage in passages for span in passage.spans if _is_quoted(passage, span)}
    return [passage._replace(spans=[_told(passage, span, works) for span in passage.spans]) for passage in passages]


def _told(passage: Passage, span: Span, works: set[str]) -> Span:
    if span.label is Label.LOC and not span.subtype and _is_building(_key(passage, span)):
        return span._replace(subtype=FACILITY)
    if span.label is Label.MISC:
        key = _key(passage, span)
        if _is_event(key):
            return span._replace(label=Label.EVENT)
        if key in works:
            return span._replace(label=Label.WORK)
    return span


def _key(passage: Passage, span: Span) -> str:
    return fold(passage.text[span.start : span.end])


def _is_building(key: str) -> bool:
    head, of, _ = key.partition(" of ")
    words = head.split()
    if not words or key in _NOT_BUILDINGS:
        return False
    return words[-1] in _BUILDINGS and (bool(of) or len(words) > 1)


def _is_event(key: str) -> bool:
    words = key.split()
    if key in _NOT_EVENTS or len(words) <= 1:
        return False
    return words[-1] in _EVENTS or bool(_EVENT.fullmatch(key))


def _is_quoted(passage: Passage, span: Span) -> bool:
    """Whether quotation marks stand on both sides: “Paterson”, or "Paterson," as American papers print it."""
    if span.label is not Label.MISC or not span.start or not passage.text[span.start].isupper():
        return False
    return passage.text[span.start - 1] in _OPENING and bool(_CLOSING.match(passage.text, span.end))
