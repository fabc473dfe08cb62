"""Cursors of lists: the position in a list, encoded as text that is safe in a URL."""

import base64

from schemas import Ref
from store.feed import BadCursor

Row = tuple[int, str]
"""A place in a sorted set of references, as Redis orders them: score (a time in ms) and reference."""


def written(text: str) -> str:
    """Encode a position as a cursor."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str) -> str:
    """Decode the position in a cursor.

    Raises:
        BadCursor: No list gave it out.
    """
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise bad_cursor() from error


def written_row(row: Row) -> str:
    """Encode a place in a sorted set of references."""
    return written(f"{row[0]}/{row[1]}")


def read_row(cursor: str) -> Row:
    """Decode it.

    Raises:
        BadCursor: No list gave it out.
    """
    score, _, ref = read(cursor).partition("/")
    try:
        return int(score), str(Ref.parse(ref))
    except ValueError as error:
        raise bad_cursor() from error


def bad_cursor() -> BadCursor:
    """The error for a cursor that this list did not give out."""
    return BadCursor("The cursor is not one that this list gave out; start without one.")
