"""The entities stage: names in the title and the text, put together to the things they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from schemas import Entities, Part, StageName
from tasks.entities._completion import complete
from tasks.entities._kinds import tell_kinds
from tasks.entities._merging import merge
from tasks.entities._no_names import drop_no_names
from tasks.entities._rules import Passage, put_right
from tasks.entities._whole_article import doubt
from tasks.entities.recognizer import DEFAULT, Recognizer, Span, open_recognizer
from tasks.stage import Failed, Skipped, StageInput, each

MAX_READ: Final = 150_000
"""Code points of a text that are read. Of 17,000 real articles one has 100,000, the next 58,000; a million ampersands,
each a word piece, would keep the model busy for two minutes."""


class EntitiesStage:
    """Who and what an article names. Articles in a language that the recognizer cannot read are skipped."""

    name = StageName.ENTITIES
    version = 6
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
    if reason := clean.quality.why_not_read:
        return Skipped(reason)
    if clean.language not in recognizer.languages:
        return Skipped("language")
    published = clean.published_at or article.accepted_at
    text = _beginning(clean.text)
    passages = tell_kinds(drop_no_names(doubt(put_right(complete(_passages(clean.title or "", text, recognizer))))))
    found = merge(passages, published.date())
    return found if text == clean.text else found.model_copy(update={"read_to": len(text)})


def _beginning(text: str) -> str:
    """As much of a text as is read: all of it, or up to the last line or word that ends within the limit."""
    if len(text) <= MAX_READ:
        return text
    end = max(text.rfind("\n", MAX_READ // 2, MAX_READ), text.rfind(" ", MAX_READ // 2, MAX_READ))
    return text[: end if end > 0 else MAX_READ]


def _passages(title: str, text: str, recognizer: Recognizer) -> list[Passage]:
    parts = {Part.TITLE: title, Part.TEXT: text}
    found: list[list[Span]] = recognizer.recognize(list(parts.values()))
    return [Passage(part, text, spans) for (part, text), spans in zip(parts.items(), found, strict=True)]
