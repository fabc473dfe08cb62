"""How Dateline connects to Redis."""

import redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

_SOCKET_SECONDS = 15.0
"""Measurements E6: long enough for a busy server, short enough to notice a cut connection within a lease."""


def connect(url: str) -> "redis.Redis":
    """Open a pool of connections to one Redis database. Nothing is sent until the first command.

    Args:
        url: ``redis://[user:password@]host:port/db``, ``rediss://`` for TLS, ``unix://`` for a socket.
    """
    return redis.Redis.from_url(
        url,
        socket_timeout=_SOCKET_SECONDS,
        socket_connect_timeout=5.0,
        socket_keepalive=True,
        health_check_interval=10,
        # Every script is idempotent or fenced, so that a command whose answer was lost may be sent again.
        retry=Retry(ExponentialBackoff(cap=1.0, base=0.05), 3),
    )
