"""Article ids as people type them: with or without a revision."""

from dataclasses import dataclass

from cli.errors import Trouble
from cli.exits import Exit


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
    if not article_id.isalnum() or (colon and not revision.isdecimal()):
        raise Trouble(f"{text[:80]!r} is not an article id.", "Give an id, or id:revision.", Exit.USAGE)
    return Wanted(article_id, int(revision) if colon else None)
