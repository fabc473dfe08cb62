"""Exact-span precision, recall and F1, in all and by label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

Span = tuple[int, int, str]

COMPARED = ("PERSON", "ORG", "LOC")
"""The labels that every evaluation corpus annotates alike (measurements A3)."""


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one label, or of several together."""

    right: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        """Share of predictions that are right, in per cent."""
        return 100 * self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of gold spans that were found, in per cent."""
        return 100 * self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, in per cent."""
        return 200 * self.right / (self.predicted + self.gold) if self.predicted + self.gold else 0.0


def score_spans(
    pairs: Iterable[tuple[Iterable[Span], Iterable[Span]]], labels: Iterable[str] = COMPARED
) -> dict[str, Score]:
    """Compare `(gold, predicted)` spans of each text; the key `all` pools the labels."""
    chosen = tuple(labels)
    right: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for gold_spans, predicted_spans in pairs:
        truth = {span for span in gold_spans if span[2] in chosen}
        found = {span for span in predicted_spans if span[2] in chosen}
        right.update(span[2] for span in truth & found)
        predicted.update(span[2] for span in found)
        gold.update(span[2] for span in truth)
    scores = {label: Score(right[label], predicted[label], gold[label]) for label in chosen}
    return {"all": Score(right.total(), predicted.total(), gold.total()), **scores}
