import json
from pathlib import Path

import pytest

from benchmarks.figures import QUALITY, document
from benchmarks.report import Report


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("value", "code"), [(0.9, 0), (0.95, 0), (0.89, 1)])
def test_a_missed_gate_fails_the_benchmark(value: float, code: int) -> None:
    assert Report("clean", {"f1": value}, {"f1": {"min": 0.9}}).publish() == code


def test_an_upper_gate_is_one_as_well() -> None:
    assert Report("dedupe", {"lost": 1}, {"lost": {"max": 0}}).failed() == ["lost"]


def test_a_gate_for_a_metric_that_was_not_measured_is_a_defect() -> None:
    with pytest.raises(KeyError):
        Report("dedupe", {}, {"lost": {"max": 0}}).failed()


def test_the_report_is_written_for_machines() -> None:
    Report("clean", {"f1": 0.9}, {"f1": {"min": 0.5}}, {"corpus": "1"}).publish()
    written = json.loads(Path("reports/clean.json").read_text())
    assert written["metrics"] == {"f1": 0.9}
    assert written["gates"] == {"f1": {"min": 0.5}}
    assert written["data"] == {"corpus": "1"}


def test_the_figures_name_the_command_and_what_is_missing() -> None:
    Report("clean", {"f1": 0.9}, {"f1": {"min": 0.5}}).publish()
    text = document("Quality", QUALITY)
    assert "`make quality-clean`" in text
    assert "| `f1` | 0.9 | min 0.5 |" in text
    assert text.count("Not run.") == len(QUALITY) - 1
