"""A small gold set of our own: ``python -m benchmarks.copies_gold``, and in the tests.

Controlled edits of the samples, which were written for Dateline, and pairs written for this set
(``benchmarks/gold/copies.toml``). What is measured on real news is larger and not ours to commit: `quality_dedupe`.
"""

import random
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.report import Gates, Report
from schemas import CleanText, Duplicates, Form, Quality, Ref
from tasks.dedupe import DedupeStage, MemoryIndex
from tasks.stage import StageInput

GATES: Gates = {"copies_accepted": {"min": 0.95}, "others_turned_down": {"min": 1.0}}
_SAMPLES = Path("samples")
_GOLD = Path("benchmarks/gold/copies.toml")
_NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
_MIN_WORDS = 80
_MIXED_UP = {"o": "0", "l": "1", "e": "c", "n": "u", "h": "b", "t": "f", "i": "l", "a": "o"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports, the later one under its own headline."""

    name: str
    first: tuple[str, str]
    """Headline and text."""
    later: tuple[str, str]
    hours: float
    is_copy: bool


def copy_edited(text: str, chance: random.Random) -> str:
    """Every tenth word dropped, doubled or replaced by another word of the text."""
    words = text.split(" ")
    edited: list[str] = []
    for word in words:
        edits: tuple[list[str], ...] = ([], [word, word], [chance.choice(words)])
        edited += chance.choice(edits) if chance.random() < 0.1 else [word]  # noqa: PLR2004 - a tenth
    return " ".join(edited)


def misread(text: str, chance: random.Random) -> str:
    """Two of a hundred characters as a scanner misreads them."""
    return "".join(
        _MIXED_UP.get(char, "") if char.isalpha() and chance.random() < 0.02 else char  # noqa: PLR2004 - two percent
        for char in text
    )


def reprinted(text: str, chance: random.Random) -> str:
    """As an outlet prints a wire story: another dateline, without the last paragraph, edited here and there."""
    kept = text.split("\n\n")[:-1] or [text]
    body = re.sub(r"^[A-Z]{3,}[^-–—]{0,30}[-–—] ", "", "\n\n".join(kept))
    words = body.split(" ")
    changed = [chance.choice(words) if chance.random() < 0.04 else word for word in words]  # noqa: PLR2004
    return "EASTBROOK, March 4 (Our Wire Service) - " + " ".join(changed)


def teaser(text: str, _: random.Random) -> str:
    """The first sixty words."""
    return " ".join(text.split()[:60])


def shouted(text: str, _: random.Random) -> str:
    """In capitals."""
    return text.upper()


EDITS: tuple[Callable[[str, random.Random], str], ...] = (copy_edited, misread, reprinted, teaser, shouted)


def pairs() -> Iterator[Pair]:
    """All pairs, the same ones in every run."""
    for path in sorted(_SAMPLES.glob("*.txt")):
        title, _, text = path.read_text("utf-8").strip().partition("\n")
        text = text.strip()
        if len(text.split()) < _MIN_WORDS:
            continue
        for edit in EDITS:
            chance = random.Random(path.name)  # noqa: S311 - not for secrets
            yield Pair(f"{path.stem}, {edit.__name__}", (title, text), ("", edit(text, chance)), 6, is_copy=True)
    for row in tomllib.loads(_GOLD.read_text("utf-8"))["pair"]:
        first, later = (row["title"], row["text"].strip()), (row["later_title"], row["later_text"].strip())
        yield Pair(row["name"], first, later, row["hours"], row["copy"])


def is_found(pair: Pair) -> bool:
    """Whether the stage puts both into one cluster."""
    stage = DedupeStage(MemoryIndex())
    [_], [answer] = (
        stage.run([_article(name, *report, hours)])
        for name, report, hours in (("first", pair.first, 0), ("later", pair.later, pair.hours))
    )
    assert isinstance(answer, Duplicates)
    return answer.cluster_id == "first"


def _article(name: str, title: str, text: str, hours: float) -> StageInput:
    moment = _NOON + timedelta(hours=hours)
    clean = CleanText(
        title=title or None,
        text=text,
        language="en",
        form=Form.TEXT,
        published_at=moment,
        quality=Quality(words=len(text.split())),
    )
    return StageInput(Ref(name, 1), moment, source="news.example", clean=clean)


def measure() -> dict[str, float]:
    """Decide every pair, and print those that are decided wrongly."""
    right: dict[bool, list[bool]] = {True: [], False: []}
    for pair in pairs():
        found = is_found(pair)
        right[pair.is_copy].append(found == pair.is_copy)
        if found != pair.is_copy:
            print(f"{'not found' if pair.is_copy else 'wrongly called a copy'}: {pair.name}")
    return {
        "copies_accepted": sum(right[True]) / len(right[True]),
        "others_turned_down": sum(right[False]) / len(right[False]),
        "pairs": len(right[True]) + len(right[False]),
    }


def main() -> int:
    """Measure, write the report, and say whether the gates hold."""
    return Report("dedupe_gold", measure(), GATES, {"stage_version": str(DedupeStage.version)}).publish()


if __name__ == "__main__":
    raise SystemExit(main())
