"""Metrics of the whole installation, from what the store has counted. Exported by the API."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from prometheus_client.core import Metric as Family

from schemas import Follower, FollowerKind, Lane, PipelineStatus, StageName
from store import Look
from workers.metrics.instruments import Families

_FOLLOWERS: Final = 50
"""Names of followers told apart; operators choose them. All others are one, so that series stay bounded."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_OTHERS: Final = "others"


def absent() -> list[Family]:
    """The metrics while the store does not answer."""
    families = Families()
    families.set("dateline_store_up", 0)
    return families.all()


def whole(look: Look, limits: Mapping[Lane, int]) -> list[Family]:
    """All metrics of the store.

    Args:
        look: What was seen.
        limits: Articles that may wait in each lane.
    """
    families, seen = Families(), look.status
    families.set("dateline_store_up", 1)
    families.set("dateline_broker_up", float(seen.broker))
    families.set("dateline_ledger_balanced", float(seen.balanced))
    _lanes(families, seen, limits)
    _counted(families, seen)
    _durations(families, look)
    _followers(families, seen.followers)
    for state, count in seen.webhooks.items():
        families.set("dateline_webhooks", count, state)
    families.set("dateline_feed_entries", seen.feed)
    families.set("dateline_redis_memory_used_bytes", seen.memory.used_bytes)
    families.set("dateline_redis_memory_limit_bytes", seen.memory.limit_bytes)
    if seen.memory.durable is not None:
        families.set("dateline_redis_durable", float(seen.memory.durable))
    return families.all()


def _lanes(families: Families, seen: PipelineStatus, limits: Mapping[Lane, int]) -> None:
    for lane, load in seen.lanes.items():
        families.set("dateline_lane_waiting", load.waiting, lane)
        families.set("dateline_lane_oldest_seconds", load.oldest_seconds or 0, lane)
        families.set("dateline_lane_limit", limits[lane], lane)
        for stage, stands in load.stages.items():
            families.set("dateline_stage_in_work", stands.in_work, lane, stage)
            families.set("dateline_stage_oldest_seconds", stands.oldest_seconds or 0, lane, stage)
            if stands.messages is not None:
                families.set("dateline_queue_messages", stands.messages, lane, stage)
    waiting = sum(load.waiting for load in seen.lanes.values())
    for state, count in (("waiting", waiting), ("leased", seen.leased), ("delayed", seen.delayed)):
        families.set("dateline_articles", count, state)
    for outcome, count in seen.outcomes.items():
        families.set("dateline_articles", count, outcome)


def _counted(families: Families, seen: PipelineStatus) -> None:
    total = seen.total
    families.set("dateline_articles_accepted_total", seen.accepted)
    families.set("dateline_deliveries_lost_total", total.lost)
    families.set("dateline_leases_expired_total", total.expired)
    families.set("dateline_claims_total", total.claims)
    families.set("dateline_claimed_articles_total", total.claimed)
    by_label: dict[str, Mapping[str, int]] = {
        "dateline_submissions_total": {str(k): v for k, v in total.answers.items()},
        "dateline_outcomes_total": {str(k): v for k, v in total.outcomes.items()},
        "dateline_retries_total": {str(k): v for k, v in total.retries.items()},
        "dateline_quarantined_total": {str(k): v for k, v in total.quarantined.items()},
        "dateline_published_total": {**{str(k): v for k, v in total.relations.items()}, "none": total.unrelated},
        "dateline_covered_total": {str(k): v for k, v in total.covered.items()},
    }
    for name, counts in by_label.items():
        for label, count in counts.items():
            families.set(name, count, label)
    for stage, passed in total.stages.items():
        for status, count in passed.items():
            families.set("dateline_stage_articles_total", count, stage, status)


def _durations(families: Families, look: Look) -> None:
    measured: list[tuple[str, StageName | Lane]] = [
        *(("dateline_stage_duration_seconds", stage) for stage in StageName),
        *(("dateline_article_duration_seconds", lane) for lane in Lane),
    ]
    for name, label in measured:
        times = look.stage_times[label] if isinstance(label, StageName) else look.passage_times[label]
        bounds = [bound / 1000 for bound in times.bounds_ms]
        families.distribute(name, bounds, times.counts, times.sum_ms / 1000, label)


def _label(follower: Follower) -> tuple[str, str]:
    """Kind and name. Webhooks are one: their names are ids, and there may be any number of them."""
    if follower.kind is FollowerKind.WEBHOOK:
        return follower.kind, "webhooks"
    return follower.kind, follower.name if _NAME.fullmatch(follower.name) else _OTHERS


def _followers(families: Families, followers: Iterable[Follower]) -> None:
    """The worst lag, and the sum of the rest, under each name."""
    lags: dict[tuple[str, str], float] = {}
    sums: dict[tuple[str, str], int] = {}
    for follower in followers:
        label = _label(follower)
        if label not in lags and len(lags) >= _FOLLOWERS:
            label = (follower.kind, _OTHERS)
        lags[label] = max(lags.get(label, 0.0), follower.lag_seconds)
        for name, count in (("pending", follower.pending), ("missed", follower.missed)):
            if count is not None:
                sums[name, label[1]] = sums.get((name, label[1]), 0) + count
    for (kind, name), lag in lags.items():
        families.set("dateline_feed_lag_seconds", lag, kind, name)
    for (what, name), count in sums.items():
        metric = "dateline_feed_pending" if what == "pending" else "dateline_feed_missed_total"
        families.set(metric, count, name)
