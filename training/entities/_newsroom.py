"""Made-up news sentences with known labels, for conventions that the licensed corpora hardly show.

The corpora are encyclopaedia text and tweets. In the news, governments go by their buildings ("the Kremlin said"),
offices stand before names ("French President …"), and stories open with a dateline. The patterns and lists in
`newsroom.toml` were written for Dateline; persons, places and organisations are drawn from the labelled names of the
training corpus, so no sentence states a fact.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from training.entities._corpus import Document, Span

_LISTS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("newsroom.toml").read_text(encoding="utf-8"))
_COUNTRY_SHARE = 0.5
_SLOT = re.compile(r"\{(\w+)\}")
_LABELS = {"BODY": "ORG", "NATION_PLACE": "LOC", "CITY": "LOC"}
_NAME = re.compile(r"[^\W\d_][\w.'’\- ]{2,40}")


def made_up(documents: list[Document], count: int, seed: int) -> Iterator[Document]:
    """Yield `count` labelled texts of one to four sentences."""
    choice = random.Random(seed)  # noqa: S311 - reproducible, not secret
    names = {label: _names(documents, label) for label in ("PERSON", "LOC", "ORG")}
    for number in range(count):
        text = ""
        spans: list[Span] = []
        for _ in range(choice.randint(1, 4)):
            text = f"{text} " if text else text
            text = _append(text, choice.choice(_LISTS["patterns"]), names, choice, spans)
        yield Document(f"newsroom/{number}", text, tuple(spans))


def _names(documents: list[Document], label: str) -> list[str]:
    found = (document.text[start:end] for document in documents for start, end, kind in document.spans if kind == label)
    return [name for name in found if name[0].isupper() and _NAME.fullmatch(name)]


def _append(text: str, pattern: str, names: dict[str, list[str]], choice: random.Random, spans: list[Span]) -> str:
    for index, part in enumerate(_SLOT.split(pattern)):
        if index % 2 == 0:
            text += part
            continue
        filler = _filler(part, names, choice)
        label = _LABELS.get(part, part)
        if label not in {"OFFICE", "LOWER_OFFICE"}:
            spans.append((len(text), len(text) + len(filler), label))
        text += filler
    return text


def _filler(slot: str, names: dict[str, list[str]], choice: random.Random) -> str:
    if slot == "LOWER_OFFICE":
        return choice.choice(_LISTS["OFFICE"]).lower()
    if slot == "CITY":
        return choice.choice(names["LOC"] if choice.random() < _COUNTRY_SHARE else _LISTS["NATION_PLACE"])
    return choice.choice(_LISTS[slot] if slot in _LISTS else names[slot])
