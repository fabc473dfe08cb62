from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

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


@pytest.mark.parametrize(
    "wrong",
    [{"webhook_allow": "10.0.0.0/8,inside"}, {"webhook_allow": "10.0.0.1/8"}, {"webhook_retries": "5,,9"},
     {"webhook_retries": "1..2"}, {"webhook_max_bytes": 10}],
)  # fmt: skip
def test_what_webhooks_cannot_work_with_is_refused_at_the_start(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None, **wrong)


def test_networks_that_webhooks_may_call_are_read() -> None:
    read = Settings(_env_file=None, webhook_allow="10.0.0.0/8, fd00::/8,")
    assert read.webhook_allowed_networks == ("10.0.0.0/8", "fd00::/8")


def test_secrets_are_not_shown() -> None:
    shown = repr(Settings(_env_file=None, redis_url="redis://:hunter2@host/0", api_key="dl_a_b"))
    assert "hunter2" not in shown
    assert "dl_a_b" not in shown


@pytest.mark.parametrize(
    "wrong", [{"claim_articles": 0}, {"claim_articles": 33}, {"bulk_share": 1}, {"api_port": 0}, {"lease": 0}]
)
def test_values_out_of_bounds_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["localhost:6379", "http://host", "redis://:hunter2@host:port/0", ""])
def test_an_address_that_is_none_of_redis_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(ValidationError, match="redis://host:6379/0") as error:
        Settings(_env_file=None, redis_url=address)
    assert "hunter2" not in error.value.errors(include_input=False)[0]["msg"]


def test_a_file_of_settings_is_read(tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text("DATELINE_PREFIX=other\n")
    assert Settings(_env_file=file).prefix == "other"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("redis://redis:6379/0", "redis://:s%2Fcret@redis:6379/0"),
        ("rediss://api@redis:6379/0?ssl_ca_certs=/ca", "rediss://api:s%2Fcret@redis:6379/0?ssl_ca_certs=/ca"),
        ("redis://api:own@redis:6379/0", "redis://api:own@redis:6379/0"),
    ],
)
def test_the_password_of_redis_is_read_from_a_file(tmp_path: Path, given: str, used: str) -> None:
    (tmp_path / "secret").write_text("s/cret\n")
    read = Settings(_env_file=None, redis_password_file=tmp_path / "secret", redis_url=SecretStr(given))
    assert read.redis_url.get_secret_value() == used
    assert read.broker_url.get_secret_value() == "redis://:s%2Fcret@127.0.0.1:6379/1"


def test_a_secret_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"secret in .*/absent cannot be read"):
        Settings(_env_file=None, redis_password_file=tmp_path / "absent")
