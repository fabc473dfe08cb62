"""Copies that race through real processes, many of which are killed after a commit: one original for each pair."""

import pytest

from benchmarks import bench_dedupe

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning"),  # from Python 3.12, beside threads
]


def test_killed_processes_leave_one_original_of_every_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_dedupe, "KILLED", 0.1)
    found = bench_dedupe.raced(200)
    assert found["processes_killed"] > 0
    assert (found["double_originals"], found["lost_originals"]) == (0, 0)
