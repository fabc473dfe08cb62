"""The contract of a stage: what it is given, what it may answer, and the promise that it spoils nobody else's work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar, runtime_checkable

from celery.exceptions import SoftTimeLimitExceeded

from schemas import CleanText, Duplicates, Entities, Geotags, Ref, StageName, Submission
from schemas.base import Model
from store import SourceMemory

MEMORY = "memory"
LINES = "source_lines"
"""Among a stage's inputs: what is known of the article's source."""
DECIDED = "decided"
"""Among a stage's inputs: what an earlier run decided."""
Output_co = TypeVar("Output_co", bound=Model, covariant=True)
Output = TypeVar("Output", bound=Model)


@dataclass(frozen=True, slots=True)
class StageInput:
    """One article as a stage sees it. Only what the stage's ``inputs`` name is loaded; the rest is ``None``.

    An earlier output may also be ``None`` because that stage was skipped or unavailable.
    """

    ref: Ref
    accepted_at: datetime
    source: str | None = None
    submission: Submission | None = None
    clean: CleanText | None = None
    entities: Entities | None = None
    geotag: Geotags | None = None
    memory: SourceMemory | None = None
    source_lines: frozenset[bytes] = frozenset()
    """Of its source, at the version that the article first saw: a rerun is given the same."""
    decided: Duplicates | None = None
    """What the dedupe stage said of it before it was sent through the pipeline once more."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """The stage does not apply to this article. ``reason`` is a short code, e.g. ``language``."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The stage could not do its work on this article; the exception's type says what may help."""

    error: Exception


class Stage(Protocol[Output_co]):
    """A pure function of its inputs with a name and a version.

    ``run`` keeps the order, answers once for every article, is deterministic, and is bounded in time and memory. An
    article that fails is answered with `Failed`; it never raises for one article, because that would spoil the others.
    Raising `schemas.Unavailable` means that the stage cannot work here at all.
    """

    @property
    def name(self) -> StageName:
        """Which stage this is."""

    @property
    def version(self) -> int:
        """Rises when the same input gives another output."""

    @property
    def inputs(self) -> Sequence[str]:
        """Which fields of `StageInput` it reads, by their names."""

    @property
    def artefacts(self) -> Mapping[str, str]:
        """Versions of the models and data files it uses."""

    def run(self, articles: Sequence[StageInput]) -> Sequence[Output_co | Skipped | Failed]:
        """Do the work for a batch of at most 32 articles."""


@runtime_checkable
class Teaches(Protocol):
    """A stage whose output is remembered of the article's source, once for each article."""

    def lesson(self, article: StageInput, output: Model) -> str:
        """What later articles of the source are given of this one; empty when it teaches nothing."""


def each(
    articles: Sequence[StageInput], work: Callable[[StageInput], Output | Skipped]
) -> list[Output | Skipped | Failed]:
    """Run a function that does one article at a time, so that one failure is only its own."""
    answers: list[Output | Skipped | Failed] = []
    for article in articles:
        try:
            answers.append(work(article))
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this article's alone
            answers.append(Failed(error))
    return answers
