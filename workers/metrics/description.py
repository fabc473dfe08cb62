"""Every metric of Dateline: its name, kind, labels, meaning, and who exports it. What is not here is not exported.

Names follow Prometheus: ``dateline_…``, base units, ``_total`` for what only grows. No label holds an id, a host, a URL
or anything else of which there may be any number.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """The type of a metric in Prometheus."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Origin(StrEnum):
    """Which process exports a metric."""

    STORE = "store"
    """Any API process, of the whole installation: several tell the same number. Take the maximum, never the sum."""
    API = "api"
    """Each API process, of itself."""
    WORKER = "worker"
    """Each worker, of itself and its child processes."""
    KEEPER = "keeper"
    """Each keeper, of itself: in every worker, or alone."""
    WEBHOOKS = "webhooks"
    """Each process that calls webhooks, of itself."""
    SINK = "sink"
    """Each sink, of itself."""
    EVERY = "every process"
    """Each process, of itself."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric."""

    name: str
    kind: Kind
    origin: Origin
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


def _counter(origin: Origin, name: str, told: str, *labels: str) -> Metric:
    return Metric(f"dateline_{name}_total", Kind.COUNTER, origin, told, labels)


def _gauge(origin: Origin, name: str, told: str, *labels: str) -> Metric:
    return Metric(f"dateline_{name}", Kind.GAUGE, origin, told, labels)


def _histogram(origin: Origin, name: str, told: str, *labels: str, buckets: tuple[float, ...] = ()) -> Metric:
    return Metric(f"dateline_{name}_seconds", Kind.HISTOGRAM, origin, told, labels, buckets)


_HTTP_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_BATCH_BUCKETS: Final = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
_CALL_BUCKETS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)

_STORE: Final = (
    _gauge(Origin.STORE, "store_up", "Whether the store answers this process."),
    _gauge(Origin.STORE, "broker_up", "Whether the broker answers this process."),
    _gauge(Origin.STORE, "ledger_balanced", "Whether accepted = outcomes + pending; see dateline verify."),
    _counter(Origin.STORE, "articles_accepted", "Articles and revisions that the ledger accepted."),
    _counter(Origin.STORE, "submissions", "Submissions, by what the ledger did with them.", "answer"),
    _gauge(Origin.STORE, "articles", "Articles and revisions by where they stand now.", "state"),
    _counter(Origin.STORE, "outcomes", "Outcomes that were reached.", "outcome"),
    _gauge(Origin.STORE, "lane_waiting", "Articles that no worker has claimed.", "lane"),
    _gauge(Origin.STORE, "lane_oldest_seconds", "How long the first of them has waited; 0 when none waits.", "lane"),
    _gauge(Origin.STORE, "lane_limit", "Articles that may wait in the lane; more are refused.", "lane"),
    _gauge(Origin.STORE, "stage_in_work", "Leased articles whose next commit is the stage's.", "lane", "stage"),
    _gauge(
        Origin.STORE,
        "stage_oldest_seconds",
        "How long the oldest of them has been on its way since its acceptance; 0 when there is none.",
        "lane",
        "stage",
    ),
    _gauge(Origin.STORE, "queue_messages", "Messages in the broker's queue of a stage.", "lane", "stage"),
    _counter(Origin.STORE, "stage_articles", "Articles that passed a stage, by how.", "stage", "status"),
    _histogram(Origin.STORE, "stage_duration", "An article's share of its batch in a stage.", "stage"),
    _histogram(Origin.STORE, "article_duration", "From an article's acceptance to its result.", "lane"),
    _counter(Origin.STORE, "retries", "Delays after passing faults.", "stage"),
    _counter(Origin.STORE, "quarantined", "Articles that a stage gave up.", "stage"),
    _counter(Origin.STORE, "deliveries_lost", "Deliveries that ended with a dead worker."),
    _counter(Origin.STORE, "leases_expired", "Leases that ran out."),
    _counter(Origin.STORE, "claims", "Batches that workers claimed."),
    _counter(Origin.STORE, "claimed_articles", "Articles in them."),
    _counter(Origin.STORE, "published", "Results, by what they are to earlier articles.", "relation"),
    _counter(Origin.STORE, "covered", "Results in which the stages found something.", "found"),
    _gauge(Origin.STORE, "feed_entries", "Entries of the feed."),
    _gauge(
        Origin.STORE,
        "feed_lag_seconds",
        "Age of the oldest entry that a follower has not got; of all webhooks the worst.",
        "kind",
        "follower",
    ),
    _gauge(Origin.STORE, "feed_pending", "Entries that a group was given and did not acknowledge.", "follower"),
    _counter(Origin.STORE, "feed_missed", "Entries that the retention deleted before a consumer had them.", "follower"),
    _gauge(Origin.STORE, "webhooks", "Webhooks by state.", "state"),
    _gauge(Origin.STORE, "redis_memory_used_bytes", "Memory of the store's Redis."),
    _gauge(Origin.STORE, "redis_memory_limit_bytes", "Its maxmemory; 0 where it has none."),
    _gauge(Origin.STORE, "redis_durable", "Whether its append-only file is on and was written; absent when unknown."),
)
_API: Final = (
    _counter(Origin.API, "http_requests", "Requests by route and status.", "method", "route", "status"),
    _histogram(Origin.API, "http_response", "Until the head of the response was sent.", "route", buckets=_HTTP_BUCKETS),
    _gauge(Origin.API, "http_in_flight", "Requests that are being served, streams included."),
)
_WORKER: Final = (
    _counter(Origin.WORKER, "worker_tasks", "Batches that passed through its processes.", "stage", "result"),
    _histogram(Origin.WORKER, "worker_task", "How long a batch took in a stage.", "stage", buckets=_BATCH_BUCKETS),
    _counter(Origin.WORKER, "worker_messages", "Messages that it took from the broker."),
    _gauge(Origin.WORKER, "worker_processes", "Its child processes."),
    _gauge(Origin.WORKER, "worker_busy_processes", "Child processes that work on a batch."),
    _counter(Origin.WORKER, "worker_lost_processes", "Child processes that died over a batch."),
    _gauge(Origin.WORKER, "worker_resident_bytes", "Resident memory of its main process and of its children.", "part"),
    _gauge(Origin.WORKER, "stage_info", "1; the version of a stage that its processes run.", "stage", "version"),
    _gauge(
        Origin.WORKER,
        "artefact_info",
        "1; the version of a model or of data that its processes have loaded.",
        "stage",
        "artefact",
        "version",
    ),
)
_KEEPER: Final = (
    _counter(Origin.KEEPER, "keeper_rounds", "Looks around, by whether they went well.", "result"),
    _gauge(Origin.KEEPER, "keeper_last_round_timestamp_seconds", "When the last one that went well ended."),
    _counter(Origin.KEEPER, "keeper_returned", "Articles that it returned to their lanes.", "why"),
    _counter(Origin.KEEPER, "keeper_wakeups", "Wake-ups that it published."),
    _counter(Origin.KEEPER, "keeper_forgotten", "Results and bodies that the retention deleted."),
)
_WEBHOOKS: Final = (
    _counter(Origin.WEBHOOKS, "webhook_calls", "Calls by what follows from them.", "result"),
    _histogram(Origin.WEBHOOKS, "webhook_call", "How long endpoints took to answer.", buckets=_CALL_BUCKETS),
)
_SINK: Final = (
    _counter(Origin.SINK, "sink_results", "Results that it gave to what keeps them.", "kind"),
    _counter(Origin.SINK, "sink_away", "Times that it had to wait: for the store, or for what keeps results.", "who"),
)
_EVERY: Final = (_gauge(Origin.EVERY, "build_info", "1; the version of Dateline that runs.", "version"),)

METRICS: Final = {metric.name: metric for metric in (*_STORE, *_API, *_WORKER, *_KEEPER, *_WEBHOOKS, *_SINK, *_EVERY)}
"""Name to metric, in the order of the documentation."""
