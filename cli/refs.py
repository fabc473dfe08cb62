"""Article ids as people type them: with or without a revision."""

from dataclasses import dataclass

from cli.errors import Trouble
from cli.exits import Exit
from schemas import Ref
from store import Store


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


def existing_ref(store: Store, text: str) -> Ref:
    """The revision that was named, else the latest one.

    Raises:
        Trouble: There is no such article.
    """
    wanted = parse_ref(text)
    found = store.results.get(wanted.article_id, wanted.revision)
    if found is None:
        raise Trouble(f"There is no article {text}.", "Check the id.", Exit.MISSING)
    return Ref(found.id, found.revision)
