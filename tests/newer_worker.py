"""A worker of a Dateline to come, with the stages of ``tests/stages.py``: ``python -m newer_worker``.

Its stages have version 2, and its clean stage adds a field to its output, which this version does not know. With
``NEWER_FORMAT=2`` it also writes a format that this version cannot read.
"""

import os
import sys
from collections.abc import Mapping
from typing import Any

from stages import FakeStage

from schemas import CleanText, StageName
from schemas.base import Model
from store import formats
from tasks import inputs, pipeline
from tasks.stage import StageInput
from workers.__main__ import main


class NewerCleanText(CleanText):
    """With a field that was added."""

    mood: str = "calm"


class NewerClean(FakeStage):
    """Makes them."""

    def _output(self, article: StageInput, text: str) -> Model:
        known = super()._output(article, text).model_dump()
        return NewerCleanText.model_validate(known | {"mood": "cheerful"})


def _stages(*_: Any, **__: Any) -> Mapping[StageName, Any]:
    return {name: (NewerClean if name is StageName.CLEAN else FakeStage)(name, version=2) for name in StageName}


if __name__ == "__main__":
    inputs.PARTS[StageName.CLEAN.value] = NewerCleanText
    formats.FORMAT = int(os.environ.get("NEWER_FORMAT", "1"))
    pipeline.stages = _stages  # type: ignore[assignment]
    sys.exit(main())
