"""``dateline audit``: who asked for what, when, and what came of it; and how commands get into that log."""

import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from rich.table import Table
from rich.text import Text

from cli.api_client import ApiClient
from cli.output import console, emit
from schemas import AuditPage
from store import Actor, Store


def person() -> Actor:
    """Who sits at this command line."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container with a number for a user
        name = str(os.getuid())
    return Actor(key_name=f"{name}@{socket.gethostname()}")


@contextmanager
def audited(store: Store, action: str, subject: str) -> Iterator[list[str]]:
    """Write down a command that works on the store itself, before the block and after it.

    Yields:
        A list for what was done, in words.
    """
    done: list[str] = []
    entry = store.audit.begin(person(), action, subject)
    try:
        yield done
    except BaseException:
        store.audit.end(entry, "failed", " ".join(done))
        raise
    store.audit.end(entry, "done", " ".join(done))


def show(limit: int, *, as_json: bool, client: ApiClient | None = None) -> None:
    """Print the newest entries of the audit log."""
    page = AuditPage.answered((client or ApiClient()).get("/v1/operate/audit", limit=limit))
    if as_json:
        emit([entry.model_dump(mode="json") for entry in page.items])
        return
    table = Table(box=None, header_style="cyan", padding=(0, 2, 0, 0))
    for heading in ("when", "who", "what", "about", "outcome", "result"):
        table.add_column(heading, no_wrap=heading == "when", overflow="fold")
    for entry in page.items:
        who = f"{entry.key_name} ({entry.key_id})" if entry.key_id else entry.key_name or "no key needed"
        when = f"{entry.at:%Y-%m-%d %H:%M:%S}"
        table.add_row(when, Text(who), Text(entry.action), Text(entry.subject), entry.outcome, Text(entry.result))
    console().print(table)
