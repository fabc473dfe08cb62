"""Reading all entries of a registry: a set of names, and a hash for each name."""

from collections.abc import Callable
from typing import Any

import redis

from store.errors import translated


def registered(
    client: "redis.Redis", names_key: str, key_of: Callable[[str], str]
) -> list[tuple[str, dict[bytes, bytes]]]:
    """The name and the fields of each entry, sorted by name; entries that were just deleted are left out.

    Raises:
        StoreUnavailable: The store cannot be reached.
    """
    with translated():
        members: Any = client.smembers(names_key)
        names = sorted(member.decode() for member in members)
        pipe = client.pipeline(transaction=False)
        for name in names:
            pipe.hgetall(key_of(name))
        rows = pipe.execute()
    return [(name, fields) for name, fields in zip(names, rows, strict=True) if fields]
