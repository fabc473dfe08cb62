"""How well dates and amounts are found and read: sentences of our own with every one marked, through the stage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from schemas import CleanText, Entities, Form, Label, Quality, Ref
from tasks.entities import EntitiesStage
from tasks.stage import StageInput

FOLDER = Path(__file__).parent / "gold"
_MARK = re.compile(r"\[(?P<surface>[^|\]]+)\|(?P<value>[^\]]+)\]")
_OPEN = "?"
_ANY_DAY = datetime(2024, 11, 12, tzinfo=UTC)


class Marked(NamedTuple):
    """A date or amount in the gold or in an answer; the value is null where a reader could not tell."""

    start: int
    end: int
    value: str | None

    def means(self, other: Marked) -> bool:
        """Both end at the same place, overlap and say the same: whether "early" and "the" belong to it is taste."""
        return self.end == other.end and self.start < other.end and self.value == other.value


class Sentence(NamedTuple):
    """A sentence, the day on which it was published, and what is marked in it."""

    published: datetime
    text: str
    marks: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class ValueScore:
    """Marks that were found and read rightly, answers, marks of the gold; and what went wrong, for people."""

    right: int
    answered: int
    gold: int
    wrong: tuple[str, ...]

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, in per cent."""
        return 200 * self.right / max(1, self.answered + self.gold)


def read_sentences(name: str) -> Iterator[Sentence]:
    """Read `dates.tsv` (with the day of publication in front) or `money.tsv`."""
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            day, tab, marked = line.rpartition("\t")
            yield _sentence(datetime.fromisoformat(day).replace(tzinfo=UTC) if tab else _ANY_DAY, marked)


def _sentence(published: datetime, marked: str) -> Sentence:
    text, marks, reached = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[reached : match.start()]
        value = None if match["value"] == _OPEN else match["value"]
        marks.append(Marked(len(text), len(text) + len(match["surface"]), value))
        text += match["surface"]
        reached = match.end()
    return Sentence(published, text + marked[reached:], tuple(marks))


def score_values(stage: EntitiesStage, sentences: Iterable[Sentence], label: Label) -> ValueScore:
    """Run every sentence as an article of its own, and compare what it says under one label with the gold."""
    right = answered = gold = 0
    wrong: list[str] = []
    for sentence in sentences:
        found = _found(stage, sentence, label)
        matched = sum(any(answer.means(mark) for answer in found) for mark in sentence.marks)
        right, answered, gold = right + matched, answered + len(found), gold + len(sentence.marks)
        if not matched == len(found) == len(sentence.marks):
            wrong.append(_shown(sentence, found))
    return ValueScore(right, answered, gold, tuple(wrong))


def _found(stage: EntitiesStage, sentence: Sentence, label: Label) -> list[Marked]:
    text = sentence.text
    clean = CleanText(title=None, text=text, language="en", form=Form.TEXT, quality=Quality(words=len(text.split())))
    (answer,) = stage.run([StageInput(ref=Ref("gold", 1), accepted_at=sentence.published, clean=clean)])
    if not isinstance(answer, Entities):
        raise TypeError(f"{text}: {answer}")
    entities = (entity for entity in answer.entities if entity.label is label)
    return [Marked(mention.start, mention.end, entity.value) for entity in entities for mention in entity.mentions]


def _shown(sentence: Sentence, found: Iterable[Marked]) -> str:
    answers = "; ".join(f"{sentence.text[mark.start : mark.end]} = {mark.value or _OPEN}" for mark in found)
    return f"{sentence.text}  →  {answers or 'nothing'}"
