from pathlib import Path
from typing import Any

import pytest

from workers import flower
from workers.settings import Settings


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The options with which Flower was started."""
    seen: list[str] = []
    monkeypatch.setattr(flower.EventReceiver, "wakeup_workers", None)
    monkeypatch.setattr(flower.app, "start", seen.extend)
    return seen


def with_settings(monkeypatch: pytest.MonkeyPatch, **values: Any) -> None:
    monkeypatch.setattr(flower, "settings", lambda: Settings(_env_file=None, **values))


def test_the_login_is_read_from_a_file(started: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "login").write_text("me:secret\n")
    with_settings(monkeypatch, flower_login_file=tmp_path / "login")
    flower.main(["--port=1"])
    assert "--basic_auth=me:secret" in started
    assert started[-1] == "--port=1"


def test_without_a_file_flower_looks_for_its_own_setting(started: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(monkeypatch)
    flower.main([])
    assert not [option for option in started if "basic_auth" in option]
