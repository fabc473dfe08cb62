"""Article ids as people type them: with or without a revision."""

import re
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from cli.errors import Trouble
from cli.exits import Exit
from schemas import ArticleName

_REVISION = re.compile("[1-9][0-9]{0,8}")
_NAME: TypeAdapter[str] = TypeAdapter(ArticleName)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An article, and a revision when one was named."""

    article_id: str
    revision: int | None


def parse_ref(text: str) -> Wanted:
    """Read ``ID`` or ``ID:REVISION``.

    Raises:
        Trouble: It has another form.
    """
    article_id, colon, revision = text.strip().partition(":")
    if not article_id.isalnum() or (colon and not _REVISION.fullmatch(revision)):
        raise Trouble(f"{text[:80]!r} is not an article id.", "Give an id, or id:revision.", Exit.USAGE)
    return Wanted(article_id, int(revision) if colon else None)


def require_name(text: str) -> None:
    """Check that an order can name an article so.

    Raises:
        Trouble: It is not the whole id of an article, with or without a revision.
    """
    try:
        _NAME.validate_python(text)
    except ValidationError as error:
        step = "An id has 26 letters and digits; `dateline quarantine list` shows those that are there."
        raise Trouble(f"{text[:80]!r} is not an article id.", step, Exit.USAGE) from error
