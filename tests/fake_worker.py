"""A real worker process whose stages are those of ``tests/stages.py``: ``python -m fake_worker``."""

import sys
from typing import Any

from stages import fake_stages

from tasks import pipeline
from workers.__main__ import main


def _fake(*_: Any, **__: Any) -> Any:
    return fake_stages()


if __name__ == "__main__":
    pipeline.stages = _fake
    sys.exit(main())
