"""The format of records, so that different versions of Dateline can work on one store side by side.

An older version ignores a field that a newer one adds (`schemas.base.Model.stored`): that needs no new format. `FORMAT`
rises only if an older version would misread what is written. A record names its format from 2 on: an older worker then
leaves the article to a newer one, and an older API says that it cannot read it.
"""

import json

from schemas import RetryLater

FORMAT = 1
"""The format that this version writes, and the newest that it reads."""


class NewerFormat(RetryLater):
    """A newer Dateline wrote this; only one of that version or later can read it."""

    def __init__(self, found: int, known: int | None = None, what: str = "It") -> None:
        self.found = found
        super().__init__(
            f"{what} is in format {found}, written by a newer Dateline, and this one reads up to format "
            f"{known or FORMAT}; it waits for a worker that can read it. Start one of the newer version."
        )


def stamped(document: str) -> str:
    """A JSON object with the number of the format added; unchanged in format 1."""
    return document if FORMAT == 1 else f'{{"format":{FORMAT},{document[1:]}'


def format_of(document: bytes | None) -> int:
    """The format that a JSON object was stamped with."""
    if not document or b'"format":' not in document:
        return 1
    return int(json.loads(document).get("format", 1))


def is_newer(found: int) -> bool:
    """Whether only a newer version can read this format."""
    return found > FORMAT
