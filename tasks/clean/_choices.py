"""Submitted metadata against what the page says: the submission wins, a contradiction becomes a warning."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import TypeVar

import schemas
from schemas import Submission, same_page_key
from tasks.clean._head import same_title
from tasks.clean._page import Metadata

T = TypeVar("T")

_SAME_MOMENT = timedelta(days=1)
"""Less is a time zone that one side got wrong, or the minute of publishing against that of writing."""


def _close(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= _SAME_MOMENT


def _same_names(one: Collection[str], other: Collection[str]) -> bool:
    return {name.casefold() for name in one} == {name.casefold() for name in other}


def _same_address(one: str, other: str) -> bool:
    return same_page_key(one) == same_page_key(other)


def _same_site(one: str, other: str) -> bool:
    return one.casefold().removeprefix("the ") == other.casefold().removeprefix("the ")


def conflict(field: str) -> schemas.Warning:
    """The warning that the article itself contradicts what was submitted."""
    message = "the article says something else; the submitted value was kept"
    return schemas.Warning(field=field, code="conflict", message=message)


def assumed_zone() -> schemas.Warning:
    """The warning that the article says its time without a zone."""
    message = "had no time zone and was taken as UTC"
    return schemas.Warning(field="published_at", code="no_time_zone", message=message)


class Choice:
    """Chooses field by field and collects the contradictions."""

    def __init__(self) -> None:
        self.warnings: list[schemas.Warning] = []

    def between(self, field: str, submitted: T | None, found: T | None, same: Callable[[T, T], bool]) -> T | None:
        """The submitted value where there is one, else the found one; a warning where both are there and differ."""
        if not submitted:
            return found
        if found and not same(submitted, found):
            self.warnings.append(conflict(field))
        return submitted


def merge(submission: Submission, found: Metadata) -> tuple[Metadata, tuple[schemas.Warning, ...]]:
    """Set the submitted metadata against the page's.

    Returns:
        The metadata to use, and a warning for each contradiction and each time zone that was assumed.
    """
    choice = Choice()
    merged = Metadata(
        title=choice.between("title", submission.title, found.title, same_title),
        authors=choice.between("authors", submission.authors, found.authors, _same_names) or (),
        published_at=choice.between("published_at", submission.published_at, found.published_at, _close),
        modified_at=submission.modified_at or found.modified_at,
        canonical_url=choice.between("canonical_url", submission.canonical_url, found.canonical_url, _same_address),
        site_name=choice.between("source_name", submission.source_name, found.site_name, _same_site),
        description=submission.description or found.description,
        image_url=submission.image_url or found.image_url,
        section=submission.section or found.section,
        keywords=submission.keywords or found.keywords,
    )
    if found.zone_assumed and not submission.published_at:
        choice.warnings.append(assumed_zone())
    if found.day_guessed and not submission.published_at:
        message = "is a day that was found in the visible text; the page declares none"
        choice.warnings.append(schemas.Warning(field="published_at", code="guessed", message=message))
    return merged, tuple(choice.warnings)
