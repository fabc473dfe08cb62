"""What is checked before a worker starts."""

import os
import subprocess
import sys


def test_a_worker_does_not_start_without_the_recognizer_that_is_set() -> None:
    started = subprocess.run(
        [sys.executable, "-m", "workers"],
        env={**os.environ, "DATELINE_RECOGNIZER": "flair:news"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert started.returncode == 1
    assert "✗ DATELINE_RECOGNIZER=flair:news" in started.stderr
