"""``dateline quarantine``: what could not be processed, and what to do about it."""

from typing import Any, Literal

from rich.table import Table
from rich.text import Text

from cli.connection import open_store
from cli.errors import Trouble
from cli.exits import Exit
from cli.output import age, console, emit
from cli.refs import existing_ref
from schemas import Ref
from store import Quarantined, Store

_PAGE = 500
_PAST = {"retry": "sent through the pipeline again", "drop": "withdrawn"}


def _document(entry: Quarantined) -> dict[str, Any]:
    return {
        "id": entry.ref.article_id,
        "revision": entry.ref.revision,
        "accepted_at": entry.accepted_at.isoformat(),
        "url": entry.url,
        "source": entry.source,
        "failure": entry.failure.model_dump(mode="json"),
    }


def list_all(limit: int, *, as_json: bool, store: Store | None = None) -> None:
    """Print the articles in quarantine."""
    store = store or open_store()
    found = store.quarantine.list(limit)
    if as_json:
        emit([_document(entry) for entry in found])
        return
    if not found:
        console().print("The quarantine is empty.", style="green")
        return
    now = store.ledger.backlog().at
    table = Table(box=None, header_style="cyan", padding=(0, 2, 0, 0))
    for heading in ("article", "since", "stage", "error", "source"):
        table.add_column(heading, no_wrap=heading == "article")
    for entry in found:
        stage = str(entry.failure.stage or "before any")
        since = age(entry.failure.at, now)
        table.add_row(str(entry.ref), since, stage, Text(entry.failure.error), Text(entry.source or ""))
    console().print(table)


def show(article: str, *, as_json: bool, store: Store | None = None) -> None:
    """Print why an article is in quarantine."""
    store = store or open_store()
    entry = store.quarantine.show(existing_ref(store, article))
    if entry is None:
        raise Trouble(
            f"Article {article} is not in quarantine.", f"See it with `dateline show {article}`.", Exit.MISSING
        )
    if as_json:
        emit(_document(entry))
        return
    failure = entry.failure
    table = Table.grid(padding=(0, 2))
    table.add_column(style="cyan")
    for title, value in (
        ("article", str(entry.ref)),
        ("url", entry.url or ""),
        ("accepted", entry.accepted_at.isoformat(timespec="seconds")),
        ("failed", failure.at.isoformat(timespec="seconds")),
        ("stage", str(failure.stage or "before any")),
        ("why", f"{failure.error}: {failure.message}"),
        ("deliveries", str(failure.attempts)),
        ("worker", f"{failure.worker} ({failure.version})"),
    ):
        table.add_row(title, Text(value))
    console().print(table)


def _everything(store: Store) -> list[Ref]:
    refs: list[Ref] = []
    while page := store.quarantine.list(_PAGE, len(refs)):
        refs += [entry.ref for entry in page]
    return refs


def change(
    action: Literal["retry", "drop"],
    articles: list[str],
    *,
    everything: bool,
    as_json: bool,
    store: Store | None = None,
) -> Exit:
    """Retry or drop articles; returns how the command ends."""
    if bool(articles) == everything:
        raise Trouble(
            "Say which articles.", f"Give their ids, or --all: `dateline quarantine {action} --all`.", Exit.USAGE
        )
    store = store or open_store()
    refs = _everything(store) if everything else [existing_ref(store, article) for article in articles]
    act = store.quarantine.retry if action == "retry" else store.quarantine.drop
    results = {str(ref): act(ref) for ref in refs}
    missed = [ref for ref, changed in results.items() if not changed]
    if as_json:
        emit({"changed": len(results) - len(missed), "not_in_quarantine": missed})
    else:
        console().print(f"{len(results) - len(missed)} articles {_PAST[action]}.")
        for ref in missed:
            console(stderr=True).print(f"[yellow]–[/] {ref} is not in quarantine.")
    return Exit.FOUND if missed else Exit.OK
