from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flower import urls
from tornado.options import options

from workers import flower
from workers.settings import Settings
from workers.task_view import readable


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The options with which Flower was started."""
    seen: list[str] = []
    monkeypatch.setattr(flower.EventReceiver, "wakeup_workers", None)
    monkeypatch.setattr(flower.app, "start", seen.extend)
    monkeypatch.setattr(urls, "handlers", list(urls.handlers))
    for name in ("FLOWER_BASIC_AUTH", "FLOWER_AUTH", "FLOWER_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    with_settings(monkeypatch)
    yield seen
    options.format_task = None


def with_settings(monkeypatch: pytest.MonkeyPatch, **values: Any) -> None:
    monkeypatch.setattr(flower, "settings", lambda: Settings(_env_file=None, **values))


def test_the_login_is_read_from_a_file(started: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "login").write_text("me:secret\n")
    with_settings(monkeypatch, flower_login_file=tmp_path / "login")
    flower.main(["--port=1"])
    assert "--basic_auth=me:secret" in started
    assert started[-1] == "--port=1"


def test_without_a_file_flower_looks_for_its_own_setting(started: list[str]) -> None:
    flower.main([])
    assert not [option for option in started if "basic_auth" in option]


def test_it_listens_on_loopback_unless_it_is_told_otherwise(started: list[str]) -> None:
    assert flower.main([]) == 0
    assert "--address=127.0.0.1" in started


@pytest.mark.parametrize("address", ["0.0.0.0", "", "192.0.2.1", "::", "flower.example"])
def test_it_does_not_listen_to_others_without_a_login(
    started: list[str], capsys: pytest.CaptureFixture[str], address: str
) -> None:
    assert flower.main([f"--address={address}"]) == 2
    assert started == []
    assert "DATELINE_FLOWER_LOGIN_FILE" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost"])
def test_on_this_machine_it_needs_none(started: list[str], address: str) -> None:
    assert flower.main([f"--address={address}"]) == 0


def test_a_login_in_the_environment_opens_it(started: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWER_ADDRESS", "0.0.0.0")
    assert flower.main([]) == 2
    monkeypatch.setenv("FLOWER_BASIC_AUTH", "me:secret")
    assert flower.main([]) == 0


def test_what_it_remembers_is_bounded_and_never_written_down(started: list[str]) -> None:
    flower.main([])
    bounded = {option.partition("=")[0] for option in started}
    assert {"--max_tasks", "--max_workers", "--purge_offline_workers", "--read_only"} <= bounded
    assert "--persistent" not in bounded


def test_it_shows_batches_and_has_no_metrics_of_its_own(started: list[str]) -> None:
    before = len(urls.handlers)
    flower.main([])
    assert options.format_task is readable
    assert len(urls.handlers) == before - 1
    paths = [handler[0] for handler in urls.handlers if isinstance(handler, tuple)]
    assert "/metrics" not in paths
    assert "/healthcheck" in paths
