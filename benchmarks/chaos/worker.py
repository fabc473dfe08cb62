"""A Dateline worker for chaos runs: real stages, or stages that only take a moment in their place.

``DATELINE_CHAOS_STAGES`` names the real ones, joined with commas. Those that write to shared indexes matter most;
entities and geotag take time from faults, but a process that loads models and has large batches in work dies otherwise
than one that does next to nothing.
"""

import os
import sys
from typing import Any

from stages import fake_stages

from schemas import StageName
from store import RedisDuplicateIndex, Store
from tasks import pipeline
from workers.__main__ import main


def _stages(store: Store, **settings: Any) -> Any:
    wanted = os.environ.get("DATELINE_CHAOS_STAGES", "")
    stages = fake_stages()
    if "clean" in wanted:
        from tasks.clean import CleanStage  # noqa: PLC0415 - a second of imports

        stages[StageName.CLEAN] = CleanStage()
    if "entities" in wanted:
        from tasks.entities import EntitiesStage  # noqa: PLC0415

        stages[StageName.ENTITIES] = EntitiesStage(settings["recognizer"])
    if "geotag" in wanted:
        from tasks.geotag import GeotagStage  # noqa: PLC0415

        stages[StageName.GEOTAG] = GeotagStage()
    if "dedupe" in wanted:
        from tasks.dedupe import DedupeStage  # noqa: PLC0415

        index = RedisDuplicateIndex(store.client, store.keys.prefix, retention_weeks=settings["duplicate_weeks"])
        stages[StageName.DEDUPE] = DedupeStage(index)
    return stages


if __name__ == "__main__":
    pipeline.stages = _stages
    sys.exit(main())
