"""Make the Grafana dashboard: ``python scripts/make_dashboard.py`` writes deploy/grafana/dashboards/dateline.json.

It is made of deploy/grafana/dashboard.yml, because a dashboard's JSON cannot be reviewed.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

_FOLDER: Final = Path(__file__).resolve().parent.parent / "deploy" / "grafana"
FILE: Final = _FOLDER / "dashboards" / "dateline.json"
_SOURCE: Final = {"type": "prometheus", "uid": "dateline-prometheus"}
_COLUMNS: Final = 24


@dataclass(frozen=True, slots=True)
class Panel:
    """One graph, or one number."""

    title: str
    told: str
    queries: list[list[str]]
    """Expression and legend."""
    unit: str = "short"
    width: int = 8
    kind: str = "timeseries"
    steps: list[list[Any]] = field(default_factory=lambda: [["green", None]])
    """Colours from a value on."""
    stacked: bool = False


def rows() -> list[tuple[str, list[Panel]]]:
    """Title and panels of each row."""
    written = YAML(typ="safe").load(_FOLDER / "dashboard.yml")
    return [(row["row"], [Panel(**panel) for panel in row["panels"]]) for row in written]


def _height(panel: Panel) -> int:
    return 4 if panel.kind == "stat" else 8


def _panel(panel: Panel, number: int, left: int, top: int) -> dict[str, Any]:
    steps = [{"color": colour, "value": value} for colour, value in panel.steps]
    custom = {"fillOpacity": 10, "showPoints": "never", "stacking": {"mode": "normal" if panel.stacked else "none"}}
    defaults: dict[str, Any] = {"unit": panel.unit, "min": 0, "thresholds": {"mode": "absolute", "steps": steps}}
    options: dict[str, Any] = {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "background"}
    if panel.kind == "timeseries":
        defaults["custom"] = custom
        options = {
            "legend": {"displayMode": "list", "placement": "bottom"},
            "tooltip": {"mode": "multi", "sort": "desc"},
        }
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.told,
        "datasource": _SOURCE,
        "gridPos": {"h": _height(panel), "w": panel.width, "x": left, "y": top},
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": options,
        "targets": [
            {"refId": chr(ord("A") + index), "datasource": _SOURCE, "expr": expression, "legendFormat": legend}
            for index, (expression, legend) in enumerate(panel.queries)
        ],
    }


def _laid_out() -> Iterator[dict[str, Any]]:
    """Rows from top to bottom, their panels from left to right."""
    top, number = 0, 1
    for title, panels in rows():
        place = {"h": 1, "w": _COLUMNS, "x": 0, "y": top}
        yield {"id": number, "type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": place}
        top, left, number = top + 1, 0, number + 1
        for panel in panels:
            if left + panel.width > _COLUMNS:
                top, left = top + _height(panel), 0
            yield _panel(panel, number, left, top)
            left, number = left + panel.width, number + 1
        top += _height(panels[-1])


def document() -> str:
    """The dashboard as Grafana reads it."""
    dashboard = {
        "uid": "dateline",
        "title": "Dateline",
        "tags": ["dateline"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "15s",
        "time": {"from": "now-3h", "to": "now"},
        "timezone": "utc",
        "panels": list(_laid_out()),
        "annotations": {
            "list": [
                {
                    "name": "Alerts",
                    "datasource": _SOURCE,
                    "enable": True,
                    "expr": 'ALERTS{alertname=~"Dateline.*",alertstate="firing"}',
                    "titleFormat": "{{alertname}}",
                }
            ]
        },
    }
    return json.dumps(dashboard, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(document(), "utf-8")
    sys.exit(0)
