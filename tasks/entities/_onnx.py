"""The shipped recognizer: an int8 token classifier on onnxruntime."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from schemas import Label
from tasks.entities._manifest import Manifest, advice, read_manifest
from tasks.entities.decoding import Scores, SpanDecoder
from tasks.entities.encoding import Integers, TextEncoder, Window
from tasks.entities.recognizer import RecognizerUnavailable, Span

SHIPPED = Path(__file__).parent / "data"

_SLOW_FUSIONS = ["SkipLayerNormFusion"]
"""Rewritings of the graph that cost more than they save: with this one, a window of 137 pieces takes 10.5 ms of CPU,
without it 7.9 (onnxruntime 1.31, AVX-512 VNNI; half of the difference is its kernel, 3 ms for 13 normalisations)."""

_INPUTS = ("ids", "shapes", "mask")
"""What a graph may ask for: word pieces, case shapes and, where it was made for batches, ones where no padding is."""


class OnnxRecognizer:
    """Word pieces and case shapes in, best well-formed label sequence out."""

    def __init__(self, manifest: Manifest, tokenizer: Tokenizer, session: onnxruntime.InferenceSession) -> None:
        """Use `load` or `shipped` to read the parts from files."""
        self._manifest = manifest
        self._session = session
        self._asks = tuple(node.name for node in session.get_inputs())
        self._encoder = TextEncoder(tokenizer, manifest.window_pieces)
        self._decoder = SpanDecoder(manifest.labels, manifest.transitions, manifest.starts, manifest.ends)

    @classmethod
    def shipped(cls, profile: str | None = None) -> Self:
        """Load the model that ships with Dateline, or its other profile `fast`.

        Raises:
            RecognizerUnavailable: As for `load`.
        """
        return cls.load(SHIPPED, profile)

    @classmethod
    def load(cls, folder: Path, profile: str | None = None) -> Self:
        """Load a model from a folder: its manifest, and the graph and the tokenizer that the manifest names.

        Raises:
            RecognizerUnavailable: A file is missing, is not the one that the manifest names, or the graph answers with
                other labels than the manifest's.
        """
        manifest = read_manifest(folder, profile)
        recognizer = cls(
            manifest, Tokenizer.from_file(str(folder / manifest.tokenizer)), _session(folder / manifest.model)
        )
        recognizer._try_out()
        return recognizer

    def _try_out(self) -> None:
        """Read one word, so that a model that cannot be used stops the worker at its start and not at an article."""
        try:
            (window,) = self._encoder.windows("Dateline")
            scores = self._scores(window)
        except Exception as error:  # onnxruntime's errors have no common root
            raise RecognizerUnavailable(advice(f"{self._manifest.model} does not read a word")) from error
        if scores.shape != (1, len(self._manifest.labels)):
            found, wanted = scores.shape[-1], len(self._manifest.labels)
            raise RecognizerUnavailable(advice(f"{self._manifest.model} knows {found} labels, its manifest {wanted}"))

    @property
    def languages(self) -> frozenset[str]:
        """See `Recognizer`."""
        return frozenset(self._manifest.languages)

    @property
    def artefacts(self) -> Mapping[str, str]:
        """See `Recognizer`."""
        return {self._manifest.name: self._manifest.version}

    def recognize(self, texts: Sequence[str]) -> list[list[Span]]:
        """See `Recognizer`. Memory is bounded by one block of text, whatever the texts' length."""
        return [[span for window in self._encoder.windows(text) for span in self._spans(window)] for text in texts]

    def _spans(self, window: Window) -> Iterator[Span]:
        for first, stop, label in self._decoder.decode(self._scores(window), window.opens):
            yield Span(int(window.starts[first]), int(window.ends[stop - 1]), Label(label))

    def _scores(self, window: Window) -> Scores:
        """Score one window alone.

        The int8 graph scales its activations by what it is shown at once: in a batch, the answer to a text would depend
        on its neighbours. Alone is also as fast (words/s/core: 8.5k alone, 8.9k in twos, 7.2k in eights).
        """
        ids = self._framed(window.ids)
        shown = dict(zip(_INPUTS, (ids, _padded(window.shapes), np.ones_like(ids)), strict=True))
        (scores,) = self._session.run(None, {name: shown[name] for name in self._asks})
        return np.asarray(scores[0, window.words + 1], dtype=np.float32)

    def _framed(self, ids: Integers) -> Integers:
        framed = _padded(ids)
        framed[0, 0], framed[0, -1] = self._manifest.cls, self._manifest.sep
        return framed


def _padded(values: Integers) -> Integers:
    """Add a batch axis and a place for the marker on either side."""
    padded = np.zeros((1, len(values) + 2), dtype=np.int64)
    padded[0, 1:-1] = values
    return padded


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # one core a worker process: processes scale, threads here only contend
    options.inter_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOW_FUSIONS
        )
    except Exception as error:  # onnxruntime's errors have no common root
        raise RecognizerUnavailable(advice(f"{path.name} cannot be read")) from error
