"""A benchmark's report: a table for people, JSON for machines, and gates that fail it."""

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

FOLDER = Path("reports")
Gates = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Report:
    """What was measured, and what it has to reach.

    Attributes:
        name: Name of the file under ``reports/``.
        metrics: Metric to number; names say corpus, measure and unit.
        gates: Metric to ``{"min": …}`` or ``{"max": …}``.
        data: Versions of what was measured on.
    """

    name: str
    metrics: Mapping[str, float]
    gates: Gates = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)

    def failed(self) -> list[str]:
        """The gates that were missed."""
        missed = []
        for metric, gate in self.gates.items():
            value = self.metrics[metric]
            if value < gate.get("min", value) or value > gate.get("max", value):
                missed.append(metric)
        return missed

    def publish(self) -> int:
        """Print the table, write the JSON; returns the exit code: 1 when a gate was missed."""
        missed = self.failed()
        table = Table("metric", "value", "gate", title=self.name)
        for metric, value in self.metrics.items():
            gate = ", ".join(f"{kind} {bound:g}" for kind, bound in self.gates.get(metric, {}).items())
            shown = f"{value:,.4g}" if abs(value) < 1_000 else f"{value:,.0f}"  # noqa: PLR2004
            table.add_row(
                metric, shown, f"{gate} ✗" if metric in missed else gate, style="red" if metric in missed else ""
            )
        Console().print(table)
        FOLDER.mkdir(exist_ok=True)
        document = {
            "name": self.name,
            "metrics": dict(self.metrics),
            "gates": {name: dict(gate) for name, gate in self.gates.items()},
            "data": dict(self.data),
            "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        }
        (FOLDER / f"{self.name}.json").write_text(json.dumps(document, indent=2) + "\n")
        return 1 if missed else 0
