import pytest
import redis

from schemas import RetryLater
from store import StoreFull, StoreReadOnly, StoreUnavailable
from store.errors import translated

OLD = "Error running script (call to f_84): @user_script:186: @user_script: 186: -{}"
"""As Redis before 7 tells of a command that failed within a script."""
PIPED = "Command # 1 (EVALSHA 84 1 dl abc...) of pipeline caused error: {}"
READ_ONLY = "READONLY You can't write against a read only replica."


def refuse(error: Exception) -> None:
    raise error


def told(error: Exception) -> Exception:
    with pytest.raises(Exception) as raised, translated():
        refuse(error)
    return raised.value


@pytest.mark.parametrize(
    ("error", "ours", "says"),
    [
        (redis.exceptions.ReadOnlyError("You can't write"), StoreReadOnly, "promote"),
        (redis.ResponseError(OLD.format(READ_ONLY)), StoreReadOnly, "promote"),
        (redis.ResponseError(PIPED.format(OLD.format(READ_ONLY))), StoreReadOnly, "promote"),
        (redis.ResponseError(PIPED.format(READ_ONLY)), StoreReadOnly, "promote"),
        (redis.exceptions.MasterDownError("Link with MASTER is down"), StoreReadOnly, "lost its primary"),
        (redis.exceptions.OutOfMemoryError("command not allowed"), StoreFull, "maxmemory"),
        (redis.ResponseError(OLD.format("OOM command not allowed when used memory")), StoreFull, "maxmemory"),
        (redis.ResponseError("MISCONF Errors writing to the AOF file: No space left"), StoreUnavailable, "disk"),
        (redis.ResponseError(OLD.format("NOREPLICAS Not enough good replicas")), StoreUnavailable, "min-replicas"),
        (redis.ResponseError("BUSY Redis is busy running a script."), StoreUnavailable, "busy"),
        (redis.exceptions.BusyLoadingError("Redis is loading"), StoreUnavailable, "loading"),
        (redis.exceptions.NoScriptError("No matching script."), StoreUnavailable, "started anew"),
        (redis.exceptions.AuthenticationError("invalid password"), StoreUnavailable, "password"),
        (redis.ConnectionError("refused"), StoreUnavailable, r"ConnectionError"),
        (redis.TimeoutError("slow"), StoreUnavailable, r"TimeoutError"),
    ],
)
def test_what_may_pass_is_named_with_what_is_wrong_and_the_next_step(
    error: Exception, ours: type[RetryLater], says: str
) -> None:
    found = told(error)
    assert type(found) is ours
    assert says in str(found)
    assert "; " in str(found), "the message has two parts"
    assert found.__cause__ is error


@pytest.mark.parametrize(
    "error",
    [
        redis.ResponseError("WRONGTYPE Operation against a key holding the wrong kind of value"),
        redis.ResponseError("the word READONLY in the middle of something"),
        redis.exceptions.NoPermissionError("this user has no permissions"),
        ValueError("ours"),
    ],
)
def test_a_defect_stays_what_it_is(error: Exception) -> None:
    assert told(error) is error
