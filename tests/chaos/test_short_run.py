"""A short chaos run: one seed, every kind of fault once. `make chaos` is the long one, with the control beside it."""

import pytest

from benchmarks.chaos import runs
from benchmarks.chaos.faults import KINDS, script

pytestmark = pytest.mark.integration
SIZE, ARTICLES = 2, 300


def test_nothing_is_lost_or_doubled_under_every_kind_of_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(runs, "FOLDER", tmp_path_factory.getbasetemp())
    faults = tuple(script(1, len(KINDS), SIZE))
    found = runs.dateline(runs.Plan(1, ARTICLES, faults, stages="dedupe"), size=SIZE)
    found.pop("repeated_requests")
    assert found.pop("recovery_starts_s") <= found.pop("recovery_s") < 60
    assert not any(found.values()), found
