"""Errors of the store that callers can act on."""

from collections.abc import Iterator
from contextlib import contextmanager

import redis

from schemas import RetryLater

_PASSING = (
    redis.ConnectionError,
    redis.TimeoutError,
    redis.exceptions.ReadOnlyError,
    redis.exceptions.NoScriptError,
)


class StoreUnavailable(RetryLater):
    """Redis cannot be reached, is loading, or has just started anew."""


class StoreFull(RetryLater):
    """Redis has reached its memory limit and refuses writes."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn redis-py's errors into ours. Passing faults become `RetryLater`; defects are raised unchanged.

    A server that restarts between the loading of a script and its call does not know it: that is a passing fault, since
    a repetition loads the script again.

    Raises:
        StoreUnavailable: The server cannot be reached, is loading, is read-only, or has forgotten a script.
        StoreFull: The server's memory limit is reached.
    """
    try:
        yield
    except _PASSING as error:
        raise StoreUnavailable(
            f"The result store does not answer ({type(error).__name__}); check that Redis runs and DATELINE_REDIS_URL."
        ) from error
    except redis.exceptions.OutOfMemoryError as error:
        raise StoreFull("The result store is full; raise Redis' maxmemory or shorten the retention.") from error
    except redis.ResponseError as error:
        if "OOM" in str(error):
            raise StoreFull("The result store is full; raise Redis' maxmemory or shorten the retention.") from error
        raise
