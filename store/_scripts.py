"""The Lua scripts beside this module, each with the shared prelude in front."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any, Final

import redis
from redis.commands.core import Script

from store.errors import translated
from store.formats import NewerFormat

INDEX_FORMAT: Final = 2
"""The format of new generations of the indexes, and the newest that can be read. It rises if an older Dateline would
misread what this one writes (ADR 24)."""
_NEWER = re.compile(r"NEWERFORMAT (\d+)")


@cache
def source(name: str) -> str:
    """The text of a script with the prelude in front of it."""
    folder = files("store") / "lua"
    return (folder / "_prelude.lua").read_text("utf-8") + (folder / f"{name}.lua").read_text("utf-8")


@cache
def indexing_source(name: str, index: str, period_seconds: int, most_span: int, *preludes: str) -> str:
    """The text of a script of an index that is kept in generations: the preludes stand in front of it.

    Args:
        name: Of the script.
        index: Its part of every key.
        period_seconds: By which time is counted.
        most_span: Periods for which one generation is written to, where it is for more than two that anything is kept.
        preludes: Names of what its scripts share.
    """
    folder = files("store") / "lua"
    head = f"local NAME, PERIOD, MOST_SPAN, FORMAT = '{index}', {period_seconds}, {most_span}, {INDEX_FORMAT}\n"
    return head + "".join((folder / f"{part}.lua").read_text("utf-8") for part in (*preludes, name))


def run_together(client: "redis.Redis", script: Script, prefix: str, calls: Sequence[Sequence[Any]]) -> list[Any]:
    """Run a script once for each list of arguments, in one round trip; return the replies in their order.

    The script is loaded first if the server does not know it (it is new, or was restarted).

    Raises:
        StoreUnavailable: The store cannot be reached.
        StoreFull: It has no room for what the script writes.
        NewerFormat: A newer Dateline writes the index.
    """
    if not calls:
        return []
    with translated():
        try:
            return _taught(client, script, prefix, calls)
        except redis.ResponseError as error:
            if newer := _NEWER.search(str(error)):
                raise NewerFormat(int(newer[1]), INDEX_FORMAT, "The index") from error
            raise


def shared_calls(common: Sequence[Any], articles: Sequence[Sequence[Any]], together: int) -> list[list[Any]]:
    """The arguments of calls of a script that takes those of several articles after what is common to all.

    What the articles of a call need is read once, and others wait until it is done.
    """
    starts = range(0, len(articles), together)
    return [[*common, *chain.from_iterable(articles[start : start + together])] for start in starts]


def _taught(client: "redis.Redis", script: Script, prefix: str, calls: Sequence[Sequence[Any]]) -> list[Any]:
    try:
        return _sent(client, script, prefix, calls)
    except redis.exceptions.NoScriptError:
        client.script_load(script.script)
        return _sent(client, script, prefix, calls)


def _sent(client: "redis.Redis", script: Script, prefix: str, calls: Sequence[Sequence[Any]]) -> list[Any]:
    pipe: Any = client.pipeline(transaction=False)
    for args in calls:
        pipe.evalsha(script.sha, 1, prefix, *args)
    replies: list[Any] = pipe.execute()
    return replies


class Scripts:
    """Runs the ledger's scripts for one key prefix, alone or in a pipeline."""

    def __init__(self, client: "redis.Redis", prefix: str, clock_ms: int | None = None) -> None:
        self._client = client
        self._prefix = prefix
        self._registered: dict[str, Script] = {}
        self.clock_ms = clock_ms
        """Milliseconds to use instead of the server's clock; for tests."""

    def run(self, name: str, *args: str | bytes | float, pipe: Any = None) -> Any:
        """Run a script; in a pipeline, queue it. The clock is always its first argument."""
        script = self._registered.get(name)
        if script is None:
            script = self._registered[name] = self._client.register_script(source(name))
        now = "" if self.clock_ms is None else str(self.clock_ms)
        return script(keys=[self._prefix], args=[now, *args], client=pipe)
