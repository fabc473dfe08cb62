"""Pair F1 of alias merging on Re-DocRED's coreference: from the names alone, and with the text that they stand in."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from schemas import Label

Linker = Callable[[Sequence[tuple[str, Label]]], Sequence[int]]
"""Gives each `(surface, label)` mention of a document a group number."""

Grouper = Callable[[str, Sequence[tuple[int, int, Label]]], Sequence[int]]
"""Gives each `(start, end, label)` mention of a text a group number."""


@dataclass(frozen=True, slots=True)
class PairScore:
    """Pairs of mentions that are joined: rightly, by the rules, in the gold."""

    right: int = 0
    joined: int = 0
    gold: int = 0
    milliseconds: float = 0.0
    """CPU time of one document."""

    @property
    def f1(self) -> float:
        """Harmonic mean of pair precision and recall, in per cent."""
        return 200 * self.right / max(1, self.joined + self.gold)


class AliasDocument(NamedTuple):
    """A text, its mentions in order (each found in it), and for each mention its label and gold entity."""

    text: str
    places: list[tuple[int, int]]
    names: list[str]
    labels: list[Label]
    entities: list[int]


def read_alias_documents(folder: Path) -> list[AliasDocument]:
    """Read the gold, and put its mentions into the texts of the same corpus by their letters, in order.

    Two of 16,901 mentions are not found and left out: the texts were put together again from tokens.
    """
    texts: dict[str, str] = {}
    for row in _rows(folder / "redocred.jsonl.gz"):
        texts[row["source"]] = "\n\n".join(filter(None, (texts.get(row["source"]), row["text"])))
    return [_document(texts[row["id"]], row["mentions"]) for row in _rows(folder / "redocred_aliases.jsonl.gz")]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _document(text: str, mentions: list[dict[str, Any]]) -> AliasDocument:
    positions = [index for index, character in enumerate(text) if not character.isspace()]
    letters = "".join(text[index] for index in positions)
    document, reached = AliasDocument(text, [], [], [], []), 0
    for mention in mentions:
        sought = "".join(mention["text"].split())
        found = letters.find(sought, reached)
        if found < 0:
            continue
        reached = found
        document.places.append((positions[found], positions[found + len(sought) - 1] + 1))
        document.names.append(mention["text"])
        document.labels.append(Label(mention["label"]))
        document.entities.append(mention["entity"])
    return document


def score_names(documents: Iterable[AliasDocument], link: Linker) -> PairScore:
    """Compare the groups that are made from the names alone with the gold, pooling the pairs of all documents."""
    return _score(documents, lambda document: link(list(zip(document.names, document.labels, strict=True))))


def score_texts(documents: Iterable[AliasDocument], group: Grouper) -> PairScore:
    """Compare the groups that are made with the text in hand with the gold."""

    def grouped(document: AliasDocument) -> Sequence[int]:
        spans = [(*place, label) for place, label in zip(document.places, document.labels, strict=True)]
        return group(document.text, spans)

    return _score(documents, grouped)


def _score(documents: Iterable[AliasDocument], grouped: Callable[[AliasDocument], Sequence[int]]) -> PairScore:
    right = joined = gold = count = 0
    spent = 0.0
    for document in documents:
        began = time.process_time()
        groups = grouped(document)
        spent += time.process_time() - began
        count += 1
        for (group, entity), (other_group, other_entity) in combinations(
            zip(groups, document.entities, strict=True), 2
        ):
            joined += group == other_group
            gold += entity == other_entity
            right += group == other_group and entity == other_entity
    return PairScore(right, joined, gold, 1000 * spent / max(1, count))
