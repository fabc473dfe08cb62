"""A Dateline worker for chaos runs: real stages where they matter, and between them stages that only take a moment.

``DATELINE_CHAOS_STAGES`` names the real ones, joined with commas. Entities and geotag only cost time here, which would
be taken from faults.
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
    if "dedupe" in wanted:
        from tasks.dedupe import DedupeStage  # noqa: PLC0415

        index = RedisDuplicateIndex(store.client, store.keys.prefix, retention_weeks=settings["duplicate_weeks"])
        stages[StageName.DEDUPE] = DedupeStage(index)
    return stages


if __name__ == "__main__":
    pipeline.stages = _stages
    sys.exit(main())
