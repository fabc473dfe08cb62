"""Prometheus' own tool reads the configuration and plays each alert through."""

import pytest
from conftest import ROOT
from edges_tools import run, tool

pytestmark = pytest.mark.edges
FOLDER = ROOT / "deploy" / "prometheus"


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "--syntax-only", FOLDER / "prometheus.yml"),
        ("check", "rules", FOLDER / "records.yml", FOLDER / "alerts.yml"),
        ("test", "rules", FOLDER / "alerts.test.yml"),
    ],
    ids=["configuration", "rules", "alerts"],
)
def test_promtool_finds_nothing(arguments: tuple[str, ...]) -> None:
    done = run(tool("promtool", "Debian's prometheus (apt-get install --no-install-recommends prometheus)"), *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
