"""What the tests of the entities stage share: articles, and a recognizer that finds what it is told to find."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from schemas import CleanText, Form, Label, Quality, Ref
from tasks.entities import Span
from tasks.stage import StageInput


def article(text: str, title: str | None = None, language: str | None = "en") -> StageInput:
    """An article as the clean stage leaves it."""
    clean = CleanText(
        title=title, text=text, language=language, form=Form.TEXT, quality=Quality(words=len(text.split()))
    )
    return StageInput(ref=Ref("article", 1), accepted_at=datetime(2024, 11, 12, tzinfo=UTC), clean=clean)


class ListedNames:
    """Finds the names of a list, whole-word; refuses texts that contain "poison"."""

    languages = frozenset({"en"})
    artefacts: Mapping[str, str] = {"listed": "1"}

    def __init__(self, **names: str) -> None:
        self._names = {surface: Label(label) for label, listed in names.items() for surface in listed.split(";")}
        longest_first = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")

    def recognize(self, texts: Sequence[str]) -> list[list[Span]]:
        if any("poison" in text for text in texts):
            raise ValueError("poison")
        return [
            [Span(*match.span(), self._names[match.group()]) for match in self._pattern.finditer(text)]
            for text in texts
        ]
