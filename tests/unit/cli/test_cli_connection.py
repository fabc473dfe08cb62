from pathlib import Path

import pytest

from cli import connection
from cli.env_example import document
from cli.local.state import LocalInstance, StateDir
from workers.settings import Settings

LOCAL = LocalInstance(
    1, "http://local:1", "http://flower", "dateline:pw", "redis://local/0", "redis://local/1", "dl_local"
)


def configure(monkeypatch: pytest.MonkeyPatch, folder: Path, *, local: bool, **given: str) -> None:
    if local:
        StateDir(folder).write(LOCAL)
    settings = Settings(_env_file=None, state_dir=folder, **given)  # type: ignore[call-arg,arg-type]
    monkeypatch.setattr(connection, "settings", lambda: settings)


def test_a_local_dateline_is_found_through_what_it_wrote_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    configure(monkeypatch, tmp_path, local=True)
    assert connection.api_address() == connection.ApiAddress("http://local:1", "dl_local")
    assert connection.store_url() == "redis://local/0"
    assert connection.broker_url() == "redis://local/1"


def test_what_was_configured_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {"api_url": "http://far/", "api_key": "dl_far", "redis_url": "redis://far/0", "broker_url": "redis://far/1"}
    configure(monkeypatch, tmp_path, local=True, **given)
    assert connection.api_address() == connection.ApiAddress("http://far", "dl_far")
    assert connection.store_url() == "redis://far/0"
    assert connection.broker_url() == "redis://far/1"


def test_a_local_key_is_never_sent_to_another_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    configure(monkeypatch, tmp_path, local=True, api_url="http://far")
    assert connection.api_address().key is None


def test_without_either_the_defaults_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    configure(monkeypatch, tmp_path, local=False)
    assert connection.api_address().url == "http://127.0.0.1:8000"
    assert connection.store_url() == "redis://127.0.0.1:6379/0"


def test_the_example_of_the_environment_names_every_setting_with_its_reason() -> None:
    text = document()
    for name, field in Settings.model_fields.items():
        assert f"\n#DATELINE_{name.upper()}=" in text
        assert field.description
