"""Pair F1 of alias merging on Re-DocRED's coreference (FACTS A.8)."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas import Label

Linker = Callable[[Sequence[tuple[str, Label]]], Sequence[int]]
"""Gives each `(surface, label)` mention of a document a group number."""


@dataclass(frozen=True, slots=True)
class PairScore:
    """Pairs of mentions that are joined: rightly, by the rules, in the gold."""

    right: int = 0
    joined: int = 0
    gold: int = 0
    milliseconds: float = 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of pair precision and recall, in per cent."""
        return 200 * self.right / max(1, self.joined + self.gold)


def read_alias_documents(path: Path) -> list[list[tuple[str, Label, int]]]:
    """Read the documents as `(surface, label, gold entity)` in text order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [[(m["text"], Label(m["label"]), m["entity"]) for m in row["mentions"]] for row in rows]


def score_aliases(
    documents: Sequence[Sequence[tuple[str, Label, int]]], link: Linker, only: Label | None = None
) -> PairScore:
    """Compare the groups of `link` with the gold, pooling the pairs of all documents."""
    right = joined = gold = 0
    spent = 0.0
    for document in documents:
        began = time.process_time()
        groups = link([(surface, label) for surface, label, _ in document])
        spent += time.process_time() - began
        rows = [(g, m[2]) for g, m in zip(groups, document, strict=True) if only is None or m[1] is only]
        for index, (group, entity) in enumerate(rows):
            for other_group, other_entity in rows[:index]:
                joined += group == other_group
                gold += entity == other_entity
                right += group == other_group and entity == other_entity
    return PairScore(right, joined, gold, 1000 * spent / max(1, len(documents)))
