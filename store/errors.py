"""What can go wrong with the store, as something a caller can act on."""

from collections.abc import Iterator
from contextlib import contextmanager

import redis

from schemas import RetryLater


class StoreUnavailable(RetryLater):
    """Redis cannot be reached, or is loading."""


class StoreFull(RetryLater):
    """Redis has reached its memory limit and refuses writes."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn redis-py's errors into ours: what is passing says so, what is a defect passes through.

    Raises:
        StoreUnavailable: The server cannot be reached, is loading or is read-only.
        StoreFull: The server's memory limit is reached.
    """
    try:
        yield
    except (redis.ConnectionError, redis.TimeoutError, redis.exceptions.ReadOnlyError) as error:
        raise StoreUnavailable(
            f"The result store does not answer ({type(error).__name__}); check that Redis runs and DATELINE_REDIS_URL."
        ) from error
    except redis.exceptions.OutOfMemoryError as error:
        raise StoreFull("The result store is full; raise Redis' maxmemory or shorten the retention.") from error
    except redis.ResponseError as error:
        if "OOM" in str(error):
            raise StoreFull("The result store is full; raise Redis' maxmemory or shorten the retention.") from error
        raise
