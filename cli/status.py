"""``dateline status``: what waits, what is being worked on, since when, and what became of the rest."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import redis
from rich.console import Console
from rich.table import Table

from cli.connection import broker_url, open_store
from cli.output import age, console, emit
from schemas import Lane, Outcome, Ref, StageName, Webhook, WebhookState
from store import Backlog, Store, connect
from tasks.pipeline import QUEUES
from workers.settings import settings

_SAMPLE = 2_000
"""Leased articles looked at to see in which stage they are; more are scaled up."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the command shows."""

    backlog: Backlog
    stages: dict[StageName, int]
    queues: dict[str, int] | None
    """Messages in each broker queue; ``None`` when the broker does not answer."""
    webhooks: dict[WebhookState, int]
    """How many webhooks are called, and how many are not."""
    webhook_lag_s: float | None
    """Age of the oldest event that an active webhook has not got; ``None`` where all have everything."""

    def document(self) -> dict[str, Any]:
        """The same for a program."""
        backlog = self.backlog
        return {
            "at": backlog.at.isoformat(),
            "accepted": backlog.accepted,
            "pending": backlog.pending,
            "lanes": {
                lane.value: {"waiting": backlog.waiting[lane], "oldest_s": _seconds(backlog.oldest[lane], backlog.at)}
                for lane in Lane
            },
            "leased": backlog.leased,
            "delayed": backlog.delayed,
            "stages": {stage.value: count for stage, count in self.stages.items()},
            "outcomes": {outcome.value: backlog.outcome(outcome) for outcome in Outcome},
            "feed": backlog.feed,
            "queues": self.queues,
            "webhooks": {state.value: count for state, count in self.webhooks.items()},
            "webhook_lag_s": self.webhook_lag_s,
            "balanced": backlog.balanced,
        }


def _seconds(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else round((now - since).total_seconds(), 3)


def leased_by_stage(store: Store) -> dict[StageName, int]:
    """How many of the leased articles are in each stage now."""
    members: Any = store.client.zrange(store.keys.leased, 0, _SAMPLE - 1)
    loaded = store.ledger.load([Ref.parse(member.decode()) for member in members], [])
    order = tuple(StageName)
    counts = Counter(order[item.stage] for item in loaded if item and item.stage < len(order))
    return {stage: counts[stage] for stage in order}


def queue_lengths(client: "redis.Redis", prefix: str) -> dict[str, int] | None:
    """Wake-ups and batches in each queue of the broker."""
    try:
        return {name: int(client.llen(f"{prefix}.{name}")) for name in QUEUES}
    except redis.RedisError:
        return None


def overview(store: Store, broker: "redis.Redis", prefix: str) -> Overview:
    """Count everything."""
    backlog, hooks = store.ledger.backlog(), [one.webhook for one in store.webhooks.list()]
    states = Counter(hook.state for hook in hooks)
    return Overview(
        backlog,
        leased_by_stage(store),
        queue_lengths(broker, prefix),
        {state: states[state] for state in WebhookState},
        webhook_lag(store, hooks, backlog.at),
    )


def webhook_lag(store: Store, hooks: Sequence[Webhook], now: datetime) -> float | None:
    """Age of the oldest entry of the feed that some active webhook has not passed yet."""
    cursors = {hook.cursor for hook in hooks if hook.state is WebhookState.ACTIVE}
    following = [entry for cursor in cursors for entry in store.feed.page(cursor, 1).items]
    return max((_seconds(entry.finished_at, now) or 0.0 for entry in following), default=None)


def _grid(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="cyan")
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="left" if index == 0 else "right")
    return table


def _print(seen: Overview, target: Console) -> None:
    backlog = seen.backlog
    target.print(f"[bold]{backlog.accepted:,}[/] accepted, [bold]{backlog.pending:,}[/] of them on their way\n")
    lanes = _grid("lane", "waiting", "oldest waits for")
    for lane in Lane:
        lanes.add_row(lane, f"{backlog.waiting[lane]:,}", age(backlog.oldest[lane], backlog.at))
    stages = _grid("in work", "articles")
    for stage, count in seen.stages.items():
        stages.add_row(stage, f"{count:,}")
    stages.add_row("delayed", f"{backlog.delayed:,}")
    outcomes = _grid("outcome", "articles")
    for outcome in Outcome:
        outcomes.add_row(outcome, f"{backlog.outcome(outcome):,}")
    for table in (lanes, stages, outcomes, _queues(seen.queues)):
        target.print(table)
        target.print()
    if any(seen.webhooks.values()):
        hooks = ", ".join(f"{count} {state}" for state, count in seen.webhooks.items() if count)
        lag = "" if seen.webhook_lag_s is None else f"; one of them is {seen.webhook_lag_s:,.0f} s behind"
        target.print(f"Webhooks: {hooks}{lag}\n")
    if seen.webhooks.get(WebhookState.DEAD):
        target.print("See which webhooks are dead with `dateline webhooks list`.", style="yellow")
    if not backlog.balanced:
        target.print("[red]✗[/] The numbers do not add up: run `dateline verify`.")
    if backlog.outcome(Outcome.QUARANTINED):
        target.print("Look into the quarantine with `dateline quarantine list`.", style="yellow")


def _queues(lengths: dict[str, int] | None) -> Table:
    table = _grid("queue", "messages")
    for name, length in (lengths or {}).items():
        table.add_row(name, f"{length:,}")
    if lengths is None:
        table.add_row("the broker does not answer", "")
    return table


def report(*, as_json: bool) -> None:
    """Print the overview."""
    store = open_store()
    seen = overview(store, connect(broker_url()), settings().prefix)
    if as_json:
        emit(seen.document())
    else:
        _print(seen, console())
