"""Label scores of words to labelled spans: the best BIO sequence that is well formed.

Labels are `O`, `B-X` and `I-X`. An `I-X` may only follow `B-X` or `I-X`. Without learned transition scores the best
sequence of independent choices is the best sequence overall whenever it is well formed, so the Viterbi search (A. J.
Viterbi, 1967) runs only for the windows where it is not. With them (a linear-chain CRF: J. Lafferty, A. McCallum and F.
Pereira, 2001) it runs for every window.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
LabelledRange = tuple[int, int, str]

_FORBIDDEN = np.float32(-1e4)


class SpanDecoder:
    """Turns scores `[words, labels]` into `(first word, end word, label)` ranges."""

    def __init__(
        self,
        labels: Sequence[str],
        transitions: Sequence[Sequence[float]] | None = None,
        starts: Sequence[float] | None = None,
        ends: Sequence[float] | None = None,
    ) -> None:
        """Take the BIO labels in the order of the model's outputs, and what was learned of their order, if anything."""
        self._labels = tuple(labels)
        self._is_learned = not (transitions is None and starts is None and ends is None)
        self._transitions = _allowed(self._labels) + _learned(transitions)
        self._inside = np.array([label.startswith("I-") for label in labels])
        self._initial = np.where(self._inside, _FORBIDDEN, np.float32(0)) + _learned(starts)
        self._final = _learned(ends)

    def decode(self, scores: Scores, opens: NDArray[np.bool_] | None = None) -> list[LabelledRange]:
        """Return the spans of the best well-formed label sequence; no span goes on past a word that `opens` a line."""
        if not len(scores):
            return []
        if opens is not None and opens[1:].any():
            scores = np.where(opens[:, None] & self._inside, _FORBIDDEN, scores)
        if self._is_learned:
            return self._ranges(self._viterbi(scores))
        path = scores.argmax(axis=1)
        return self._ranges(path.tolist() if self._is_well_formed(path) else self._viterbi(scores))

    def _is_well_formed(self, path: NDArray[np.intp]) -> bool:
        allowed = self._transitions[path[:-1], path[1:]] == 0
        return bool(self._initial[path[0]] == 0 and allowed.all())

    def _viterbi(self, scores: Scores) -> list[int]:
        best = scores[0] + self._initial
        back = np.zeros(scores.shape, dtype=np.intp)
        for index in range(1, len(scores)):
            reached = best[:, None] + self._transitions
            back[index] = reached.argmax(axis=0)
            best = reached.max(axis=0) + scores[index]
        path = [int((best + self._final).argmax())]
        for index in range(len(scores) - 1, 0, -1):
            path.append(int(back[index, path[-1]]))
        return path[::-1]

    def _ranges(self, path: list[int]) -> list[LabelledRange]:
        ranges: list[LabelledRange] = []
        for index, number in enumerate(path):
            prefix, _, label = self._labels[number].partition("-")
            if prefix == "B":
                ranges.append((index, index + 1, label))
            elif prefix == "I":
                first, _, label = ranges[-1]
                ranges[-1] = (first, index + 1, label)
        return ranges


def _learned(values: Sequence[Sequence[float]] | Sequence[float] | None) -> Scores:
    return np.asarray(0 if values is None else values, dtype=np.float32)


def _allowed(labels: Sequence[str]) -> Scores:
    """Return `[from, to]` penalties: zero where BIO allows the step."""
    table = np.zeros((len(labels), len(labels)), dtype=np.float32)
    for row, before in enumerate(labels):
        for column, after in enumerate(labels):
            if after.startswith("I-") and before[2:] != after[2:]:
                table[row, column] = _FORBIDDEN
    return table
