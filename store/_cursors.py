"""Cursors of lists: what a list needs to go on, as text that fits into an address."""

import base64

from store.feed import BadCursor


def written(text: str) -> str:
    """A cursor."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str) -> str:
    """What was written into a cursor.

    Raises:
        BadCursor: No list gave it out.
    """
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise bad_cursor() from error


def bad_cursor() -> BadCursor:
    """That a cursor is not one of this list."""
    return BadCursor("The cursor is not one that this list gave out; start without one.")
