"""Runs of articles with what an editor expects of each, as they stand in ``benchmarks/gold/copies*.toml``."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import chain
from pathlib import Path

from schemas import CleanText, Duplicates, Ref, Relation, Submission
from tasks.clean import CleanStage
from tasks.dedupe import DedupeStage, DuplicateIndex
from tasks.stage import StageInput

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
_CASES = (Path("benchmarks/gold/copies.toml"), Path("benchmarks/gold/copies_unseen.toml"))
_HOST = "news.example"


class Half(StrEnum):
    """To which part of the gold set something belongs: no longer halves, since a third was written."""

    WORKED_ON = "worked on"
    KEPT_BACK = "kept back"
    """Until stage version 7, and looked at since."""
    UNSEEN = "unseen"
    """Written before ADR 38 was worked on, and looked at once, after it."""


class Expected(StrEnum):
    """What an editor expects of a later article."""

    COPY = "copy"
    CLUSTER = "cluster"
    STANDS = "stands"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Told:
    """One article of a case."""

    name: str
    title: str
    text: str
    host: str = _HOST
    hours: float = 0
    expected: Expected = Expected.APART
    informs: bool = False
    """Whether its body must count as saying enough."""


@dataclass(frozen=True, slots=True)
class Case:
    """Articles in the order of their arrival; the others are compared with the first."""

    name: str
    half: Half
    articles: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Answered:
    """An article with what the stage says of it."""

    told: Told
    answer: Duplicates
    with_first: bool
    """Whether it shares the cluster of the case's first article."""

    @property
    def stands_alone(self) -> bool:
        """Whether it opens a cluster of its own."""
        return self.answer.cluster_id == self.told.name

    @property
    def wrong(self) -> str | None:
        """What an editor would object to; ``None`` where nothing is wrong."""
        if self.told.informs and self.answer.relation is Relation.LOW_INFORMATION:
            return "said to tell too little"
        match self.told.expected:
            case Expected.COPY | Expected.CLUSTER if not self.with_first:
                return "not found"
            case Expected.APART | Expected.STANDS if self.answer.is_copy:
                return "hidden, and is no copy"
            case Expected.APART if self.with_first:
                return "called the same report, and is not"
        return None


def cases(half: Half) -> Iterator[Case]:
    """The cases of one half, in the order of the files."""
    for row in chain.from_iterable(tomllib.loads(path.read_text("utf-8"))["case"] for path in _CASES):
        if row["half"] != half:
            continue
        parts = {name: text.strip() for name, text in row.get("parts", {}).items()}
        articles = [
            Told(
                name=f"{row['name']}, {place}",
                title=article.get("title", ""),
                text=unwrapped(article["text"].strip().format(**parts)),
                host=article.get("host", _HOST),
                hours=article.get("hours", 0),
                expected=Expected(article.get("expect", Expected.APART)),
                informs=article.get("informs", False),
            )
            for place, article in enumerate(row["article"], 1)
        ]
        yield Case(row["name"], half, articles)


def unwrapped(text: str) -> str:
    """One line for each paragraph: the files wrap their lines, articles do not."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)


def run(case: Case, index: DuplicateIndex) -> list[Answered]:
    """Clean and decide the articles of a case, one after the other."""
    stage, answered = DedupeStage(index), list[Answered]()
    for told in case.articles:
        [answer] = stage.run([cleaned(told)])
        if not isinstance(answer, Duplicates):
            raise ValueError(f"{told.name}: {answer}")
        first = answered[0].answer.cluster_id if answered else None
        answered.append(Answered(told, answer, answer.cluster_id == first))
    return answered


def cleaned(told: Told) -> StageInput:
    """The article as the dedupe stage gets it when a scraper has pushed it as text."""
    moment = NOON + timedelta(hours=told.hours)
    submission = Submission(
        title=told.title or None, text=told.text, source_domain=told.host, published_at=moment.isoformat()
    )
    ref = Ref(told.name, 1)
    [clean] = CleanStage().run([StageInput(ref, moment, source=told.host, submission=submission)])
    if not isinstance(clean, CleanText):
        raise ValueError(f"{told.name}: {clean}")
    return StageInput(ref, moment, source=told.host, clean=clean)
