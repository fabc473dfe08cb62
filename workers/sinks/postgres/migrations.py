"""The tables, in numbered steps: each is run once, in one transaction with the note that it was."""

from functools import cache
from importlib.resources import files
from typing import Any, Final

from workers.sinks.errors import SinkError, missing_package

try:
    import psycopg
except ImportError as error:  # pragma: no cover - the tests' environment has it
    raise missing_package("psycopg", "'psycopg[binary]'") from error

_LOCK: Final = 0x646174656C696E65
"""`dateline` in ASCII: the advisory lock under which tables are changed, so that two processes do it in turn."""
_FIRST: Final = """
create schema if not exists dateline;
create table if not exists dateline.schema_versions (
    version integer primary key, applied_at timestamptz not null default now()
);
"""


@cache
def steps() -> dict[int, str]:
    """The SQL of each version, by number."""
    folder = files("workers.sinks.postgres") / "migrations"
    found = {int(file.name.partition("_")[0]): file for file in folder.iterdir() if file.name.endswith(".sql")}
    return {number: found[number].read_text("utf-8") for number in sorted(found)}


def version(connection: "psycopg.Connection[Any]") -> int:
    """Of which version the tables are; 0 where there are none."""
    there = connection.execute("select to_regclass('dateline.schema_versions') is not null").fetchone()
    if not there or not there[0]:
        return 0
    row = connection.execute("select max(version) from dateline.schema_versions").fetchone()
    return int(row[0] or 0) if row else 0


def migrate(connection: "psycopg.Connection[Any]") -> list[int]:
    """Bring the tables up to date; returns the versions that were added. Does nothing where they are.

    Raises:
        SinkError: They are newer than this Dateline, or the role may not change them.
    """
    wanted = steps()
    found = version(connection)
    if found > max(wanted):
        raise SinkError(f"The tables are of version {found}, newer than this Dateline knows; update Dateline.")
    if found == max(wanted):
        return []
    try:
        with connection.transaction():
            connection.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
            connection.execute(_FIRST)
            found = version(connection)
            added = [number for number in wanted if number > found]
            for number in added:
                connection.execute(wanted[number].encode())
                connection.execute("insert into dateline.schema_versions (version) values (%s)", [number])
    except psycopg.errors.InsufficientPrivilege as error:
        raise SinkError(
            "The tables are not up to date, and this role may not change them; "
            "run `dateline sink migrate` as their owner."
        ) from error
    return added
