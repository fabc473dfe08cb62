"""A short run of the fuzzer, so that a page that hangs or breaks the stage is noticed soon."""

import pytest

from benchmarks.fuzz import Found, fuzz_clean
from schemas import Quarantine
from tasks.stage import Failed


def test_some_seconds_of_broken_pages_break_nothing() -> None:
    figures = fuzz_clean(4, number=7)
    assert figures["clean_errors"] == 0
    assert figures["clean_pages"] > 0
    assert figures["clean_cpu_s_max"] < 10


def test_the_fuzzer_bites(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    found = Found()
    monkeypatch.setattr(found.stage, "run", lambda articles: [Failed(Quarantine("no"))] * len(articles))
    found.try_one("<p>", as_text=False)
    assert found.errors == 1
    assert "Quarantine: html '<p>'" in capsys.readouterr().out
