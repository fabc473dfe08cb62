"""A sink of tables: a page of the feed and the cursor behind it, in one transaction.

A row is replaced as a whole, with all that hangs on it, so that writing it again changes nothing. The row of the cursor
is locked first and has to hold what this process last saw there: of two processes with one name, one waits, sees that
the other was quicker, and goes on behind it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from schemas import DatelineError, FeedEntry, FeedPage, Result
from store import START
from workers.sinks.errors import SinkAway, SinkError, missing_package
from workers.sinks.postgres import migrations, rows

try:
    import psycopg
    from psycopg import sql
except ImportError as error:  # pragma: no cover - the tests' environment has it
    raise missing_package("psycopg", "'psycopg[binary]'") from error

_CONNECT_S: Final = 10
_SAVED: Final = "select cursor from dateline.cursors where name = %s"
_ROWS_OF: Final = (
    ("entities", rows.ENTITIES, rows.entities),
    ("places", rows.PLACES, rows.places),
    ("mentions", rows.MENTIONS, rows.mentions),
)
_BEGIN: Final = "insert into dateline.cursors (name, cursor) values (%s, %s) on conflict do nothing"
_MOVE_ON: Final = "update dateline.cursors set cursor = %s, updated_at = now() where name = %s"
_DELETE: Final = """
delete from dateline.articles a using unnest(%s::text[], %s::integer[]) as r(article_id, revision)
where a.article_id = r.article_id and a.revision = r.revision
"""
_REMEMBER_MERGER: Final = """
insert into dateline.story_mergers (story_id, merged_into, cursor) values (%s, %s, %s)
on conflict (story_id) do update set merged_into = excluded.merged_into, cursor = excluded.cursor
"""
_KNOWN_MERGERS: Final = "select story_id, merged_into from dateline.story_mergers where story_id = any(%s)"
_FOLLOW_MERGERS: Final = """
update dateline.story_mergers m set merged_into = n.merged_into
from dateline.story_mergers n where m.merged_into = n.story_id and n.story_id = any(%s)
"""
_MOVE_MERGED: Final = """
update dateline.articles a set story_id = m.merged_into
from dateline.story_mergers m where a.story_id = m.story_id and m.story_id = any(%s)
"""


class PostgresSink:
    """Keeps results in the tables of schema `dateline`."""

    kind = "postgres"

    def __init__(self, url: str, name: str = "postgres") -> None:
        self.name = name
        self._url = url
        self._connection: psycopg.Connection[Any] | None = None
        self._cursor = START

    @property
    def cursor(self) -> str:
        """Everything up to here is committed."""
        return self._cursor

    @property
    def reached(self) -> str:
        """The same: nothing is taken without being committed."""
        return self._cursor

    def resume(self) -> str:
        """Connect, bring the tables up to date, and read the cursor.

        Raises:
            SinkAway: The server does not answer.
            SinkError: It refuses, or the tables cannot be used.
        """
        self._disconnect()
        try:
            with self._answering():
                self._connection = connect(self._url)
                migrations.migrate(self._connection)
                self._connection.execute(_BEGIN, [self.name, START])
                self._cursor = self._saved()
        except DatelineError:
            self._disconnect()
            raise
        return self._cursor

    def take(self, page: FeedPage, results: Sequence[Result]) -> None:
        """Write results, mergers of stories and the cursor behind them, or nothing.

        Raises:
            SinkAway: The server went away, or another process moved the cursor.
        """
        if self._connection is None:
            raise SinkAway("There is no connection to PostgreSQL yet.")
        with self._answering(), self._connection.transaction():
            if self._saved(lock=True) != self._cursor:
                raise SinkAway(f"Another process writes for the sink {self.name}: going on behind it.")
            self._replace(self._connection, results)
            self._merge(self._connection, page.items, results)
            self._connection.execute(_MOVE_ON, [page.next_cursor, self.name])
        self._cursor = page.next_cursor

    def idle(self) -> None:
        """Nothing is left open between two pages."""

    def close(self) -> None:
        """Disconnect."""
        self._disconnect()

    def _saved(self, *, lock: bool = False) -> str:
        assert self._connection is not None
        row = self._connection.execute(f"{_SAVED} for update" if lock else _SAVED, [self.name]).fetchone()
        return str(row[0]) if row else START

    @staticmethod
    def _replace(connection: "psycopg.Connection[Any]", results: Sequence[Result]) -> None:
        connection.execute(_DELETE, [[one.id for one in results], [one.revision for one in results]])
        _copy(connection, "articles", rows.ARTICLES, map(rows.article, results))
        for table, columns, rows_of in _ROWS_OF:
            _copy(connection, table, columns, (row for one in results for row in rows_of(one)))

    @staticmethod
    def _merge(connection: "psycopg.Connection[Any]", entries: Sequence[FeedEntry], results: Sequence[Result]) -> None:
        """Let articles of a merged story be articles of the one that it is part of, whichever was written first."""
        new = rows.mergers(entries)
        if new:
            known = connection.execute(_KNOWN_MERGERS, [[into for into, _ in new.values()]]).fetchall()
            ends = {story: end for story, end in known if story not in new}
            for old, (into, cursor) in new.items():
                if (end := ends.get(into, into)) != old:
                    connection.execute(_REMEMBER_MERGER, [old, end, cursor])
            connection.execute(_FOLLOW_MERGERS, [list(new)])
        named = {one.duplicates.story_id for one in results if one.duplicates and one.duplicates.story_id}
        if stories := [*named, *new]:
            connection.execute(_MOVE_MERGED, [stories])

    def _disconnect(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Say of the server's errors whether they pass. What it says of a row may quote it, and is not repeated."""
        try:
            yield
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            if isinstance(error, psycopg.errors.InvalidPassword | psycopg.errors.InvalidAuthorizationSpecification):
                raise SinkError("PostgreSQL refuses the login; correct DATELINE_SINK_POSTGRES_URL.") from error
            raise SinkAway(f"PostgreSQL does not answer ({type(error).__name__}).") from error
        except psycopg.errors.InsufficientPrivilege as error:
            raise SinkError(
                "PostgreSQL denies the sink what it needs; grant its role what docs/consume.md names."
            ) from error
        except psycopg.IntegrityError as error:
            raise SinkError(
                "A sink of another name writes to these tables too; let one do it, or give each a database of its own."
            ) from error
        except psycopg.DataError as error:
            raise SinkError(
                f"PostgreSQL refuses a row of the page behind {self._cursor} ({type(error).__name__}); "
                "report it with that cursor."
            ) from None


def connect(url: str) -> "psycopg.Connection[Any]":
    """A connection on which every statement is a transaction of its own unless it stands in one."""
    try:
        # A server that is gone without a word is noticed within a minute.
        return psycopg.connect(
            url,
            autocommit=True,
            connect_timeout=_CONNECT_S,
            application_name="dateline-sink",
            keepalives_idle=30,
            keepalives_interval=10,
            keepalives_count=3,
        )
    except psycopg.ProgrammingError as error:
        raise SinkError("DATELINE_SINK_POSTGRES_URL is no address of PostgreSQL; write postgresql://…") from error


def _copy(
    connection: "psycopg.Connection[Any]", table: str, columns: Sequence[str], values: Iterable[rows.Row]
) -> None:
    query = sql.SQL("copy dateline.{} ({}) from stdin").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for row in values:
            copy.write_row(row)
