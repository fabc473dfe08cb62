"""The Celery app and its configuration.

Every value that differs from Celery's default was measured to matter (measurements E6): thousands of chains under
kill -9, Redis restarts and broker flushes.
"""

import ssl
from datetime import timedelta

from celery import Celery
from kombu.entity import Queue
from kombu.utils.url import parse_url

from tasks import pipeline
from tasks.base import TOLD
from workers import broker_guard
from workers.settings import Settings, settings

_VISIBILITY_S = 300
"""Twice the hard time limit: a message must not be delivered again while its task still runs."""


def _tls(broker_url: str) -> dict[str, object] | None:
    """The TLS options in a broker's address, with the server's certificate always checked unless it says otherwise.

    kombu reads them there itself, Flower only in the configuration.
    """
    if not broker_url.startswith("rediss://"):
        return None
    return {"ssl_cert_reqs": ssl.CERT_REQUIRED, **parse_url(broker_url).get("ssl", {})}


def _configuration(config: Settings) -> dict[str, object]:
    def seconds(span: timedelta) -> int:
        return max(1, round(span.total_seconds()))

    return {
        "broker_url": config.broker_url.get_secret_value(),
        "broker_use_ssl": _tls(config.broker_url.get_secret_value()),
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "worker_consumer": "workers.patience:PatientConsumer",
        "broker_transport_options": {
            "visibility_timeout": max(_VISIBILITY_S, 2 * seconds(config.stage_hard_limit)),
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_timeout": 15,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 10,
            "queue_order_strategy": "priority",
            "global_keyprefix": f"{config.prefix}.",
        },
        # JSON only: a pickle from anybody who can reach the broker would be code.
        "task_serializer": "json",
        "result_serializer": "json",
        "event_serializer": "json",
        "accept_content": ["json"],
        # Results live in our store; a result backend would be a second, weaker truth.
        "result_backend": None,
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        "task_acks_late": True,
        # A batch whose worker died goes back through the ledger (workers.signals), where its articles are claimed one
        # by one; a requeued message would only kill the next worker with the whole batch.
        "task_reject_on_worker_lost": False,
        "task_time_limit": seconds(config.stage_hard_limit),
        "task_soft_time_limit": seconds(config.stage_soft_limit),
        "task_queues": [Queue(name, routing_key=name) for name in pipeline.QUEUES],
        "task_create_missing_queues": False,
        "task_default_queue": pipeline.QUEUES[-1],
        "worker_prefetch_multiplier": 1,
        "worker_soft_shutdown_timeout": config.stop_grace.total_seconds() / 2,
        # A child loads models before it says that it is up: 0.7 s of CPU each. Celery would kill it after 4 s.
        "worker_proc_alive_timeout": 60.0,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_send_task_events": True,
        "task_send_sent_event": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_enable_remote_control": True,
        "enable_utc": True,
        "timezone": "UTC",
        "task_publish_retry_policy": {"max_retries": 3, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.5},
    }


def create_app(config: Settings) -> Celery:
    """A Celery app for these settings. Nothing connects before the first publish."""
    broker_guard.install()
    app = Celery("dateline", set_as_current=True)
    app.conf.update(_configuration(config))
    app.amqp.argsrepr_maxsize = TOLD
    return app


app = create_app(settings())
