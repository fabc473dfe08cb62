"""The training texts: reading, harmonising labels, and cutting into labelled windows."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tasks.entities.encoding import Window
from training.entities._windows import IGNORED, LABELS

Span = tuple[int, int, str]

_NUMBER = {label: number for number, label in enumerate(LABELS)}
_DEVELOPMENT_SHARE = 3
_TITLES = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Capt|Lt|Sgt)\.?|Professor|Senator|President|Secretary|General"
    r"|Prime Minister|Sir|Justice|Judge|Governor|Minister|Chancellor)\s+(?=\S)"
)
_POSSESSIVE = re.compile(r"(?<!St\. George)(?<!St\. John)['’]s$")
_PLACE_SHARE = 0.8
_PLACE_COUNT = 3
_ADJECTIVE_WORDS = 2
_ADJECTIVE = re.compile(r"\w+(?:ish|ese|ean|[^\W\daeiouj]ian)s?")
_NOT_ADJECTIVES = frozenset({"Ocean", "Oceans", "Orleans", "Caribbean", "Mediterranean", "Parish"})
_DIRECTION = re.compile(r"(?:north|south|east|west|central|northern|southern|eastern|western)+(?:ern)?")
_UNLABELLED = ("gum-academic",)
"""Sources whose derived labels miss most organisations (affiliations stay unmarked): left out."""


@dataclass(frozen=True, slots=True)
class Document:
    """One labelled text; spans are half-open code-point offsets."""

    name: str
    text: str
    spans: tuple[Span, ...]


def read_documents(path: Path) -> list[Document]:
    """Read a corpus of `{id, text, ents}` lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Document(
            f"{row['source']}/{row['id']}", row["text"], tuple((s, e, label) for s, e, label in sorted(row["ents"]))
        )
        for row in rows
    ]


def split(documents: Iterable[Document]) -> tuple[list[Document], list[Document]]:
    """Split off about 3 % for development, by a hash of the text, so that equal texts stay together."""
    train: list[Document] = []
    development: list[Document] = []
    for document in documents:
        bucket = int(hashlib.sha256(document.text.encode()).hexdigest()[:8], 16) % 100
        (development if bucket < _DEVELOPMENT_SHARE else train).append(document)
    return train, development


def harmonise(documents: list[Document]) -> list[Document]:
    """Bring the corpora to one convention by rule (measurements A7).

    1. An ORG span whose surface is labelled LOC at least three times and in 80 % of cases is LOC: countries as agents.
    2. Titles before a PERSON, a leading "the" and a possessive ending stay outside the span.
    3. A LOC span that is an adjective of nationality is NORP: its last word is NORP elsewhere, or ends as such do.
    4. A LOC span that is only a direction in lower case ("southern") is dropped.
    """
    kept = [document for document in documents if not document.name.startswith(_UNLABELLED)]
    places, nations = _surfaces_of_places(kept), _words_of_nations(kept)
    return [replace(document, spans=tuple(_harmonised_spans(document, places, nations))) for document in kept]


def _words_of_nations(documents: list[Document]) -> frozenset[str]:
    surfaces = (d.text[start:end] for d in documents for start, end, label in d.spans if label == "NORP")
    return frozenset(surface for surface in surfaces if " " not in surface)


def _surfaces_of_places(documents: list[Document]) -> frozenset[str]:
    seen: dict[str, Counter[str]] = {}
    for document in documents:
        for start, end, label in document.spans:
            seen.setdefault(document.text[start:end], Counter())[label] += 1
    return frozenset(
        surface
        for surface, labels in seen.items()
        if labels["LOC"] >= _PLACE_COUNT and labels["LOC"] >= _PLACE_SHARE * labels.total()
    )


def _harmonised_spans(document: Document, places: frozenset[str], nations: frozenset[str]) -> Iterator[Span]:
    for span in document.spans:
        start, end = _trim(document.text, span)
        surface, label = document.text[start:end], span[2]
        if not surface or (label == "LOC" and _DIRECTION.fullmatch(surface)):
            continue
        if label == "ORG" and surface in places:
            yield start, end, "LOC"
        elif label == "LOC" and _is_adjective(surface, nations):
            yield start, end, "NORP"
        else:
            yield start, end, label


def _is_adjective(surface: str, nations: frozenset[str]) -> bool:
    words = surface.split()
    if not words or len(words) > _ADJECTIVE_WORDS or words[-1] in _NOT_ADJECTIVES:
        return False
    return words[-1] in nations or bool(_ADJECTIVE.fullmatch(words[-1]))


def _trim(text: str, span: Span) -> tuple[int, int]:
    start, end, label = span
    surface = text[start:end]
    if label in {"ORG", "LOC", "NORP", "PERSON"} and surface.startswith("the "):
        start += len("the ")
    if label == "PERSON" and (title := _TITLES.match(text, start, end)):
        start = title.end()
    if label not in {"MISC", "PRODUCT"} and (ending := _POSSESSIVE.search(text[start:end])):
        end = start + ending.start()
    return start, end


def targets(window: Window, spans: tuple[Span, ...]) -> NDArray[np.int64]:
    """Return the label number of each word piece of a window; pieces inside a word are ignored."""
    words = np.full(len(window.words), _NUMBER["O"], dtype=np.int64)
    first_character, last_character = int(window.starts[0]), int(window.ends[-1])
    for start, end, label in spans:
        if end <= first_character or start >= last_character:
            continue
        first = int(np.searchsorted(window.ends, start, side="right"))
        stop = int(np.searchsorted(window.starts, end, side="left"))
        if first < stop:
            words[first] = _NUMBER[f"B-{label}"]
            words[first + 1 : stop] = _NUMBER[f"I-{label}"]
    labelled = np.full(len(window.ids), IGNORED, dtype=np.int64)
    labelled[window.words] = words
    return labelled
