import socket
from pathlib import Path

import pytest

from workers.heartbeat import beat


def test_a_file_is_touched(tmp_path: Path) -> None:
    beat(tmp_path / "beat")
    assert (tmp_path / "beat").exists()


@pytest.mark.parametrize("abstract", [False, True])
def test_the_watchdog_of_systemd_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool) -> None:  # noqa: FBT001
    address = f"@{tmp_path}/notify" if abstract else f"{tmp_path}/notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{address[1:]}" if abstract else address)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        beat(None)
        assert listening.recv(64) == b"WATCHDOG=1"


def test_a_supervisor_that_does_not_listen_disturbs_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", f"{tmp_path}/nobody")
    beat(None)
