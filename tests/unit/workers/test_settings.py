from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from workers.settings import Settings


def test_a_plain_number_means_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_LEASE", "5")
    assert Settings(_env_file=None).lease == timedelta(seconds=5)


def test_iso_8601_durations_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_RETENTION_RESULTS", "P2D")
    assert Settings(_env_file=None).retention_results == timedelta(days=2)


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("example.org", False)],
)
def test_only_loopback_counts_as_local(host: str, local: bool) -> None:  # noqa: FBT001
    assert Settings(_env_file=None, api_host=host).api_is_local is local


def test_secrets_are_not_shown() -> None:
    shown = repr(Settings(_env_file=None, redis_url="redis://:hunter2@host/0", api_key="dl_a_b"))
    assert "hunter2" not in shown
    assert "dl_a_b" not in shown


@pytest.mark.parametrize("wrong", [{"claim_articles": 0}, {"claim_articles": 33}, {"bulk_share": 1}, {"api_port": 0}])
def test_values_out_of_bounds_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None, **wrong)  # type: ignore[arg-type]


def test_a_file_of_settings_is_read(tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text("DATELINE_PREFIX=other\n")
    assert Settings(_env_file=file).prefix == "other"
