"""Errors of the store that callers can act on."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import redis

from schemas import RetryLater


class StoreUnavailable(RetryLater):
    """Redis cannot be reached, is loading, has just started anew, or takes no changes for now."""


class StoreReadOnly(StoreUnavailable):
    """Redis answers and takes no changes, because it is a replica."""


class StoreFull(RetryLater):
    """Redis has reached its memory limit and refuses writes."""


_AWAY: Final = "The result store does not answer ({error}); check that Redis runs and DATELINE_REDIS_URL."
_TO_THE_PRIMARY: Final = "set DATELINE_REDIS_URL to the primary, or promote this one (REPLICAOF NO ONE)."
_TO_THE_DISK: Final = "make room there; `redis-cli info persistence` says what failed."
_TO_THE_LOGIN: Final = "correct DATELINE_REDIS_URL or the file of the password."
_REFUSALS: Final = {
    "READONLY": (StoreReadOnly, f"The result store is a replica and takes no changes; {_TO_THE_PRIMARY}"),
    "MASTERDOWN": (StoreReadOnly, f"The result store is a replica that has lost its primary; {_TO_THE_PRIMARY}"),
    "OOM": (StoreFull, "The result store is full; raise Redis' maxmemory or shorten the retention."),
    "MISCONF": (StoreUnavailable, f"The result store cannot write to its disk and takes no changes; {_TO_THE_DISK}"),
    "NOREPLICAS": (
        StoreUnavailable,
        "The result store has fewer replicas than min-replicas-to-write; bring them back, or ask for fewer.",
    ),
    "LOADING": (StoreUnavailable, "The result store is loading its data; wait until it has."),
    "BUSY": (StoreUnavailable, "The result store is busy with one script; see `redis-cli slowlog get`."),
    "NOSCRIPT": (StoreUnavailable, "The result store has just been started anew; try again."),
    "UNBLOCKED": (StoreUnavailable, "The result store has changed its role; try again."),
    "WRONGPASS": (StoreUnavailable, f"The result store refuses the user or the password; {_TO_THE_LOGIN}"),
}
"""What a server says first when it refuses for now, the error, what is wrong and the next step."""
_CODES: Final = {
    redis.exceptions.ReadOnlyError: "READONLY",
    redis.exceptions.MasterDownError: "MASTERDOWN",
    redis.exceptions.OutOfMemoryError: "OOM",
    redis.exceptions.BusyLoadingError: "LOADING",
    redis.exceptions.NoScriptError: "NOSCRIPT",
    redis.exceptions.AuthenticationError: "WRONGPASS",
}
"""Errors from whose text redis-py has taken the code."""
_CODE: Final = re.compile(rf"(?:^|[\s:]-|caused error: )({'|'.join(_REFUSALS)})\b")
"""At the front; behind a minus where Redis before 7 quotes the error of a command within a script."""


def _code(error: redis.RedisError) -> str | None:
    known = next((code for kind, code in _CODES.items() if isinstance(error, kind)), None)
    if known or not isinstance(error, redis.ResponseError):
        return known
    found = _CODE.search(str(error))
    return found[1] if found else None


def _ours(error: redis.RedisError) -> RetryLater | None:
    """Our error for one that may pass; none for a defect."""
    code = _code(error)
    if code:
        kind, message = _REFUSALS[code]
        return kind(message)
    if isinstance(error, redis.ConnectionError | redis.TimeoutError):
        return StoreUnavailable(_AWAY.format(error=type(error).__name__))
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Turn redis-py's errors into ours. Passing faults become `RetryLater`; defects are raised unchanged.

    A server that restarts between the loading of a script and its call does not know it: that is a passing fault, since
    a repetition loads the script again.

    Raises:
        StoreUnavailable: The server cannot be reached, is loading, takes no changes, or has forgotten a script.
        StoreFull: The server's memory limit is reached.
    """
    try:
        yield
    except redis.RedisError as error:
        ours = _ours(error)
        if ours is None:
            raise
        raise ours from error
