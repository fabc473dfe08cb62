"""Labelled texts told again with other names: what stays is the sentence, not who is in it.

The corpora name the same few thousand people and places over and over; a recognizer should learn where names stand, not
which ones there are (X. Dai and H. Adel, An Analysis of Simple Data Augmentation for NER, 2020: mention replacement).
Within a text a name is replaced everywhere by the same one, a surname by the surname of the full name.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

from training.entities._corpus import Document, Span
from training.entities._names import NameBook

_PERSON_SHARE = 0.8
_PLACE_SHARE = 0.6
_ORGANISATION_SHARE = 0.25
_LONGEST_NAME = 3


def swap(document: Document, book: NameBook, choice: random.Random) -> Document:
    """Return the document with most persons and towns and some organisations renamed."""
    renamed = {
        **_renamed_persons(document, book, choice),
        **_renamed_places(document, book, choice),
        **_renamed_organisations(document, book, choice),
    }
    return _told_again(document, renamed)


def _surfaces(document: Document, label: str) -> list[str]:
    found = dict.fromkeys(document.text[start:end] for start, end, kind in document.spans if kind == label)
    return list(found)


def _renamed_persons(document: Document, book: NameBook, choice: random.Random) -> dict[tuple[str, str], str]:
    renamed: dict[tuple[str, str], str] = {}
    parts: dict[str, str] = {}
    surfaces = _surfaces(document, "PERSON")
    for surface in surfaces:
        words = surface.split()
        if not 1 < len(words) <= _LONGEST_NAME or not all(word[0].isupper() for word in words):
            continue
        first, last = words[0], words[-1]
        if choice.random() < _PERSON_SHARE:
            person = book.person(choice)
            renamed["PERSON", surface] = person.full
            first, last = person.first, person.last
        parts[words[0]], parts[words[-1]] = first, last
    for surface in surfaces:
        if surface in parts:
            renamed["PERSON", surface] = parts[surface]
        elif " " not in surface and surface.istitle() and choice.random() < _PERSON_SHARE:
            renamed["PERSON", surface] = book.person(choice).last
    return renamed


def _renamed_places(document: Document, book: NameBook, choice: random.Random) -> dict[tuple[str, str], str]:
    return {
        ("LOC", surface): book.town(choice)
        for surface in _surfaces(document, "LOC")
        if book.is_town(surface) and choice.random() < _PLACE_SHARE
    }


def _renamed_organisations(document: Document, book: NameBook, choice: random.Random) -> dict[tuple[str, str], str]:
    return {
        ("ORG", surface): book.organisation(choice)
        for surface in _surfaces(document, "ORG")
        if choice.random() < _ORGANISATION_SHARE
    }


def _told_again(document: Document, renamed: Mapping[tuple[str, str], str]) -> Document:
    text, last = "", 0
    spans: list[Span] = []
    for start, end, label in document.spans:
        if start < last:
            continue
        name = document.text[start:end]
        text += document.text[last:start]
        said = renamed.get((label, name), name)
        said = said.upper() if name.isupper() and len(name) > 1 else said
        spans.append((len(text), len(text) + len(said), label))
        text += said
        last = end
    return replace(document, text=text + document.text[last:], spans=tuple(spans))
