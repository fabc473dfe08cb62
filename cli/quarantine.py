"""``dateline quarantine``: what could not be processed, and what to do about it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

from rich.table import Table
from rich.text import Text

from cli.api_client import ApiClient
from cli.errors import Trouble
from cli.exits import Exit
from cli.output import age, console, counted, emit, moment
from cli.refs import parse_ref, require_name
from schemas import Changed, QuarantinedArticle, QuarantinePage

_PATH = "/v1/operate/quarantine"
_AT_ONCE = 1_000
"""Articles that the API lists and changes in one call."""
_PAST = {"retry": "sent through the pipeline again", "drop": "withdrawn"}


def list_all(limit: int, *, as_json: bool, client: ApiClient | None = None) -> None:
    """Print the articles in quarantine."""
    page = QuarantinePage.answered((client or ApiClient()).get(_PATH, limit=limit))
    if as_json:
        emit([entry.model_dump(mode="json") for entry in page.items])
        return
    if not page.items:
        console().print("The quarantine is empty.", style="green")
        return
    now = datetime.now(UTC)
    table = Table(box=None, header_style="cyan", padding=(0, 2, 0, 0))
    for heading in ("article", "since", "stage", "error", "source"):
        table.add_column(heading, no_wrap=heading == "article")
    for entry in page.items:
        stage = str(entry.failure.stage or "before any")
        since = age(entry.failure.at, now)
        name = f"{entry.id}:{entry.revision}"
        table.add_row(name, since, stage, Text(entry.failure.error), Text(entry.source or ""))
    console().print(table)
    if page.next_cursor:
        console(stderr=True).print("There are more; see them with --limit.")


def show(article: str, *, as_json: bool, client: ApiClient | None = None) -> None:
    """Print why an article is in quarantine."""
    parse_ref(article)
    entry = QuarantinedArticle.answered((client or ApiClient()).get(f"{_PATH}/{article}"))
    if as_json:
        emit(entry)
        return
    failure = entry.failure
    table = Table.grid(padding=(0, 2))
    table.add_column(style="cyan")
    for title, value in (
        ("article", f"{entry.id}:{entry.revision}"),
        ("url", entry.url or ""),
        ("accepted", moment(entry.accepted_at)),
        ("failed", moment(failure.at)),
        ("stage", str(failure.stage or "before any")),
        ("why", f"{failure.error}: {failure.message}"),
        ("deliveries", str(failure.attempts)),
        ("worker", f"{failure.worker} ({failure.version})"),
    ):
        table.add_row(title, Text(value))
    console().print(table)


def _all_names(client: ApiClient) -> Iterator[str]:
    """The articles in quarantine, as orders name them."""
    page = QuarantinePage.answered(client.get(_PATH, limit=_AT_ONCE))
    yield from _names(page)
    while page.next_cursor:
        page = QuarantinePage.answered(client.get(_PATH, limit=_AT_ONCE, cursor=page.next_cursor))
        yield from _names(page)


def _names(page: QuarantinePage) -> Iterator[str]:
    return (f"{entry.id}:{entry.revision}" for entry in page.items)


def _named(client: ApiClient, action: str, articles: list[str]) -> tuple[int, tuple[str, ...]]:
    """Change articles by name; returns how many were, and those that were not in quarantine."""
    changed, missed = 0, list[str]()
    for start in range(0, len(articles), _AT_ONCE):
        order = {"articles": articles[start : start + _AT_ONCE]}
        answer = Changed.answered(client.post(f"{_PATH}:{action}", order))
        changed += answer.changed
        missed += answer.not_in_quarantine
    return changed, tuple(missed)


def _dropped(client: ApiClient) -> int:
    """Drop everything. What is dropped does not come back, so that this ends."""
    changed, more = 0, True
    while more:
        answer = Changed.answered(client.post(f"{_PATH}:drop", {"everything": True}))
        changed, more = changed + answer.changed, answer.more
    return changed


def change(
    action: Literal["retry", "drop"],
    articles: list[str],
    *,
    everything: bool,
    as_json: bool,
    client: ApiClient | None = None,
) -> Exit:
    """Retry or drop articles; returns how the command ends."""
    if bool(articles) == everything:
        raise Trouble(
            "Say which articles.", f"Give their ids, or --all: `dateline quarantine {action} --all`.", Exit.USAGE
        )
    for article in articles:
        require_name(article)
    client = client or ApiClient()
    missed: tuple[str, ...] = ()
    if everything and action == "retry":
        # Those that are there now: what fails again meanwhile is not retried again and again.
        changed, _ = _named(client, action, list(_all_names(client)))
    elif everything:
        changed = _dropped(client)
    else:
        changed, missed = _named(client, action, articles)
    if as_json:
        emit({"changed": changed, "not_in_quarantine": missed})
    else:
        console().print(f"{counted(changed, 'articles')} {_PAST[action]}.")
        for name in missed:
            console(stderr=True).print(f"[yellow]–[/] {name} is not in quarantine.")
    return Exit.FOUND if missed else Exit.OK
