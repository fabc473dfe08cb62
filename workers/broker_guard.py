"""A guard against a defect of kombu and Celery 5.7.0 that ends a worker when the broker goes away.

With late acknowledgement, when the broker is lost while one task runs and another slot is free, the channel of the old
connection is asked for connection parameters after the connection is gone: ``self.connection.client`` is ``None`` and
``AttributeError: 'NoneType' object has no attribute 'hostname'`` ends the worker's main process (10 of 10 outages,
FACTS E.5). Raising redis' own ConnectionError instead leads into the reconnect loop that was meant (0 of 10).

Remove it when ``tests/integration/test_broker_outage.py`` passes without it.
"""

from functools import wraps
from typing import Any

from kombu.transport.redis import Channel
from redis.exceptions import ConnectionError as RedisConnectionError

_MARK = "_dateline_guarded"


def install() -> None:
    """Guard `kombu.transport.redis.Channel`; calling it again changes nothing."""
    original: Any = Channel._connparams  # noqa: SLF001 - the defect is there
    if getattr(original, _MARK, False):
        return

    @wraps(original)
    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.connection is None or getattr(self.connection, "client", None) is None:
            raise RedisConnectionError("the broker connection of this channel is gone")
        return original(self, *args, **kwargs)

    setattr(guarded, _MARK, True)
    Channel._connparams = guarded  # type: ignore[method-assign] # noqa: SLF001
