"""The contract of a stage: its inputs, its answers, and that one failure does not affect other articles."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar, runtime_checkable

from celery.exceptions import SoftTimeLimitExceeded

from schemas import CleanText, Duplicates, Entities, Geotags, Ref, StageName, Submission
from schemas.base import Model
from store import SourceMemory

MEMORY = "memory"
"""Among a stage's inputs: the memory of the article's source."""
LINES = "source_lines"
"""Among a stage's inputs: the lines that are frequent in the article's source."""
DECIDED = "decided"
"""Among a stage's inputs: the decision of the dedupe stage in an earlier run."""
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
    """Memory of its source, at the version that the article was first given: a rerun is given the same."""
    source_lines: frozenset[bytes] = frozenset()
    """Digests of the lines that are frequent in its source now: a rerun may be given others."""
    decided: Duplicates | None = None
    """The decision of the dedupe stage before the article was sent through the pipeline again."""


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
    """A stage that adds a lesson to the memory of the article's source, once for each article."""

    def lesson(self, article: StageInput, output: Model) -> str:
        """What later articles of the source are given from this one; empty if nothing."""


def each(
    articles: Sequence[StageInput], work: Callable[[StageInput], Output | Skipped]
) -> list[Output | Skipped | Failed]:
    """Run a function for each article; a failure affects only its own article."""
    answers: list[Output | Skipped | Failed] = []
    for article in articles:
        try:
            answers.append(work(article))
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this article's alone
            answers.append(Failed(error))
    return answers
