"""The runtime of a worker process, from the settings."""

import os
import socket
from dataclasses import replace

from celery import Celery

from store import Store
from tasks import pipeline
from tasks.runtime import Limits, Runtime
from tasks.tracing import UNTRACED, Tracer
from workers.settings import Settings
from workers.wakeups import open_wakeups


def limits(settings: Settings) -> Limits:
    """The bounds that tasks keep to."""
    return Limits(
        claim_articles=settings.claim_articles,
        claim_bytes=settings.claim_bytes,
        bulk_share=settings.bulk_share,
        lane=settings.worker_lane,
        lease_ms=settings.lease_ms,
        max_deliveries=settings.max_deliveries,
        max_retries=settings.max_retries,
        retry_base_s=settings.retry_base.total_seconds(),
        retry_cap_s=settings.retry_cap.total_seconds(),
        hard_limit_s=settings.stage_hard_limit.total_seconds(),
    )


def open_store(settings: Settings) -> Store:
    """The store of these settings. Nothing is sent until the first operation; open one in each process."""
    return Store.open(settings.redis_url.get_secret_value(), settings.prefix)


def open_runtime(settings: Settings, app: Celery, tracer: Tracer = UNTRACED) -> Runtime:
    """Connect and make the stages; call it in each process, after the fork.

    Args:
        settings: Of this process.
        app: Publishes wake-ups.
        tracer: Where the spans of its stages go.
    """
    store = open_store(settings)
    opened = Runtime(
        store=store,
        stages=pipeline.stages(
            store,
            recognizer=settings.recognizer,
            duplicate_weeks=settings.duplicate_weeks,
            story_days=settings.story_days,
        ),
        limits=limits(settings),
        worker=f"{socket.gethostname()}:{os.getpid()}",
        wake_more=open_wakeups(settings, store, app).top_up,
        tracer=tracer,
    )
    canary = store.beside("canary")
    return replace(
        opened,
        canary=replace(
            opened,
            store=canary,
            stages=pipeline.canary_stages(opened.stages, canary),
            limits=replace(opened.limits, lane=None),
            wake_more=lambda: None,
            tracer=UNTRACED,
        ),
    )
