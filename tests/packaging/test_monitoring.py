import importlib.util
import json
import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from conftest import ROOT
from ruamel.yaml import YAML

from workers.metrics import METRICS, Kind, Origin
from workers.metrics.__main__ import table

PROMETHEUS = ROOT / "deploy" / "prometheus"
GRAFANA = ROOT / "deploy" / "grafana"
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
SUFFIXES = {Kind.COUNTER: ("",), Kind.GAUGE: ("",), Kind.HISTOGRAM: ("_bucket", "_sum", "_count")}
SERIES = {metric.name + suffix: metric for metric in METRICS.values() for suffix in SUFFIXES[metric.kind]}


def read(name: str) -> Any:
    return YAML(typ="safe").load(PROMETHEUS / name)


def rules(name: str) -> list[dict[str, Any]]:
    return [rule for group in read(name)["groups"] for rule in group["rules"]]


@cache
def maker() -> ModuleType:
    """The script that makes the dashboard."""
    spec = importlib.util.spec_from_file_location("make_dashboard", ROOT / "scripts" / "make_dashboard.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def dashboard_expressions() -> Iterator[str]:
    for _, panels in maker().rows():
        for panel in panels:
            yield from (expression for expression, _ in panel.queries)


RECORDS = {rule["record"] for rule in rules("records.yml")}
ALERTS = rules("alerts.yml")
EXPRESSIONS = sorted({rule["expr"] for rule in (*rules("records.yml"), *ALERTS)} | set(dashboard_expressions()))


def used(expression: str) -> list[str]:
    return re.findall(r"\bdateline[_:][a-z0-9_:]+", expression)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_metric_that_is_asked_for_exists(expression: str) -> None:
    names = used(re.sub(r'"[^"]*"', '""', expression))
    assert names or "up{" in expression
    assert [name for name in names if name not in SERIES and name not in RECORDS] == []


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_labels_that_are_asked_for_exist(expression: str) -> None:
    for name, matchers in re.findall(r"\b(dateline_[a-z0-9_]+)\{([^}]*)\}", expression):
        asked = {matcher.split("=")[0].rstrip("!") for matcher in matchers.split(",")}
        assert asked <= {*SERIES[name].labels, "job", "instance"}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_every_api_tells_alike_is_never_added_up(expression: str) -> None:
    """Each metric of the store stands inside ``max`` or ``min``, the innermost aggregation around it."""
    for match in re.finditer(r"\bdateline_[a-z0-9_]+", expression):
        if SERIES[match.group()].origin is Origin.STORE:
            around = re.findall(r"\b(max|min|sum|count|avg)\b(?: by \([a-z, ]*\))? \(?|\b(max|min|sum|count|avg)\(",
                                expression[: match.start()])  # fmt: skip
            assert around, match.group()
            assert "".join(around[-1]) in {"max", "min"}, match.group()


def test_everything_that_is_exported_is_documented() -> None:
    assert table() in OPERATIONS, "put the output of `python -m workers.metrics` into docs/operations.md"


def test_everything_that_is_exported_is_shown_or_watched() -> None:
    asked = {SERIES[name].name for expression in EXPRESSIONS for name in used(expression) if name in SERIES}
    assert set(METRICS) == asked


@pytest.mark.parametrize("alert", ALERTS, ids=[rule["alert"] for rule in ALERTS])
def test_each_alert_says_what_to_do(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] in {"page", "ticket"}
    file, _, anchor = alert["annotations"]["runbook_url"].partition("#")
    assert file == "docs/operations.md"
    assert anchor == alert["alert"].lower()
    assert f"\n### {alert['alert']}\n" in OPERATIONS


def test_each_alert_is_played_through() -> None:
    tests = [test for case in read("alerts.test.yml")["tests"] for test in case["alert_rule_test"]]
    fires = {test["alertname"] for test in tests if test["exp_alerts"]}
    stays_quiet = {test["alertname"] for test in tests if not test["exp_alerts"]}
    assert fires == stays_quiet == {rule["alert"] for rule in ALERTS}


def test_the_dashboard_is_what_its_script_makes() -> None:
    assert (GRAFANA / "dashboards" / "dateline.json").read_text("utf-8") == maker().document(), (
        "run python scripts/make_dashboard.py"
    )


def test_panels_of_the_dashboard_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(maker().document())["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_the_dashboard_reads_the_source_that_is_provisioned() -> None:
    [source] = YAML(typ="safe").load(GRAFANA / "provisioning" / "datasources" / "prometheus.yml")["datasources"]
    panels = [panel for panel in json.loads(maker().document())["panels"] if panel["type"] != "row"]
    assert {panel["datasource"]["uid"] for panel in panels} == {source["uid"]}


def test_prometheus_reads_the_rules_and_sends_its_key() -> None:
    config = read("prometheus.yml")
    assert config["rule_files"] == ["records.yml", "alerts.yml"]
    jobs = {job["job_name"]: job for job in config["scrape_configs"]}
    assert jobs["dateline-api"]["authorization"] == {"credentials_file": "/run/secrets/metrics_key"}
    watched = {job for rule in ALERTS for job in re.findall(r'job="([^"]+)"', rule["expr"])}
    assert watched <= set(jobs)
