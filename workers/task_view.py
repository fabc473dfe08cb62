"""What Flower shows for a task: the lane, the lease and the articles of its batch, instead of the raw message.

Flower knows what workers tell in events: the arguments and the result of a task as text, cut off at some length.
"""

import re
from typing import Any, Final, Self

from celery.events.state import Task

_LANE: Final = re.compile(r"\('([a-z]+)',?\)")
_LEASE: Final = re.compile(r"'token': '(\w+)'")
_REF: Final = re.compile(r"'([^'\s]+:[0-9]+)'")
_CUT: Final = "..."
"""The end of text that Celery cut off."""


class ChainedTask(Task):  # type: ignore[misc] # Celery ships no types
    """A task of which a copy, which is what Flower lets us change, still knows the first task of its chain."""

    def __copy__(self) -> Self:
        copied = type(self)(self.uuid, self.cluster_state)
        copied.__dict__.update(self.__dict__)
        return copied


def readable(task: Any) -> Any:
    """Rewrite a copy of a task that Flower is about to show.

    Args:
        task: Of `celery.events.state`. One that is none of ours stays as it is.
    """
    if not str(task.name).startswith("dateline."):
        return task
    args, result = str(task.args or ""), str(task.result or "")
    claimed = _LANE.fullmatch(args)
    root = task.root or task
    lane = claimed or _LANE.fullmatch(str(root.args or ""))
    task.args = " · ".join(filter(None, [lane[1] if lane else "", _batch(result if claimed else args)]))
    task.result = _left(result) if result else None
    return task


def _articles(text: str) -> str:
    refs = _REF.findall(text)
    number = f"{len(refs)}+" if text.rstrip("'\"").endswith(_CUT) or _CUT in text else str(len(refs))
    return f"{number} {'article' if number == '1' else 'articles'}: {' '.join(refs)}"


def _batch(text: str) -> str:
    """The lease and the articles in a message; empty where it has none yet."""
    lease = _LEASE.search(text)
    if lease is None:
        return ""
    return f"lease {lease[1]} · {_articles(text)}" if _REF.search(text) else "nothing waited"


def _left(text: str) -> str:
    return f"go on: {_articles(text)}" if _REF.search(text) else "none goes on"
