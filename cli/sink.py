"""``dateline sink``: runs sinks, and tells how they are."""

import signal
from datetime import timedelta
from pathlib import Path

from rich.table import Table

from cli.connection import open_store
from cli.errors import Trouble
from cli.exits import Exit
from cli.output import age_of, ago, console, counted, emit
from store import Consumer, Store
from workers import logging as dateline_logging
from workers.metrics import serve
from workers.settings import settings
from workers.sinks.files import FileSink, Form, Rolling
from workers.sinks.runner import Runner, Sink


def rolling(megabytes: float, minutes: float) -> Rolling:
    """When a file is finished."""
    return Rolling(int(megabytes * 1024 * 1024), timedelta(minutes=minutes))


def files(folder: str, form: str, when: Rolling, name: str) -> FileSink:
    """A sink of files.

    Raises:
        Trouble: There is no such form, or no folder.
    """
    if not folder.strip():
        raise Trouble("The folder has no name.", "Name the folder that the files are kept in.", Exit.USAGE)
    if form not in set(Form):
        raise Trouble(f"There is no format {form} here.", f"Choose one of {', '.join(Form)}.", Exit.USAGE)
    return FileSink(Path(folder), Form(form), when, name)


def _postgres_url() -> str:
    url = settings().sink_postgres_url.get_secret_value()
    if not url:
        step = "Set DATELINE_SINK_POSTGRES_URL to postgresql://user:password@host/database."
        raise Trouble("Nobody said which PostgreSQL.", step, Exit.USAGE)
    return url


def tables(name: str) -> Sink:
    """A sink of tables.

    Raises:
        Trouble: Nobody said where.
        Unavailable: psycopg is not installed.
    """
    from workers.sinks.postgres.sink import PostgresSink  # noqa: PLC0415 - an extra

    return PostgresSink(_postgres_url(), name)


def run(sink: Sink, *, once: bool, as_json: bool, store: Store | None = None) -> None:
    """Run a sink until it is told to stop, and say how far it is."""
    config = settings()
    dateline_logging.configure(config)
    runner = Runner(store or open_store(), sink, config.heartbeat_file)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: runner.stop.set())
    server = None if once else serve(config, runner.instruments)
    try:
        runner.run(once=once)
    finally:
        if server:
            server.shutdown()
            server.server_close()
    if as_json:
        emit({"sink": sink.name, "cursor": sink.cursor, "results": runner.taken})
    else:
        console().print(f"{sink.name}: {runner.taken:,} outcomes, up to {sink.cursor}.")


def migrate(*, as_json: bool) -> None:
    """Bring the tables up to date, and say what was done."""
    from workers.sinks.postgres import migrations, sink  # noqa: PLC0415 - an extra

    with sink.connect(_postgres_url()) as connection:
        added = migrations.migrate(connection)
        version = migrations.version(connection)
    if as_json:
        emit({"version": version, "added": added})
    else:
        console().print(f"The tables are of version {version}{'' if added else ', as before'}.")


def list_all(*, as_json: bool, store: Store | None = None) -> None:
    """Print all sinks."""
    store = store or open_store()
    now = store.ledger.backlog().at
    consumers = store.consumers.list()
    lags = store.feed.lags((consumer.reached for consumer in consumers), now)
    found = [(consumer, lags[consumer.reached]) for consumer in consumers]
    if as_json:
        emit([_document(consumer, lag) for consumer, lag in found])
        return
    if not found:
        console().print("There are no sinks. Begin one with `dateline sink files FOLDER`.")
        return
    table = Table(box=None, header_style="cyan", padding=(0, 2, 0, 0))
    for heading in ("name", "kind", "cursor", "behind", "told so", "missed"):
        table.add_column(heading)
    for consumer, lag in found:
        behind = age_of(lag) if lag else "–"
        told = ago(consumer.reported_at, now)
        table.add_row(consumer.name, consumer.kind, consumer.cursor, behind, told, f"{consumer.missed:,}")
    console().print(table)


def _document(consumer: Consumer, lag: float) -> dict[str, object]:
    return {
        "name": consumer.name,
        "kind": consumer.kind,
        "cursor": consumer.cursor,
        "reached": consumer.reached,
        "lag_s": lag,
        "reported_at": consumer.reported_at.isoformat(),
        "missed": consumer.missed,
    }


def overlook(name: str, *, as_json: bool, store: Store | None = None) -> None:
    """Let a sink go on, and say without how much."""
    missed = (store or open_store()).consumers.overlook(name)
    if missed is None:
        raise _unknown(name)
    if as_json:
        emit({"name": name, "overlooked": missed})
    elif missed:
        console().print(f"{name} goes on without {counted(missed, 'outcomes')} when it is started again.")
    else:
        console().print(f"{name} missed nothing; there is nothing to overlook.")


def forget(name: str, *, as_json: bool, store: Store | None = None) -> None:
    """Take a sink from the list."""
    if not (store or open_store()).consumers.forget(name):
        raise _unknown(name)
    if as_json:
        emit({"name": name, "forgotten": True})
    else:
        console().print(f"{name} is not in the list any more.")


def _unknown(name: str) -> Trouble:
    return Trouble(f"There is no sink {name}.", "See which there are with `dateline sink list`.", Exit.MISSING)
