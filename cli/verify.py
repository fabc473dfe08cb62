"""``dateline verify``: proves that every accepted article stands in exactly one place."""

from dataclasses import asdict

from rich.console import Console
from rich.markup import escape

from cli.connection import open_store
from cli.exits import Exit
from cli.output import console, emit
from schemas import Outcome
from store import Store, Verification

_SHOWN = 20


def verify(*, as_json: bool, store: Store | None = None) -> Exit:
    """Check the accounting and print what was found; returns how the command ends."""
    verification = (store or open_store()).verify()
    if as_json:
        emit(_document(verification))
    else:
        _print(verification, console())
    return Exit.OK if verification.sound else Exit.FOUND


def _document(verification: Verification) -> dict[str, object]:
    backlog = verification.backlog
    return {
        "sound": verification.sound,
        "articles": verification.articles,
        "accepted": backlog.accepted,
        "pending": backlog.pending,
        "outcomes": {outcome.value: backlog.outcome(outcome) for outcome in Outcome},
        "findings": [asdict(finding) for finding in verification.findings],
    }


def _print(verification: Verification, target: Console) -> None:
    backlog = verification.backlog
    parts = " + ".join(f"{backlog.outcome(outcome):,} {outcome}" for outcome in Outcome)
    target.print(f"{backlog.accepted:,} accepted = {parts} + {backlog.pending:,} pending")
    if verification.sound:
        target.print("[green]✓[/] Sound: nothing lost, nothing doubled.")
        return
    for finding in verification.findings[:_SHOWN]:
        target.print(f"[red]✗[/] {escape(finding.kind.replace('_', ' '))}: {escape(finding.subject)}")
    if len(verification.findings) > _SHOWN:
        target.print(f"… and {len(verification.findings) - _SHOWN:,} more; --json lists all of them.")
    if backlog.pending:
        target.print("Articles are in motion: run it again when nothing is pending.", style="yellow")
