"""Labelled windows as flat arrays: made once, anywhere; read by the training loop, which needs nothing but these.

All windows stand one behind the other, without markers and padding. An *edition* is one telling of the corpora: names
swapped, cases changed and made-up news drawn anew. Training goes through the editions in turn, so it rarely sees a
window twice as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

CLASSES = ("PERSON", "ORG", "LOC", "NORP", "DATE", "MONEY", "PRODUCT", "MISC")
LABELS = ("O", *(f"{prefix}-{name}" for name in CLASSES for prefix in "BI"))

FOLDS = 3
"""Parts that documents are dealt to, for teachers that never saw what they are asked about."""

IGNORED = -100
"""Target of word pieces that do not begin a word: they carry no label of their own."""

UNTOLD = -1
"""Target of words in texts without labels: only the teachers say what they are."""

UNSEEN = FOLDS
"""Fold of texts without labels: no teacher learned from them."""

PARTS = 6
"""Texts without labels are dealt to so many parts; each epoch reads one, beside an edition of the labelled texts."""

CLS, SEP, PAD = 101, 102, 0


@dataclass(frozen=True, slots=True)
class Windows:
    """Word pieces with shape and target; by window: where it begins and ends, its fold and edition."""

    ids: NDArray[np.uint16]
    shapes: NDArray[np.uint8]
    targets: NDArray[np.int8]
    bounds: NDArray[np.int64]
    folds: NDArray[np.uint8]
    editions: NDArray[np.uint8]

    def __len__(self) -> int:
        """Return how many windows there are."""
        return len(self.folds)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Word pieces of each window."""
        return np.diff(self.bounds)

    def save(self, path: Path) -> None:
        """Write the arrays to a compressed file."""
        np.savez_compressed(path, **{field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(path) as stored:
            return cls(**{field.name: stored[field.name] for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class LabelledWindow:
    """One window on its way into the arrays."""

    ids: NDArray[np.int64]
    shapes: NDArray[np.int64]
    targets: NDArray[np.int64]
    fold: int
    edition: int


def joined(windows: Iterable[LabelledWindow]) -> Windows:
    """Put windows one behind the other."""
    rows = list(windows)
    return Windows(
        ids=np.concatenate([row.ids for row in rows]).astype(np.uint16),
        shapes=np.concatenate([row.shapes for row in rows]).astype(np.uint8),
        targets=np.concatenate([row.targets for row in rows]).astype(np.int8),
        bounds=np.cumsum([0, *(len(row.ids) for row in rows)], dtype=np.int64),
        folds=np.array([row.fold for row in rows], dtype=np.uint8),
        editions=np.array([row.edition for row in rows], dtype=np.uint8),
    )
