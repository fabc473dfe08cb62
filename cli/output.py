"""Writing to the terminal: colours and full width for people, plain lines for files, JSON for programs."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from rich.console import Console

_NOW = "just now"
_FILE_COLUMNS = 120
"""Width of tables that are written to a file or a pipe, where Rich would take 80."""


def console(*, stderr: bool = False) -> Console:
    """A console on the present standard output or error."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else _FILE_COLUMNS)


def emit(value: BaseModel | Mapping[str, Any] | Sequence[Any]) -> None:
    """Print one JSON document on one line."""
    text = value.model_dump_json() if isinstance(value, BaseModel) else json.dumps(value, ensure_ascii=False)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def counted(number: int, words: str) -> str:
    """A number and what it counts, whose last word is told in the plural.

    >>> counted(1, "articles"), counted(0, "new revisions")
    ('1 article', '0 new revisions')
    """
    return f"{number} {words.removesuffix('s') if number == 1 else words}"


def moment(at: datetime) -> str:
    """A moment with its zone, for people.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 26, 21, 14, tzinfo=UTC))
    '2026-11-26 21:14 UTC'
    """
    return f"{at:%Y-%m-%d %H:%M %Z}"


def ago(at: datetime, now: datetime) -> str:
    """The same as `age`, as an answer to *when*.

    >>> from datetime import timedelta
    >>> now = datetime(2026, 1, 1)
    >>> ago(now - timedelta(seconds=75), now), ago(now, now)
    ('1 min 15 s ago', 'just now')
    """
    told = age(at, now)
    return told if told == _NOW else f"{told} ago"


def age(since: datetime | None, now: datetime) -> str:
    """How long ago something was, in the unit a person would use.

    >>> from datetime import timedelta
    >>> moment = datetime(2026, 1, 1)
    >>> age(moment, moment + timedelta(seconds=75))
    '1 min 15 s'
    """
    return age_of(None if since is None else (now - since).total_seconds())


def age_of(seconds: float | None) -> str:
    """So many seconds, in the unit a person would use."""
    if seconds is None:
        return "–"
    seconds = max(0, int(seconds))
    units = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
    for index, (length, name) in enumerate(units):
        if seconds >= length:
            rest, smaller = seconds % length, units[index + 1 :][:1]
            tail = "".join(f" {rest // size} {unit}" for size, unit in smaller if rest // size)
            return f"{seconds // length} {name}{tail}"
    return _NOW
