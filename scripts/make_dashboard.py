"""Make the Grafana dashboard: ``python scripts/make_dashboard.py`` writes deploy/grafana/dashboards/dateline.json.

Written as a list of panels, because a dashboard's JSON cannot be reviewed. A test holds the file against this list, and
each expression against the metrics that exist.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FILE: Final = Path("deploy/grafana/dashboards/dateline.json")
_SOURCE: Final = {"type": "prometheus", "uid": "dateline-prometheus"}
_COLUMNS: Final = 24
_LATENCY: Final = "histogram_quantile({q}, max by (le, {label}) (rate({metric}_bucket[5m])))"


@dataclass(frozen=True, slots=True)
class Panel:
    """One graph, or one number."""

    title: str
    told: str
    queries: Sequence[tuple[str, str]]
    """Expression and legend."""
    unit: str = "short"
    width: int = 8
    kind: str = "timeseries"
    steps: Sequence[tuple[str, float | None]] = ()
    """Colours from a value on."""
    stacked: bool = False


def _quantiles(metric: str, label: str) -> list[tuple[str, str]]:
    shares = ((0.5, "median"), (0.95, "95 %"))
    return [(_LATENCY.format(q=q, label=label, metric=metric), f"{{{{{label}}}}} {name}") for q, name in shares]


def _p95(metric: str, label: str) -> str:
    return f"histogram_quantile(0.95, sum by (le, {label}) (rate({metric}_bucket[5m])))"


_GOOD_AT_ONE: Final = (("red", None), ("green", 1.0))
_GOOD_AT_ZERO: Final = (("green", None), ("red", 1.0))
ROWS: Final[Sequence[tuple[str, Sequence[Panel]]]] = (
    (
        "Now",
        (
            Panel(
                "Store",
                "Whether the API reaches Redis.",
                [("min(dateline_store_up)", "")],
                "bool_yes_no",
                3,
                "stat",
                _GOOD_AT_ONE,
            ),
            Panel(
                "Broker",
                "Whether the API reaches the broker.",
                [("min(dateline_broker_up)", "")],
                "bool_yes_no",
                3,
                "stat",
                _GOOD_AT_ONE,
            ),
            Panel(
                "Durable",
                "Whether Redis writes its append-only file.",
                [("min(dateline_redis_durable)", "")],
                "bool_yes_no",
                3,
                "stat",
                _GOOD_AT_ONE,
            ),
            Panel(
                "Balanced",
                "Accepted = outcomes + pending.",
                [("min(dateline_ledger_balanced)", "")],
                "bool_yes_no",
                3,
                "stat",
                _GOOD_AT_ONE,
            ),
            Panel(
                "In quarantine",
                "Articles that wait for an operator.",
                [('max(dateline_articles{state="quarantined"})', "")],
                "short",
                3,
                "stat",
                _GOOD_AT_ZERO,
            ),
            Panel(
                "Dead webhooks",
                "Called no more.",
                [('max(dateline_webhooks{state="dead"})', "")],
                "short",
                3,
                "stat",
                _GOOD_AT_ZERO,
            ),
            Panel(
                "Oldest live article",
                "How long it has waited.",
                [('max(dateline_lane_oldest_seconds{lane="live"})', "")],
                "s",
                3,
                "stat",
                (("green", None), ("orange", 10.0), ("red", 60.0)),
            ),
            Panel(
                "Workers",
                "That answer.",
                [('count(up{job="dateline-worker"} == 1)', "")],
                "short",
                3,
                "stat",
                (("red", None), ("green", 1.0)),
            ),
        ),
    ),
    (
        "Flow",
        (
            Panel(
                "Accepted and finished",
                "Articles a second.",
                [("dateline:accepted:rate5m", "accepted"), ("dateline:outcomes:rate5m", "{{outcome}}")],
                "ops",
            ),
            Panel("Waiting", "Articles in each lane.", [("max by (lane) (dateline_lane_waiting)", "{{lane}}")]),
            Panel(
                "Oldest waiting",
                "Age of the first article of each lane.",
                [("max by (lane) (dateline_lane_oldest_seconds)", "{{lane}}")],
                "s",
            ),
            Panel(
                "From acceptance to result",
                "Estimated from classes.",
                _quantiles("dateline_article_duration_seconds", "lane"),
                "s",
            ),
            Panel(
                "In work",
                "Leased articles by stage.",
                [("sum by (stage) (max by (lane, stage) (dateline_stage_in_work))", "{{stage}}")],
                stacked=True,
            ),
            Panel(
                "Messages",
                "In the broker, by stage.",
                [("sum by (stage) (max by (lane, stage) (dateline_queue_messages))", "{{stage}}")],
            ),
            Panel(
                "Oldest in a stage",
                "Since its acceptance.",
                [("max by (stage) (dateline_stage_oldest_seconds)", "{{stage}}")],
                "s",
            ),
            Panel(
                "Batch size",
                "Articles in a claim.",
                [("max(rate(dateline_claimed_articles_total[5m])) / max(rate(dateline_claims_total[5m]))", "articles")],
            ),
            Panel(
                "Submissions",
                "By what the ledger did with them.",
                [("max by (answer) (rate(dateline_submissions_total[5m]))", "{{answer}}")],
                "ops",
                stacked=True,
            ),
        ),
    ),
    (
        "What comes out",
        (
            Panel(
                "Coverage",
                "Share of results in which the stages found something.",
                [("dateline:coverage:ratio15m", "{{found}}")],
                "percentunit",
            ),
            Panel(
                "Relations",
                "Results by what they are to earlier ones.",
                [("max by (relation) (rate(dateline_published_total[15m]))", "{{relation}}")],
                "ops",
                stacked=True,
            ),
            Panel(
                "Copies", "Share of results that are copies.", [("dateline:copies:ratio15m", "copies")], "percentunit"
            ),
            Panel(
                "Stages",
                "How articles pass them.",
                [("max by (stage, status) (rate(dateline_stage_articles_total[5m]))", "{{stage}} {{status}}")],
                "ops",
            ),
            Panel(
                "Time in a stage",
                "An article's share of its batch.",
                _quantiles("dateline_stage_duration_seconds", "stage"),
                "s",
            ),
            Panel(
                "Faults",
                "Retries, quarantine, dead workers, expired leases.",
                [
                    ("sum(max by (stage) (rate(dateline_retries_total[5m])))", "retries"),
                    ("sum(max by (stage) (rate(dateline_quarantined_total[5m])))", "quarantined"),
                    ("max(rate(dateline_deliveries_lost_total[5m]))", "lost"),
                    ("max(rate(dateline_leases_expired_total[5m]))", "expired"),
                ],
                "ops",
            ),
        ),
    ),
    (
        "Readers",
        (
            Panel(
                "Behind the feed",
                "Age of the oldest entry that a follower has not got.",
                [("max by (kind, follower) (dateline_feed_lag_seconds)", "{{kind}} {{follower}}")],
                "s",
            ),
            Panel(
                "Pending in groups",
                "Given and not acknowledged.",
                [("max by (follower) (dateline_feed_pending)", "{{follower}}")],
            ),
            Panel(
                "Webhook calls",
                "By what follows.",
                [("sum by (result) (rate(dateline_webhook_calls_total[5m]))", "{{result}}")],
                "ops",
            ),
            Panel(
                "Webhook answers",
                "How long endpoints take.",
                [("histogram_quantile(0.95, sum by (le) (rate(dateline_webhook_call_seconds_bucket[5m])))", "95 %")],
                "s",
            ),
            Panel("Feed", "Entries that are kept.", [("max(dateline_feed_entries)", "entries")]),
            Panel(
                "Missed",
                "Deleted before a consumer had them.",
                [("max by (follower) (dateline_feed_missed_total)", "{{follower}}")],
            ),
        ),
    ),
    (
        "Processes",
        (
            Panel(
                "Redis memory",
                "Used, and its limit.",
                [
                    ("max(dateline_redis_memory_used_bytes)", "used"),
                    ("max(dateline_redis_memory_limit_bytes)", "limit"),
                ],
                "bytes",
            ),
            Panel(
                "Requests",
                "By status.",
                [("sum by (status) (rate(dateline_http_requests_total[5m]))", "{{status}}")],
                "reqps",
                stacked=True,
            ),
            Panel(
                "Answers begin after",
                "95 % of requests, by route.",
                [
                    (
                        _p95("dateline_http_response_seconds", "route"),
                        "{{route}}",
                    )
                ],
                "s",
            ),
            Panel("Requests in flight", "Streams included.", [("sum(dateline_http_in_flight)", "requests")]),
            Panel(
                "Busy processes",
                "Of all workers.",
                [("sum(dateline_worker_busy_processes)", "busy"), ("sum(dateline_worker_processes)", "all")],
            ),
            Panel(
                "Batches",
                "By stage and result.",
                [("sum by (stage, result) (rate(dateline_worker_tasks_total[5m]))", "{{stage}} {{result}}")],
                "ops",
            ),
            Panel(
                "Time of a batch",
                "95 %, by stage.",
                [
                    (
                        _p95("dateline_worker_task_seconds", "stage"),
                        "{{stage}}",
                    )
                ],
                "s",
            ),
            Panel(
                "Memory of workers",
                "Resident.",
                [("sum by (instance) (dateline_worker_resident_bytes)", "{{instance}}")],
                "bytes",
            ),
            Panel(
                "Messages taken",
                "From the broker.",
                [("sum(rate(dateline_worker_messages_total[5m]))", "messages")],
                "ops",
            ),
            Panel(
                "Processes lost",
                "That died over a batch.",
                [("sum(increase(dateline_worker_lost_processes_total[15m]))", "in 15 min")],
            ),
            Panel(
                "Keepers",
                "Rounds and wake-ups.",
                [
                    ("sum by (result) (rate(dateline_keeper_rounds_total[5m]))", "rounds {{result}}"),
                    ("sum(rate(dateline_keeper_wakeups_total[5m]))", "wake-ups"),
                    ("sum by (why) (rate(dateline_keeper_returned_total[5m]))", "returned {{why}}"),
                    ("sum(rate(dateline_keeper_forgotten_total[5m]))", "forgotten"),
                ],
                "ops",
            ),
            Panel(
                "Last round of a keeper",
                "How long ago.",
                [("time() - max(dateline_keeper_last_round_timestamp_seconds)", "ago")],
                "s",
            ),
        ),
    ),
    (
        "Versions",
        (
            Panel(
                "Dateline",
                "Processes by version.",
                [("count by (job, version) (dateline_build_info)", "{{job}} {{version}}")],
                width=8,
            ),
            Panel(
                "Stages",
                "Workers by version.",
                [("count by (stage, version) (dateline_stage_info)", "{{stage}} {{version}}")],
                width=8,
            ),
            Panel(
                "Models and data",
                "Workers by version.",
                [
                    (
                        "count by (stage, artefact, version) (dateline_artefact_info)",
                        "{{stage}} {{artefact}} {{version}}",
                    )
                ],
                width=8,
            ),
        ),
    ),
)


def _height(panel: Panel) -> int:
    return 4 if panel.kind == "stat" else 8


def _panel(panel: Panel, number: int, left: int, top: int) -> dict[str, Any]:
    steps = [{"color": colour, "value": value} for colour, value in panel.steps or (("green", None),)]
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
    for title, panels in ROWS:
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
