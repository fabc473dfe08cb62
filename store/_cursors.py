"""Cursors of lists: the position in a list, encoded as text that is safe in a URL."""

import base64

from store.feed import BadCursor


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


def bad_cursor() -> BadCursor:
    """The error for a cursor that this list did not give out."""
    return BadCursor("The cursor is not one that this list gave out; start without one.")
