"""systemd's own opinion of the units, and a worker under what they ask of the kernel."""

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from conftest import ROOT, Workers, article, eventually
from edges_tools import run, tool

from cli.local.ports import free_port
from schemas import Lane, Submission
from store import NewArticle, Store

pytestmark = pytest.mark.edges
FOLDER = ROOT / "deploy" / "systemd"
NAMES = ["dateline-api", "dateline-worker@", "dateline-keeper", "dateline-webhooks", "dateline-flower", "dateline-sink"]
MOST = 2.0
"""Exposure as `systemd-analyze security` counts it, from 0 to 10."""


@pytest.fixture
def analyze() -> str:
    return tool("systemd-analyze", "Debian's systemd")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as they are installed, with this Python in the place of the one in /opt."""
    for unit in FOLDER.iterdir():
        text = unit.read_text("utf-8").replace("/opt/dateline/.venv/bin/python", sys.executable)
        (tmp_path / unit.name.replace("@.", "@live.")).write_text(text)
        (tmp_path / unit.name).write_text(text)
    (tmp_path / "dateline-worker@bulk.service").write_text((tmp_path / "dateline-worker@.service").read_text())
    return tmp_path


def test_systemd_finds_nothing_to_say(analyze: str, installed: Path) -> None:
    units = [installed / f"{name.replace('@', '@live')}.service" for name in NAMES]
    verified = run(analyze, "verify", *units, installed / "dateline.target", SYSTEMD_UNIT_PATH=f"{installed}:")
    assert verified.returncode == 0
    assert verified.stderr == ""


@pytest.mark.parametrize("name", NAMES)
def test_little_is_exposed(analyze: str, installed: Path, name: str) -> None:
    judged = run(analyze, "security", "--offline=yes", installed / f"{name.replace('@', '@live')}.service")
    found = re.search(r"exposure level for \S+: ([0-9.]+)", judged.stdout)
    assert found, judged.stderr
    assert float(found[1]) <= MOST


def test_the_filters_refuse_what_no_part_needs(analyze: str) -> None:
    assert analyze
    tried = (
        "import ctypes, mmap, os\n"
        "c = ctypes.CDLL(None, use_errno=True)\n"
        "print(c.mount(None, b'/', None, 0, None), ctypes.get_errno(), c.setuid(1), ctypes.get_errno())\n"
        "try: mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC)\n"
        "except OSError as error: print(type(error).__name__)\n"
    )
    sandbox = [sys.executable, ROOT / "tests" / "edges_sandbox.py", FOLDER / "dateline-api.service"]
    assert run(*sandbox, sys.executable, "-c", tried).stdout.split() == ["-1", "1", "-1", "1", "PermissionError"]


def test_a_worker_does_its_work_under_the_filters_of_its_unit(
    analyze: str, workers: Workers, real_store: Store
) -> None:
    assert analyze
    own = {**os.environ, **workers.environment(lease=30), "PYTHONPATH": str(ROOT)}
    unit = str(FOLDER / "dateline-worker@.service")
    command = [sys.executable, str(ROOT / "tests" / "edges_sandbox.py"), unit, sys.executable, "-m", "workers"]
    html = "<html><body><article><h1>Storm in Lisbon</h1>" + "<p>The mayor of Lisbon, Jane Doe, met NATO.</p>" * 9
    with (workers.folder / "confined.log").open("wb") as log:
        confined = subprocess.Popen(command, env=own, stdout=log, stderr=log)
    try:
        page = NewArticle(Submission(url="https://news.example/page", html=html), Lane.LIVE, "trace")
        real_store.ledger.accept([article(1), page])
        eventually(lambda: real_store.ledger.backlog().feed == 2, 90, "both outcomes")
    finally:
        confined.terminate()
        confined.wait(timeout=20)
    logged = (workers.folder / "confined.log").read_text()
    assert real_store.ledger.backlog().counts["done"] == 2, logged[-2000:]
    assert "PermissionError" not in logged
    assert "Operation not permitted" not in logged


PARTS = {
    "api": ["-m", "api"],
    "keeper": ["-m", "workers.keeper"],
    "webhooks": ["-m", "workers.webhooks"],
    "sink": ["-m", "cli", "sink", "files", "archive"],
    "flower": ["-m", "workers.flower", "--address=127.0.0.1"],
}


@pytest.mark.parametrize("name", PARTS)
def test_every_other_part_works_under_the_filters_of_its_unit(
    analyze: str, workers: Workers, real_store: Store, name: str
) -> None:
    assert analyze
    port, beating = free_port(), workers.folder / "heartbeat"
    set_for_it = workers.environment(api_port=port, heartbeat_file=beating, api_url=f"http://127.0.0.1:{port}")
    own = {**set_for_it, "PYTHONPATH": str(ROOT), "FLOWER_BASIC_AUTH": "me:secret"}
    command = [*PARTS[name], *([f"--port={port}"] if name == "flower" else [])]
    sandbox = [sys.executable, str(ROOT / "tests" / "edges_sandbox.py"), str(FOLDER / f"dateline-{name}.service")]
    with (workers.folder / "confined.log").open("wb") as log:
        confined = subprocess.Popen(
            [*sandbox, sys.executable, *command], env=own, cwd=workers.folder, stdout=log, stderr=log
        )

    def works() -> bool:
        if name not in {"api", "flower"}:
            return beating.exists()
        path = "/v1/health/accepting" if name == "api" else "/healthcheck"
        with suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{port}{path}").is_success
        return False

    try:
        eventually(works, 60, f"a sign of life of {name}")
        assert real_store.ledger.backlog().pending == 0
    finally:
        confined.terminate()
        status = confined.wait(timeout=20)
    logged = (workers.folder / "confined.log").read_text()
    assert status in {0, -15}, logged[-2000:]
    assert "PermissionError" not in logged
    assert "Operation not permitted" not in logged
