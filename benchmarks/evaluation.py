"""Where evaluation data is that may not stand in the repository, and what is said where it is missing."""

import os
import sys
from pathlib import Path

MISSING = 2
"""Exit status of a measurement that lacks its data: it has neither passed nor failed."""


def data_folder(part: str) -> Path:
    """The folder of one part of the evaluation data, under ``DATELINE_EVAL_DATA``."""
    return Path(os.environ.get("DATELINE_EVAL_DATA", "../shared/data")) / part


def tell_missing(*missing: Path) -> int:
    """Say what is missing and what to do about it; returns the exit status."""
    names = ", ".join(map(str, missing))
    sys.stderr.write(f"evaluation data is missing: {names}; set DATELINE_EVAL_DATA to the folder that holds it\n")
    return MISSING
