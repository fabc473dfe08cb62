"""The entities stage: names in the title and the text, put together to the things they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas import CleanText, Entities, Part, StageName
from tasks.entities._completion import complete
from tasks.entities._kinds import tell_kinds
from tasks.entities._merging import merge
from tasks.entities._rules import Passage, put_right
from tasks.entities.recognizer import DEFAULT, Recognizer, Span, open_recognizer
from tasks.stage import Failed, Skipped, StageInput, each


class EntitiesStage:
    """Who and what an article names. Articles in a language that the recognizer cannot read are skipped."""

    name = StageName.ENTITIES
    version = 2
    inputs: Sequence[str] = ("clean",)

    def __init__(self, recognizer: str | Recognizer = DEFAULT) -> None:
        """Take a recognizer, or the setting that names one; the latter is loaded when it is first used."""
        self._recognizer = recognizer

    @property
    def artefacts(self) -> Mapping[str, str]:
        """Versions of the recognizer's models."""
        return self._opened().artefacts

    def run(self, articles: Sequence[StageInput]) -> Sequence[Entities | Skipped | Failed]:
        """Find the entities of each article.

        Raises:
            RecognizerUnavailable: The recognizer cannot be used here.
        """
        recognizer = self._opened()
        return each(articles, lambda article: _entities(article, recognizer))

    def _opened(self) -> Recognizer:
        return open_recognizer(self._recognizer) if isinstance(self._recognizer, str) else self._recognizer


def _entities(article: StageInput, recognizer: Recognizer) -> Entities | Skipped:
    clean = article.clean
    if clean is None:
        return Skipped("no_clean_text")
    if clean.language not in recognizer.languages:
        return Skipped("language")
    published = clean.published_at or article.accepted_at
    passages = tell_kinds(put_right(complete(_passages(clean, recognizer))))
    return merge(passages, published.date())


def _passages(clean: CleanText, recognizer: Recognizer) -> list[Passage]:
    parts = {Part.TITLE: clean.title or "", Part.TEXT: clean.text}
    found: list[list[Span]] = recognizer.recognize(list(parts.values()))
    return [Passage(part, text, spans) for (part, text), spans in zip(parts.items(), found, strict=True)]
