"""Wake-ups as configured: for the API after an acceptance, for the keeper, and for a worker after a claim."""

import redis
from celery import Celery

from store import Store
from tasks import pipeline
from tasks.wakeups import WakeupBounds, Wakeups
from workers.settings import Settings


def open_wakeups(settings: Settings, store: Store, app: Celery) -> Wakeups:
    """The wake-ups of these settings. The broker is asked through a connection of its own, with short time-outs."""
    broker = redis.Redis.from_url(
        settings.broker_url.get_secret_value(), socket_timeout=5.0, socket_connect_timeout=2.0
    )
    return Wakeups(
        store,
        broker,
        lambda lane: pipeline.wake_up(app, lane),
        WakeupBounds(settings.claim_articles, settings.max_wakeups, f"{settings.prefix}."),
        lambda: pipeline.wake_for_canary(app),
    )
