"""``dateline verify``: proves that every accepted article stands in exactly one place, and mends where it does not."""

from dataclasses import asdict

from rich.console import Console
from rich.markup import escape

from cli.audit import audited
from cli.connection import open_store
from cli.exits import Exit
from cli.output import console, counted, emit
from schemas import Outcome
from store import Repair, Store, Verification

_SHOWN = 20


def verify(*, as_json: bool, mend: bool = False, store: Store | None = None) -> Exit:
    """Check the accounting and print what was found, and what was done about it; returns how the command ends."""
    store = store or open_store()
    verification = store.verify()
    repair = _repair(store, verification) if mend and not verification.sound else None
    if as_json:
        emit(_document(verification) | ({"repair": _repair_document(repair)} if repair else {}))
    else:
        _print(verification, console())
        if repair:
            _print_repair(repair, console())
    return Exit.OK if (repair.after if repair else verification).sound else Exit.FOUND


def _repair(store: Store, verification: Verification) -> Repair:
    with audited(store, "repair", f"{len(verification.findings)} findings") as done:
        repair = store.repair(verification)
        done.append(f"{len(repair.mended)} mended, {len(repair.lost)} lost")
    return repair


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


def _repair_document(repair: Repair) -> dict[str, object]:
    return {"mended": repair.mended, "lost": repair.lost, "after": _document(repair.after)}


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


def _print_repair(repair: Repair, target: Console) -> None:
    mended = len(repair.mended)
    target.print(f"\n{counted(mended, 'articles')} {'was' if mended == 1 else 'were'} put back where they belong.")
    for ref in repair.lost[:_SHOWN]:
        target.print(f"[red]✗[/] {escape(ref)} is lost: its record is gone. Submit it again.")
    if len(repair.lost) > _SHOWN:
        target.print(f"… and {len(repair.lost) - _SHOWN:,} more; --json lists all of them.")
    _print(repair.after, target)
