"""Guards against faults that pass and end a worker with Celery 5.7.0 and kombu: a broker that is away, or refuses.

With late acknowledgement, when the broker is lost while one task runs and another slot is free, the channel of the old
connection is asked for connection parameters after the connection is gone: ``self.connection.client`` is ``None`` and
``AttributeError: 'NoneType' object has no attribute 'hostname'`` ends the worker's main process (10 of 10 outages,
measurements E5). Raising redis' own ConnectionError instead leads into the reconnect loop that was meant (0 of 10).

A Redis that is full, or whose disk is full, refuses even the acknowledgement of a message. kombu does not know that
error as one of the connection, and the worker ends with ``Unrecoverable error``; if the error were only logged, the
message would keep its place in the prefetch window, and the worker would take no other. So the place is freed as if
Redis had answered: the message is a wake-up, and a second delivery does no harm. The same goes for a replica that may
not be written to yet, and for a primary without its replicas.

Remove the first when ``tests/integration/test_broker_outage.py`` passes without it, the second likewise with
``test_full_store.py`` and ``test_refusing_store.py``.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from kombu.transport.redis import Channel, QoS, Transport
from kombu.transport.virtual import QoS as LocalQoS
from redis._parsers.base import BaseParser
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import MasterDownError, OutOfMemoryError, ReadOnlyError, ResponseError

_log = structlog.get_logger(__name__)
_MARK = "_dateline_guarded"


class DiskFull(ResponseError):
    """The server takes no changes since it cannot write to its disk. redis-py has no class for it."""

    def __init__(self, message: str = "", status_code: str | None = None) -> None:
        super().__init__(f"MISCONF {message}", status_code=status_code)  # with the code that the parser takes away


class ReplicasMissing(ResponseError):
    """The server takes no changes since it has fewer replicas than it is told to have. redis-py has no class for it."""

    def __init__(self, message: str = "", status_code: str | None = None) -> None:
        super().__init__(f"NOREPLICAS {message}", status_code=status_code)


REFUSALS = (OutOfMemoryError, ReadOnlyError, MasterDownError, DiskFull, ReplicasMissing)
"""With these a Redis answers that takes no changes for now."""


def install() -> None:
    """Guard `kombu.transport.redis`; calling it again changes nothing."""
    BaseParser.EXCEPTION_CLASSES.update(MISCONF=DiskFull, NOREPLICAS=ReplicasMissing)
    Transport.connection_errors = tuple(dict.fromkeys((*Transport.connection_errors, *REFUSALS)))
    Channel._connparams = _once(Channel._connparams, _connected)  # type: ignore[method-assign] # noqa: SLF001
    QoS.ack = _once(QoS.ack, _released)  # type: ignore[method-assign]


def _once(method: Any, guard: Callable[[Any], Any]) -> Any:
    if getattr(method, _MARK, False):
        return method
    guarded = wraps(method)(guard(method))
    setattr(guarded, _MARK, True)
    return guarded


def _connected(original: Any) -> Any:
    def connection_parameters(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.connection is None or getattr(self.connection, "client", None) is None:
            raise RedisConnectionError("the broker connection of this channel is gone")
        return original(self, *args, **kwargs)

    return connection_parameters


def _released(original: Any) -> Any:
    def acknowledge(self: Any, delivery_tag: str) -> None:
        try:
            original(self, delivery_tag)
        except REFUSALS as error:
            _log.warning("broker.not_acknowledged", error=type(error).__name__)
            LocalQoS.ack(self, delivery_tag)

    return acknowledge
