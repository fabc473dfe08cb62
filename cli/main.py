"""The ``dateline`` command: what it can do and how it is called. Each command's work is in a module of its own."""

# ruff: noqa: PLC0415 - commands import what they need when they run, so that --help answers at once

import os
import sys
from typing import Annotated

import typer

from cli import (
    commands_gazetteer,
    commands_keys,
    commands_quarantine,
    commands_sink,
    commands_sources,
    commands_webhooks,
)
from cli.commands_export import export
from cli.exits import EPILOG, Exit
from cli.options import ArticleId, AsJson
from cli.pipes import end_when_unread

app = typer.Typer(
    name="dateline",
    help="Push news articles in; get back clean text, who and where they are about, and whether they were seen before.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,  # its help pages cost 200 ms of imports; tables and progress bars are Rich all the same
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(commands_quarantine.app, name="quarantine")
app.add_typer(commands_keys.app, name="keys")
app.add_typer(commands_webhooks.app, name="webhooks")
app.add_typer(commands_sink.app, name="sink")
app.add_typer(commands_gazetteer.app, name="gazetteer")
app.add_typer(commands_sources.app, name="sources")


def _tell_version(*, wanted: bool) -> None:
    if wanted:
        from schemas.version import VERSION

        typer.echo(VERSION)
        raise typer.Exit


@app.callback()
def _root(
    *,
    traceback: Annotated[bool, typer.Option("--traceback", help="Show the traceback of an error.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool, typer.Option("--version", callback=lambda value: _tell_version(wanted=value), is_eager=True)
    ] = False,
) -> None:
    if traceback:
        os.environ["DATELINE_TRACEBACK"] = "1"


@app.command()
def up(
    *,
    api_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the API; DATELINE_API_PORT otherwise.")
    ] = None,
    flower_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of Flower; DATELINE_FLOWER_PORT otherwise.")
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option(min=1, help="Worker processes; DATELINE_WORKER_CONCURRENCY otherwise.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Start everything on this machine and stay until Ctrl-C.

    Starts Redis, the API, Flower, a worker, one for live articles alone, and what calls webhooks, each on loopback,
    and stops all of them when it ends.
    """
    from cli.local.up import up as start

    start(api_port=api_port, flower_port=flower_port, concurrency=concurrency, as_json=as_json)


@app.command()
def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Stay up afterwards, until Ctrl-C.")] = False,
    samples: Annotated[str, typer.Option(help="Folder with the sample articles.")] = "samples",
    report: Annotated[str, typer.Option(help="Where the result is written.")] = "reports/demo.json",
    as_json: AsJson = False,
) -> None:
    """Send sample articles through it and show what comes back.

    Starts everything on free ports in a folder of its own, checks the results, and stops what it started.
    """
    from pathlib import Path

    from cli.demo import run_demo

    raise typer.Exit(run_demo(Path(samples), Path(report), keep=keep, as_json=as_json))


@app.command()
def submit(  # noqa: PLR0913 - each is an option of the command
    sources: Annotated[
        list[str], typer.Argument(help="Files, folders, web addresses, or - for standard input.", metavar="SOURCE...")
    ],
    *,
    format: Annotated[  # noqa: A002 - the option's name
        str | None, typer.Option(metavar="NAME", help="As trafilatura, rss, jsonld and so on write them; auto detects.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is written to the file.")] = False,
    state: Annotated[
        str | None, typer.Option(metavar="FILE", help="Remember there how far each file was sent, and go on there.")
    ] = None,
    wait: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="Go on trying this long when the server is busy.")
    ] = 300,
    as_json: AsJson = False,
) -> None:
    """Submit articles: text, HTML, JSON, NDJSON, WARC."""
    from pathlib import Path

    from cli.submit import Manner
    from cli.submit import submit as send

    manner = Manner(wait, as_json, format, Path(state) if state else None, follow)
    raise typer.Exit(send(sources, manner))


@app.command()
def show(
    article: ArticleId,
    *,
    text: Annotated[bool, typer.Option("--text", help="Print only the clean text.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show an article: its status, or everything that was found."""
    from cli.show import show as display

    display(article, text_only=text, as_json=as_json)


@app.command()
def tail(
    *,
    after: Annotated[str | None, typer.Option(metavar="CURSOR", help="Begin after this cursor.")] = None,
    from_start: Annotated[bool, typer.Option("--from-start", help="Begin with the oldest entry.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Stop at the end instead of waiting for more.")] = False,
    as_json: AsJson = False,
) -> None:
    """Follow the feed: one line for every outcome, as it comes.

    Reconnects when the connection breaks, and goes on where it was.
    """
    from cli.tail import tail as follow

    follow(after=after, from_start=from_start, once=once, as_json=as_json)


app.command()(export)


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Show what waits and since when, by lane, stage and queue."""
    from cli.status import report

    report(as_json=as_json)


@app.command()
def verify(
    *,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended, and verify again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Prove that nothing was lost or doubled.

    Every accepted article has to stand in exactly one place, and every outcome once in the feed. Ends with 1 when
    something is off, after a repair when something still is.
    """
    from cli.verify import verify as check

    raise typer.Exit(check(mend=repair, as_json=as_json))


@app.command()
def withdraw(articles: Annotated[list[str], typer.Argument(metavar="ID...")], *, as_json: AsJson = False) -> None:
    """Take articles back, so that nobody can read them.

    A tombstone in the feed tells those who have read them. All revisions of an article, or the one that is named as
    ID:REVISION. Repeating it does no harm.
    """
    from cli.withdraw import withdraw as take_back

    raise typer.Exit(take_back(articles, as_json=as_json))


@app.command()
def reprocess(  # noqa: PLR0913 - each is an option
    *,
    stage: Annotated[str, typer.Option(help="From this stage on: clean, entities, geotag or dedupe.")] = "clean",
    before_version: Annotated[
        int | None, typer.Option(min=1, help="Only what an older version of the stage made, or what lacks it.")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="TIME", help="Accepted then or later, in ISO 8601.")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Accepted before then.")] = None,
    source: Annotated[str | None, typer.Option(help="Only of this host.")] = None,
    outcome: Annotated[str | None, typer.Option(help="Only these: done or partial.")] = None,
    go: Annotated[bool, typer.Option("--go", help="Do it; without this, it is only counted.")] = False,
    per_second: Annotated[float, typer.Option(min=0.1, help="Articles sent in a second at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Send results through the pipeline once more.

    A dry run unless --go is given. They take the bulk lane, and until they are done again they are pending, without
    their result.
    """
    from cli.reprocess import Pace
    from cli.reprocess import reprocess as send

    order = {
        "stage": stage,
        "before_version": before_version,
        "since": since,
        "until": until,
        "source": source,
        "outcome": outcome,
    }
    send(order, Pace(go, per_second), as_json=as_json)


@app.command()
def audit(
    *, limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50, as_json: AsJson = False
) -> None:
    """Show who operated, newest first.

    Every call of the operate API and every change of access keys is there, with what came of it.
    """
    from cli.audit import show as display

    display(limit, as_json=as_json)


def run() -> None:
    """Run the command; turn every exception into one line, one next step and an exit code."""
    try:
        end_when_unread()
        app(prog_name="dateline")
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except Exception as error:
        if os.environ.get("DATELINE_TRACEBACK"):
            raise
        from cli.errors import as_trouble, tell

        trouble = as_trouble(error)
        tell(trouble, as_json="--json" in sys.argv)
        sys.exit(trouble.exit_code)
