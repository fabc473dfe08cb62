"""``dateline status``: backlog, work in progress and its age, rates and outcomes."""

from rich.console import Console
from rich.table import Table

from cli.connection import broker_url, open_store
from cli.output import age_of, console, emit
from schemas import COPIES, Figures, FollowerKind, Lane, Outcome, PipelineStatus, StageName, WebhookState, Window
from store import connect
from tasks.wakeups import messages
from workers.settings import settings


def _grid(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="cyan")
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="left" if index == 0 else "right")
    return table


def _lanes(seen: PipelineStatus) -> Table:
    table = _grid("lane", "waiting", "oldest waits for", "usual time", "95 % within")
    for lane in Lane:
        load, passage = seen.lanes[lane], seen.last.quarter.figures.passage[lane]
        usual = (f"{passage.median_seconds:,.1f} s", f"{passage.p95_seconds:,.1f} s") if passage else ("–", "–")
        table.add_row(lane, f"{load.waiting:,}", age_of(load.oldest_seconds), *usual)
    return table


def _stages(seen: PipelineStatus) -> Table:
    table = _grid("stage", "in work", "oldest for", "messages")
    for stage in StageName:
        loads = [seen.lanes[lane].stages[stage] for lane in Lane]
        ages = [load.oldest_seconds for load in loads if load.oldest_seconds is not None]
        queued = f"{sum(load.messages or 0 for load in loads):,}" if seen.broker else "?"
        table.add_row(stage, f"{sum(load.in_work for load in loads):,}", age_of(max(ages, default=None)), queued)
    table.add_row("delayed", f"{seen.delayed:,}", "", "")
    return table


def _outcomes(seen: PipelineStatus) -> Table:
    table = _grid("outcome", "articles", "last 15 min")
    for outcome in Outcome:
        table.add_row(outcome, f"{seen.outcomes[outcome]:,}", f"{seen.last.quarter.figures.outcomes[outcome]:,}")
    return table


def _coverage(last: Window) -> str | None:
    """One line on what was found lately."""
    shares = last.figures.coverage
    if shares is None:
        return None
    found = (("language", shares.language), ("entities", shares.entities), ("places", shares.places))
    told = ", ".join(f"{share:.0%} {name}" for name, share in (*found, ("focus", shares.focus)))
    return f"Of {shares.articles:,} lately: {told}; {_copies(last.figures):,} are copies"


def _copies(counted: Figures) -> int:
    return sum(number for relation, number in counted.relations.items() if relation in COPIES)


def _rate(window: Window) -> str | None:
    if window.accepted_per_second is None or window.finished_per_second is None:
        return None
    return (
        f"In the last {window.seconds:,.0f} s: {window.accepted_per_second:,.1f} accepted and "
        f"{window.finished_per_second:,.1f} finished a second"
    )


def _webhooks(seen: PipelineStatus) -> str | None:
    if not any(seen.webhooks.values()):
        return None
    hooks = ", ".join(f"{count} {state}" for state, count in seen.webhooks.items() if count)
    behind = max((each.lag_seconds for each in seen.followers if each.kind is FollowerKind.WEBHOOK), default=0.0)
    return f"Webhooks: {hooks}" + (f"; one of them is {age_of(behind)} behind" if behind else "")


def _followers(seen: PipelineStatus) -> Table | None:
    followers = [each for each in seen.followers if each.kind is not FollowerKind.WEBHOOK]
    table = _grid("follower", "kind", "behind", "missed")
    for each in followers:
        table.add_row(
            each.name, each.kind, age_of(each.lag_seconds) if each.lag_seconds else "–", f"{each.missed or 0:,}"
        )
    return table if followers else None


def _memory(seen: PipelineStatus) -> str | None:
    used, limit = seen.memory.used_bytes, seen.memory.limit_bytes
    if not used:
        return None
    share = f" of {limit / 1e6:,.0f} MB ({used / limit:.0%})" if limit else ""
    return f"Redis uses {used / 1e6:,.0f} MB{share}"


def _advice(seen: PipelineStatus) -> list[str]:
    """Faults, each with what to do next."""
    told = []
    if not seen.broker:
        told.append("[red]✗[/] The broker does not answer.")
    if seen.webhooks.get(WebhookState.DEAD):
        told.append("[yellow]See which webhooks are dead with `dateline webhooks list`.[/]")
    if seen.memory.durable is False:
        told.append("[red]✗[/] Redis keeps no append-only file, or cannot write it: what it accepts may be lost.")
    if not seen.balanced:
        told.append("[red]✗[/] The numbers do not add up: run `dateline verify`.")
    if seen.outcomes[Outcome.QUARANTINED]:
        told.append("[yellow]Look into the quarantine with `dateline quarantine list`.[/]")
    return told


def _print(seen: PipelineStatus, target: Console) -> None:
    target.print(f"[bold]{seen.accepted:,}[/] accepted, [bold]{seen.pending:,}[/] of them on their way\n")
    for part in (_lanes(seen), _stages(seen), _outcomes(seen), _followers(seen)):
        if part:
            target.print(part)
            target.print()
    last = seen.last
    lines = (_rate(last.minute), _coverage(last.quarter), _webhooks(seen), _memory(seen), *_advice(seen))
    for line in filter(None, lines):
        target.print(line)


def look() -> PipelineStatus:
    """How the pipeline is, from the store and the broker themselves: the API need not run."""
    store, broker = open_store(), connect(broker_url())
    return store.pipeline.status(messages(broker, f"{settings().prefix}."))


def report(*, as_json: bool) -> None:
    """Print it."""
    seen = look()
    if as_json:
        emit(seen)
    else:
        _print(seen, console())
