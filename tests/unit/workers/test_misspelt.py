from pathlib import Path

import pytest

from workers.misspelt import misspelt, misspelt_here
from workers.settings import Settings


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DATELINE_RETENTION_RESULT", "DATELINE_RETENTION_RESULTS"),
        ("dateline_story_day", "DATELINE_STORY_DAYS"),
        ("DATELINE_REDISURL", "DATELINE_REDIS_URL"),
        ("DATELINE_WORKER_CONCURENCY", "DATELINE_WORKER_CONCURRENCY"),
    ],
)
def test_a_misspelt_setting_is_told_with_the_one_that_is_meant(name: str, meant: str) -> None:
    assert misspelt([name]) == {name.upper(): meant}


def test_no_setting_is_taken_for_another_one() -> None:
    assert misspelt(f"DATELINE_{name}" for name in Settings.model_fields) == {}


@pytest.mark.parametrize(
    "name", ["DATELINE_URL", "DATELINE_KEY", "DATELINE_VERSION", "DATELINE_BATCH_ITEMS", "REDIS_URLS", "PATH"]
)
def test_names_of_other_programs_are_passed_over(name: str) -> None:
    assert misspelt([name]) == {}


def test_the_environment_and_the_file_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("DATELINE_LEASES=5\nDATELINE_LEASE=30\n", "utf-8")
    monkeypatch.setenv("DATELINE_LOGLEVEL", "DEBUG")
    assert misspelt_here() == {"DATELINE_LEASES": "DATELINE_LEASE", "DATELINE_LOGLEVEL": "DATELINE_LOG_LEVEL"}
