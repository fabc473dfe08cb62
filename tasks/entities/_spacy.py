"""A spaCy pipeline as recognizer: `spacy:en_core_web_trf`, or `spacy:<folder>` for one of your own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from schemas import Label
from tasks.entities._foreign import BUILDING, PLACE, Kind, ours, pieces
from tasks.entities.recognizer import RecognizerUnavailable, Span

KINDS: Mapping[str, Kind] = {
    "PERSON": Kind(Label.PERSON),
    "PER": Kind(Label.PERSON),
    "ORG": Kind(Label.ORG),
    "GPE": PLACE,
    "LOC": PLACE,
    "FAC": BUILDING,
    "NORP": Kind(Label.NORP),
    "EVENT": Kind(Label.EVENT),
    "WORK_OF_ART": Kind(Label.WORK),
    "PRODUCT": Kind(Label.PRODUCT),
    "DATE": Kind(Label.DATE),
    "MONEY": Kind(Label.MONEY),
    "LAW": Kind(Label.MISC),
    "LANGUAGE": Kind(Label.MISC),
    "MISC": Kind(Label.MISC),
}
"""OntoNotes' and WikiNER's labels. TIME, PERCENT, QUANTITY, ORDINAL and CARDINAL name nothing and are left out."""

_UNUSED = ("parser", "lemmatizer", "textcat")
_PIECE = 50_000
"""Characters read at once: spaCy refuses more than a million, and a transformer's memory grows with them."""

_WIKINER = frozenset({"de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru"})
"""Languages of the pipelines that spaCy calls multilingual ("xx")."""


class SpacyRecognizer:
    """Each text is read alone, in pieces, by the named entity components of a pipeline."""

    def __init__(self, pipeline: Any) -> None:
        """Use `load` to find a pipeline by name."""
        self._pipeline = pipeline

    @classmethod
    def load(cls, name: str) -> Self:
        """Load an installed pipeline or a folder.

        Raises:
            RecognizerUnavailable: spaCy or the pipeline is missing, or the pipeline marks nothing that we know.
        """
        try:
            import spacy  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise RecognizerUnavailable(f"spacy:{name} needs spaCy; run pip install 'spacy<4'") from error
        try:
            pipeline = spacy.load(name, exclude=_UNUSED)
        except (OSError, ValueError, ImportError) as error:
            advice = f"run python -m spacy download {name}, or name a folder"
            raise RecognizerUnavailable(f"spaCy cannot load the pipeline {name!r}; {advice}") from error
        if KINDS.keys().isdisjoint(label for labels in pipeline.pipe_labels.values() for label in labels):
            raise RecognizerUnavailable(f"the pipeline {name!r} marks no entities; choose one that does")
        return cls(pipeline)

    @property
    def languages(self) -> frozenset[str]:
        """See `Recognizer`."""
        return _WIKINER if self._pipeline.lang == "xx" else frozenset({self._pipeline.lang})

    @property
    def artefacts(self) -> Mapping[str, str]:
        """See `Recognizer`."""
        meta = self._pipeline.meta
        return {f"spacy:{meta['lang']}_{meta['name']}": str(meta["version"])}

    def recognize(self, texts: Sequence[str]) -> list[list[Span]]:
        """See `Recognizer`."""
        return [ours(self._found(text), KINDS) for text in texts]

    def _found(self, text: str) -> Iterator[tuple[int, int, str]]:
        for start, piece in pieces(text, _PIECE):
            for entity in self._pipeline(piece).ents:
                yield start + entity.start_char, start + entity.end_char, entity.label_
