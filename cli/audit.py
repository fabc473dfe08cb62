"""``dateline audit``: who asked for what, when, and what came of it."""

from rich.table import Table
from rich.text import Text

from cli.api_client import ApiClient
from cli.output import console, emit
from schemas import AuditPage


def show(limit: int, *, as_json: bool, client: ApiClient | None = None) -> None:
    """Print the newest entries of the audit log."""
    page = AuditPage.model_validate((client or ApiClient()).get("/v1/operate/audit", limit=limit))
    if as_json:
        emit([entry.model_dump(mode="json") for entry in page.items])
        return
    table = Table(box=None, header_style="cyan", padding=(0, 2, 0, 0))
    for heading in ("when", "who", "what", "about", "outcome", "result"):
        table.add_column(heading, no_wrap=heading == "when")
    for entry in page.items:
        who = f"{entry.key_name} ({entry.key_id})" if entry.key_id else entry.key_name or "no key needed"
        when = f"{entry.at:%Y-%m-%d %H:%M:%S}"
        table.add_row(when, Text(who), Text(entry.action), Text(entry.subject), entry.outcome, Text(entry.result))
    console().print(table)
