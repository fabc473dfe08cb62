"""Fields that stand above a story as lines of their own: "Title: …", "Author: …", the head of a forwarded mail."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from tasks.clean._applying import Taken
from tasks.clean._authors import author_names
from tasks.clean._marks import FIELD_LABELS
from tasks.clean._passages import Passage

RULE: Final = "fields"
_TITLES = frozenset({"title", "headline", "subject"})
_AUTHORS = frozenset({"author", "authors", "byline"})
_FIELD = re.compile(rf"(?P<label>{FIELD_LABELS})\s?:\s*(?P<value>.*)", re.IGNORECASE | re.DOTALL)
_FORWARDED = re.compile(
    r"-{2,}\s?(?:forwarded|original)\smessage\s?-{2,}|begin\sforwarded\smessage\s?:?", re.IGNORECASE
)
_ANSWERED = re.compile(r"^(?:(?:re|fwd?|aw|wg|tr|rv)\s?:\s*)+", re.IGNORECASE)
_MAX_FIELDS: Final = 14


class Fields(NamedTuple):
    """What the lines say."""

    title: str | None = None
    authors: tuple[str, ...] = ()


def take_fields(passages: Sequence[Passage]) -> tuple[Fields, list[Passage], list[Taken]]:
    """Take lines that are fields off the head of a text: two or more, or one that is the title.

    Returns:
        What they say, the passages that are left, and what was taken.
    """
    count = 0
    told: dict[str, str] = {}
    for passage in passages[:_MAX_FIELDS]:
        field = None if passage.is_piece else _FIELD.fullmatch(passage.text)
        if field is None and not _FORWARDED.fullmatch(passage.text):
            break
        count += 1
        if field is not None:
            told.setdefault(field["label"].lower(), field["value"].strip())
    title = next((told[label] for label in told if label in _TITLES), "")
    if count == len(passages) or not (len(told) > 1 or title):
        return Fields(), list(passages), []
    authors = author_names([told[label] for label in told if label in _AUTHORS], ())
    taken = [Taken(RULE, passage) for passage in passages[:count]]
    return Fields(_ANSWERED.sub("", title) or None, authors), list(passages[count:]), taken
