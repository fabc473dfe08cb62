"""``python -m workers.metrics``: the table of all metrics for docs/operations.md."""

import sys

from workers.metrics.description import METRICS


def table() -> str:
    """All metrics as a Markdown table."""
    lines = ["| metric | labels | told by | meaning |", "| --- | --- | --- | --- |"]
    for metric in METRICS.values():
        labels = ", ".join(f"`{label}`" for label in metric.labels)
        lines.append(f"| `{metric.name}` | {labels} | {metric.origin} | {metric.help} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
