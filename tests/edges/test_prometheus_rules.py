"""Prometheus' own tool reads the configuration and plays each alert through."""

import json
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT
from edges_tools import run, tool
from ledger_steps import finish
from unit.api.application import body, serving

from store import Store
from workers.metrics import METRICS, Instruments, Kind, Origin

pytestmark = pytest.mark.edges
FOLDER = ROOT / "deploy" / "prometheus"


@pytest.fixture
def promtool() -> str:
    return tool("promtool", "Debian's prometheus (apt-get install --no-install-recommends prometheus)")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "--syntax-only", FOLDER / "prometheus.yml"),
        ("check", "rules", FOLDER / "records.yml", FOLDER / "alerts.yml"),
        ("test", "rules", FOLDER / "alerts.test.yml"),
    ],
    ids=["configuration", "rules", "alerts"],
)
def test_promtool_finds_nothing(promtool: str, arguments: tuple[str, ...]) -> None:
    done = run(promtool, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def linted(promtool: str, text: bytes) -> str:
    """What promtool says of a page of metrics; nothing where it is as it should be."""
    done = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, check=False, timeout=60)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).decode()


def test_what_the_api_exports_is_as_prometheus_wants_it(promtool: str, store: Store) -> None:
    finish(store, 1)
    store.consumers.report("archive", "files", "0-0")
    with serving(store) as client:
        client.post("/v1/articles", json=body(2))
        assert linted(promtool, client.get("/metrics").content) == ""


@pytest.mark.parametrize("origin", [Origin.WORKER, Origin.KEEPER, Origin.WEBHOOKS, Origin.SINK])
def test_what_other_processes_export_is_as_prometheus_wants_it(promtool: str, origin: Origin) -> None:
    instruments = Instruments(origin)
    made = {Kind.COUNTER: instruments.counter, Kind.GAUGE: instruments.gauge, Kind.HISTOGRAM: instruments.histogram}
    for metric in METRICS.values():
        if metric.origin is origin:
            made[metric.kind](metric.name, *("x" for _ in metric.labels))
    assert linted(promtool, instruments.text()) == ""


def test_promtool_would_say_what_is_wrong(promtool: str) -> None:
    assert "no help text" in linted(promtool, b"# TYPE things counter\nthings 1\n")


def test_prometheus_understands_what_the_dashboard_asks(promtool: str, tmp_path: Path) -> None:
    panels = json.loads((ROOT / "deploy" / "grafana" / "dashboards" / "dateline.json").read_text("utf-8"))["panels"]
    asked = [target["expr"] for panel in panels for target in panel.get("targets", ())]
    rules = [{"record": f"dashboard:{number}", "expr": expression} for number, expression in enumerate(asked)]
    file = tmp_path / "dashboard.yml"
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}), "utf-8")
    done = run(promtool, "check", "rules", file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(asked)} rules found" in done.stdout
