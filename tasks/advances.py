"""Turns a stage's answer into its commit: the stage record, and for the last stage the outcome."""

from dataclasses import dataclass
from datetime import UTC, datetime

from schemas import Duplicates, FeedSummary, Geotags, Outcome, StageName, StageRecord, StageStatus
from schemas.base import Model
from store import STAGES, Advance, Found, Loaded, place_lines
from tasks.inputs import covered
from tasks.stage import Failed, Skipped, Stage, StageInput, Teaches

_WHOLE = frozenset({StageStatus.DONE, StageStatus.SKIPPED})


@dataclass(frozen=True, slots=True)
class Missing:
    """The stage could not work here at all: its record says ``unavailable`` and the outcome will be ``partial``."""

    reason: str


Answer = Model | Skipped | Missing | Failed


def advance(
    stage: Stage[Model],
    loaded: Loaded,
    answer: Model | Skipped | Missing,
    article: StageInput | None,
    milliseconds: float,
) -> Advance:
    """The commit of one stage of one article.

    Args:
        stage: The stage that answered.
        loaded: The article as the ledger holds it.
        answer: Its answer.
        article: Its input; ``None`` if that could not be read.
        milliseconds: The article's share of the batch's time.
    """
    record, output = _record(stage, loaded, answer, milliseconds), None
    if isinstance(answer, Model):
        output = answer.model_dump_json(exclude_defaults=True)
    if stage.name is not STAGES[-1]:
        return Advance(loaded.ref, record, output, found=_found(stage, answer, article))
    whole = all(each.status in _WHOLE for each in (*loaded.records.values(), record))
    entry = summary(loaded, article, answer if isinstance(answer, Duplicates) else None)
    outcome = Outcome.DONE if whole else Outcome.PARTIAL
    return Advance(loaded.ref, record, output, outcome, entry, covered=covered(article))


def _record(stage: Stage[Model], loaded: Loaded, answer: Model | Skipped | Missing, milliseconds: float) -> StageRecord:
    status, reason = StageStatus.DONE, None
    match answer:
        case Skipped(reason=why):
            status, reason = StageStatus.SKIPPED, why
        case Missing(reason=why):
            status, reason = StageStatus.UNAVAILABLE, why
    return StageRecord(
        stage=stage.name,
        status=status,
        version=stage.version,
        # A stage that cannot work may not be able to name its versions either.
        artefacts={} if isinstance(answer, Missing) else dict(stage.artefacts),
        reason=reason,
        attempts=loaded.attempts,
        milliseconds=round(milliseconds, 3),
        finished_at=datetime.now(UTC),
    )


def _found(stage: Stage[Model], answer: Model | Skipped | Missing, article: StageInput | None) -> Found | None:
    """What the geotag stage stores besides its output: the places to list the article under, and its lesson."""
    if stage.name is not StageName.GEOTAG:
        return None
    if not isinstance(answer, Geotags) or article is None:
        return Found("")
    lesson = stage.lesson(article, answer) if isinstance(stage, Teaches) else ""
    return Found(place_lines(answer), lesson, article.memory.version if article.memory else None)


def summary(loaded: Loaded, article: StageInput | None, duplicates: Duplicates | None = None) -> FeedSummary:
    """The feed entry of an article."""
    return FeedSummary.of(loaded.url, loaded.source, article.clean if article else None, duplicates)
