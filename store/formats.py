"""Which format a record is in, so that Datelines of different versions can work on one store side by side.

A field that a newer version adds is passed over by an older one (`schemas.base.Model.stored`): that is no new format.
`FORMAT` rises only when an older Dateline would misread what is written. Such a record says so, an older worker leaves
it to a newer one, and an older server says that it cannot read it. Format 1 is written without saying so.
"""

import json

from schemas import RetryLater

FORMAT = 1
"""What this version writes, and the newest that it reads."""


class NewerFormat(RetryLater):
    """A newer Dateline wrote this; only one of that version or later can read it."""

    def __init__(self, found: int, known: int | None = None, what: str = "It") -> None:
        self.found = found
        super().__init__(
            f"{what} is in format {found}, written by a newer Dateline, and this one reads up to format "
            f"{known or FORMAT}; it waits for a worker that can read it. Start one of the newer version."
        )


def stamped(document: str) -> str:
    """A JSON object with the format that this version writes."""
    return document if FORMAT == 1 else f'{{"format":{FORMAT},{document[1:]}'


def format_of(document: bytes | None) -> int:
    """The format that a JSON object was stamped with."""
    if not document or b'"format":' not in document:
        return 1
    return int(json.loads(document).get("format", 1))


def is_newer(found: int) -> bool:
    """Whether only a newer version can read this format."""
    return found > FORMAT
