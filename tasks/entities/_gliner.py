"""A GLiNER model as recognizer: `gliner:urchade/gliner_medium-v2.1`, or `gliner:<folder>`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from typing import Any, Self

from schemas import Label
from tasks.entities._foreign import BUILDING, PLACE, Kind, ours, pieces
from tasks.entities.recognizer import RecognizerUnavailable, Span

KINDS: Mapping[str, Kind] = {
    "person": Kind(Label.PERSON),
    "organization": Kind(Label.ORG),
    "location": PLACE,
    "building or facility": BUILDING,
    "nationality, religious or political group": Kind(Label.NORP),
    "event": Kind(Label.EVENT),
    "work of art": Kind(Label.WORK),
    "product": Kind(Label.PRODUCT),
    "date": Kind(Label.DATE),
    "amount of money": Kind(Label.MONEY),
}
"""What the model is asked for, in its own words."""

_THRESHOLD = 0.5
_PIECE = 1_200
"""Characters read at once, about 200 words: GLiNER cuts off what is beyond 384."""


class GlinerRecognizer:
    """Each text is read alone, in pieces; the labels are part of the question."""

    def __init__(self, name: str, model: Any, version: str) -> None:
        """Use `load` to find a model by name."""
        self._name, self._model, self._version = name, model, version

    @classmethod
    def load(cls, name: str) -> Self:
        """Load a model from its folder or from the hub's cache; GLiNER downloads what it does not have.

        Raises:
            RecognizerUnavailable: GLiNER or the model is missing.
        """
        try:
            from gliner import GLiNER  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise RecognizerUnavailable(f"gliner:{name} needs GLiNER; run pip install gliner") from error
        try:
            model = GLiNER.from_pretrained(name)
        except Exception as error:  # the hub's, torch's and the file system's errors have no common root
            advice = "check the name and the network, or name a folder"
            raise RecognizerUnavailable(f"GLiNER cannot load the model {name!r}; {advice}") from error
        return cls(name, model, metadata.version("gliner"))

    @property
    def languages(self) -> frozenset[str]:
        """English: for other languages nobody has measured a model here."""
        return frozenset({"en"})

    @property
    def artefacts(self) -> Mapping[str, str]:
        """The model by name; its files carry no version, the package's stands for it."""
        return {f"gliner:{self._name}": self._version}

    def recognize(self, texts: Sequence[str]) -> list[list[Span]]:
        """See `Recognizer`."""
        return [ours(self._found(text), KINDS) for text in texts]

    def _found(self, text: str) -> Iterator[tuple[int, int, str]]:
        for start, piece in pieces(text, _PIECE):
            if piece.strip():
                for found in self._model.predict_entities(piece, list(KINDS), threshold=_THRESHOLD):
                    yield start + found["start"], start + found["end"], found["label"]
