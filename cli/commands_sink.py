"""``dateline sink``: how its commands are called. Their work is in `cli.sink`."""

# ruff: noqa: PLC0415 - commands import what they need when they run, so that --help answers at once

from typing import Annotated

import typer

from cli.options import AsJson

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Keep results for good: in files, or in PostgreSQL."
)
Once = Annotated[bool, typer.Option("--once", help="Stop at the end of the feed instead of following it.")]
Name = Annotated[str, typer.Argument(help="As in the list.", metavar="NAME")]


@app.command("files")
def files(  # noqa: PLR0913 - each is an option
    folder: Annotated[str, typer.Argument(help="Where the files are kept.", metavar="FOLDER")],
    *,
    format: Annotated[str, typer.Option(metavar="NAME", help="ndjson or parquet.")] = "ndjson",  # noqa: A002 - the option's name
    name: Annotated[str, typer.Option(help="What the sink is called in the list.")] = "files",
    roll_mb: Annotated[float, typer.Option(min=0.001, help="Finish a file when it is so large.")] = 128,
    roll_minutes: Annotated[float, typer.Option(min=0.001, help="Finish a file when it is so old.")] = 60,
    once: Once = False,
    as_json: AsJson = False,
) -> None:
    """Follow the feed and write all results into files, each outcome into exactly one.

    A file is finished when it is large or old enough, and at midnight (UTC); its name tells which stretch of the feed
    it holds. Goes on where it was, however it ended. Runs near Redis (DATELINE_REDIS_URL) and needs no access key.
    """
    from cli import sink

    when = sink.rolling(roll_mb, roll_minutes)
    sink.run(sink.files(folder, format, when, name), once=once, as_json=as_json)


@app.command("postgres")
def postgres(
    *,
    name: Annotated[str, typer.Option(help="What the sink is called in the list.")] = "postgres",
    once: Once = False,
    as_json: AsJson = False,
) -> None:
    """Follow the feed and keep tables in PostgreSQL as it says: DATELINE_SINK_POSTGRES_URL.

    Makes the tables, or brings them up to date, where its role may. Goes on where it was, however it ended.
    """
    from cli import sink

    sink.run(sink.tables(name), once=once, as_json=as_json)


@app.command("migrate")
def migrate(*, as_json: AsJson = False) -> None:
    """Make the tables in PostgreSQL, or bring them up to date, and do nothing else."""
    from cli import sink

    sink.migrate(as_json=as_json)


@app.command("list")
def list_all(*, as_json: AsJson = False) -> None:
    """List the sinks, with how far behind each one is and what it missed."""
    from cli import sink

    sink.list_all(as_json=as_json)


@app.command("overlook")
def overlook(name: Name, *, as_json: AsJson = False) -> None:
    """Let a sink go on without the outcomes that the retention deleted before it had them."""
    from cli import sink

    sink.overlook(name, as_json=as_json)


@app.command("forget")
def forget(name: Name, *, as_json: AsJson = False) -> None:
    """Take a sink that is no more from the list. What it keeps is untouched."""
    from cli import sink

    sink.forget(name, as_json=as_json)
