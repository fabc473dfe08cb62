"""The pipeline: which stages, in which order, as which tasks, on which queues. Composed here and nowhere else."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from celery import Celery, chain, shared_task

from schemas import Lane, Ref, StageName, Submission, Unavailable
from schemas.base import Model
from store import RedisDuplicateIndex, RedisStoryIndex, Store, Successions
from tasks.base import StageTask
from tasks.batch import Batch, WireBatch
from tasks.stage import Stage, StageInput
from tasks.withdrawal import Withdrawal


@shared_task(base=StageTask, bind=True, name="dateline.clean", stage=StageName.CLEAN)
def clean(self: StageTask, lane: str) -> WireBatch:
    """Claim a batch from the lanes and clean it."""
    return self.process(self.claim(canary=lane == CANARY))


@shared_task(base=StageTask, bind=True, name="dateline.entities", stage=StageName.ENTITIES)
def entities(self: StageTask, batch: WireBatch) -> WireBatch:
    """Find who and what the articles name."""
    return self.process(Batch.read(batch))


@shared_task(base=StageTask, bind=True, name="dateline.geotag", stage=StageName.GEOTAG)
def geotag(self: StageTask, batch: WireBatch) -> WireBatch:
    """Find where on Earth the articles are."""
    return self.process(Batch.read(batch))


@shared_task(base=StageTask, bind=True, name="dateline.dedupe", stage=StageName.DEDUPE)
def dedupe(self: StageTask, batch: WireBatch) -> WireBatch:
    """Find what the articles are copies of, and publish them."""
    return self.process(Batch.read(batch))


def queue(lane: Lane, stage: StageName) -> str:
    """The broker queue of a stage in a lane."""
    return f"dateline.{lane}.{stage}"


def queues(lane: Lane | None = None) -> tuple[str, ...]:
    """The queues of a lane, or of both, in the order in which workers look at them.

    Live before bulk, and late stages first, so that what was claimed is finished before more is claimed and leases stay
    short.
    """
    lanes = (lane,) if lane else (Lane.LIVE, Lane.BULK)
    return tuple(queue(lane, stage) for lane in lanes for stage in reversed(StageName))


QUEUES = queues()
CANARY = "canary"
"""In the place of a lane: the wake-up is for the canary's ledger."""


def stages(store: Store, *, recognizer: str, duplicate_weeks: int, story_days: int) -> dict[StageName, Stage[Model]]:
    """The stages of one process. Models and gazetteers load on first use.

    The stages are imported here, because the API, which only publishes wake-ups, needs none of their libraries.
    """
    from tasks.clean import CleanStage  # noqa: PLC0415
    from tasks.dedupe import DedupeStage  # noqa: PLC0415
    from tasks.entities import EntitiesStage  # noqa: PLC0415
    from tasks.geotag import GeotagStage  # noqa: PLC0415

    index = RedisDuplicateIndex(store.client, store.keys.prefix, retention_weeks=duplicate_weeks)
    stories = RedisStoryIndex(store.client, store.keys.prefix, window_days=story_days)
    return {
        StageName.CLEAN: CleanStage(),
        StageName.ENTITIES: EntitiesStage(recognizer),
        StageName.GEOTAG: GeotagStage(),
        StageName.DEDUPE: DedupeStage(index, stories),
    }


def canary_stages(stages: Mapping[StageName, Stage[Model]], store: Store) -> dict[StageName, Stage[Model]]:
    """The same stages, with a duplicate index of their own: no article may become a copy of the canary.

    Args:
        stages: Those of the articles; models and gazetteers are shared.
        store: The store of the canary.
    """
    from tasks.dedupe import DedupeStage  # noqa: PLC0415

    return {
        **stages,
        StageName.DEDUPE: DedupeStage(RedisDuplicateIndex(store.client, store.keys.prefix, retention_weeks=1)),
    }


def withdrawal(store: Store) -> Withdrawal:
    """Withdraws articles from the ledger and from every index that the stages fill."""
    prefix = store.keys.prefix
    copies = Successions(store.client, store.keys, store.scripts, RedisDuplicateIndex(store.client, prefix))
    return Withdrawal(store, removals=(copies.withdraw, RedisStoryIndex(store.client, prefix).withdraw))


_WARM_UP = Submission(text="Berlin\n\nThe mayor of Paris, Jane Doe, met officials of the United Nations on Monday.")


def warm(stages: Mapping[StageName, Stage[Model]]) -> None:
    """Load what the stages load on first use, so that no article waits for it.

    What is missing is not an error here: each article's stage record will say so. The shared index of duplicates is
    left alone.
    """
    from tasks.dedupe import DedupeStage, MemoryIndex, MemoryStories  # noqa: PLC0415

    known: dict[str, Any] = {"ref": Ref("warm-up", 1), "accepted_at": datetime.now(UTC), "submission": _WARM_UP}
    for name, stage in stages.items():
        warmed = DedupeStage(MemoryIndex(), MemoryStories()) if isinstance(stage, DedupeStage) else stage
        try:
            [output] = warmed.run([StageInput(**known)])
        except Unavailable:
            continue
        known[name.value] = output if isinstance(output, Model) else None


def wake_up(app: Celery, lane: Lane) -> None:
    """Publish one wake-up: a chain that will claim a batch and pass it through all stages."""
    _publish(app, lane, lane.value)


def wake_for_canary(app: Celery) -> None:
    """Publish a wake-up for the canary, on the way of live articles."""
    _publish(app, Lane.LIVE, CANARY)


def _publish(app: Celery, lane: Lane, claimed: str) -> None:
    first, *rest = (app.signature(f"dateline.{stage}", queue=queue(lane, stage)) for stage in StageName)
    chain(first.clone(args=(claimed,)), *rest, app=app).apply_async()
