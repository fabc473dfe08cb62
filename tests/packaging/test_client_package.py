"""The client is a distribution of its own: who scrapes needs httpx and nothing of the service."""

import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from conftest import ROOT

CLIENT = ROOT / "clients"
SERVER = {"schemas", "store", "tasks", "workers", "api", "cli", "redis", "celery", "pydantic", "fastapi", "scrapy"}


def test_it_depends_on_httpx_only() -> None:
    project = tomllib.loads((CLIENT / "pyproject.toml").read_text("utf-8"))["project"]
    assert [name.partition(">")[0] for name in project["dependencies"]] == ["httpx"]


def test_importing_it_loads_nothing_of_the_service() -> None:
    code = "import dateline_client, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=CLIENT, capture_output=True, text=True, check=True)
    assert not SERVER & {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_its_wheel_holds_the_package_its_types_and_the_licence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    built = subprocess.run(command, cwd=CLIENT, capture_output=True, text=True, timeout=60, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("dateline_client-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"dateline_client"}
    assert {"dateline_client/py.typed", "dateline_client/scrapy.py"} <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)
