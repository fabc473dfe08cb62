"""The port for what finds names in text, and how a setting chooses one.

`onnx` is the recognizer that ships with Dateline, `onnx:fast` its smaller profile, `onnx:<folder>` one exported
elsewhere. `spacy:<pipeline>` and `gliner:<model>` are engines that come as extras; whatever is chosen answers with the
same spans and offsets.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol

from schemas import Label, Unavailable

DEFAULT = "onnx"
FAST = "onnx:fast"
"""The shipped profile that trades accuracy for speed; the stage's README has both profiles' figures."""

FACILITY = "FAC"
"""Subtype of a place that is a building or site."""


class Span(NamedTuple):
    """A name found in a text: half-open code-point offsets and what kind of thing it names."""

    start: int
    end: int
    label: Label
    subtype: str | None = None


class Recognizer(Protocol):
    """Finds names. Deterministic; a text's answer does not depend on the texts beside it."""

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages it can read."""

    @property
    def artefacts(self) -> Mapping[str, str]:
        """Names and versions of the models it uses."""

    def recognize(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return for each text its spans, in order and without overlap."""


class RecognizerUnavailable(Unavailable):
    """The configured recognizer cannot be used here: its engine or its files are missing or damaged."""


def open_recognizer(setting: str = DEFAULT) -> Recognizer:
    """Return the recognizer that `setting` names, loaded once in each process.

    Raises:
        RecognizerUnavailable: The setting names no known engine, or the engine's files are missing or damaged.
    """
    return _open(setting, os.getpid())


@lru_cache(maxsize=2)
def _open(setting: str, _process: int) -> Recognizer:
    """Cache by process id, because an inference session must not cross a fork."""
    engine, _, argument = setting.partition(":")
    if engine == "onnx":
        from tasks.entities._onnx import OnnxRecognizer  # noqa: PLC0415 - loads onnxruntime, only when it is chosen

        if setting in (DEFAULT, FAST):
            return OnnxRecognizer.shipped(argument or None)
        return OnnxRecognizer.load(Path(argument))
    if engine == "spacy" and argument:
        from tasks.entities._spacy import SpacyRecognizer  # noqa: PLC0415 - an extra

        return SpacyRecognizer.load(argument)
    if engine == "gliner" and argument:
        from tasks.entities._gliner import GlinerRecognizer  # noqa: PLC0415 - an extra

        return GlinerRecognizer.load(argument)
    raise RecognizerUnavailable(
        f"there is no recognizer {setting!r}; use onnx, onnx:fast, spacy:<pipeline> or gliner:<model>"
    )
