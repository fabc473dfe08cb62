"""``dateline up``: everything on this machine, until Ctrl-C."""

from dataclasses import asdict

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from cli.local.ports import free_port, require_free
from cli.local.services import Ports
from cli.local.stack import Plan, Stack, running_stack
from cli.local.state import LocalInstance, StateDir
from cli.local.stopping import Interrupted
from cli.output import console, emit
from workers.misspelt import misspelt_here
from workers.settings import settings


def panel(instance: LocalInstance, state: StateDir) -> Panel:
    """Where everything is, for a person."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(no_wrap=True)
    rows = {
        "the desk": f"{instance.api_url}/",
        "submit to": f"{instance.api_url}/v1/articles",
        "API docs": f"{instance.api_url}/docs",
        "Flower": f"{instance.flower_url} (its login is in {state.local})",
        "access key": f"in {state.local} (the dateline command finds it)",
        "logs": str(state.logs),
    }
    for title, value in rows.items():
        table.add_row(title, Text(value))
    return Panel(table, title="Dateline is up", subtitle="Ctrl-C stops it", expand=False, border_style="green")


def stay(stack: Stack, target: Console) -> None:
    """Stay until somebody asks to stop; that is the ordinary end."""
    try:
        stack.stay(lambda what: target.print(f"{what} …", style="yellow"))
    except Interrupted:
        target.print("\nStopping …")


def up(*, api_port: int | None, flower_port: int | None, concurrency: int | None, as_json: bool) -> None:
    """Start everything, say where it is, stay, stop everything."""
    config = settings()
    target = console(stderr=as_json)
    for name, meant in misspelt_here().items():
        target.print(f"{name} is no setting; do you mean {meant}?", style="yellow")
    plan = Plan(
        StateDir(config.state_dir),
        lambda: Ports(
            redis=free_port(),
            api=require_free(api_port or config.api_port, "the API", "--api-port or DATELINE_API_PORT"),
            flower=require_free(flower_port or config.flower_port, "Flower", "--flower-port or DATELINE_FLOWER_PORT"),
        ),
        config.prefix,
        concurrency,
        live_worker=True,
        webhooks=True,
    )

    def announce(what: str) -> None:
        target.print(f"Starting {what} …", style="dim")

    with running_stack(plan, announce) as (stack, instance):
        if as_json:
            emit({name: value for name, value in asdict(instance).items() if name != "api_key"})
        else:
            target.print(panel(instance, plan.state))
        stay(stack, target)
    target.print("Stopped.", style="dim")
