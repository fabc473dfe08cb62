"""What was read from a page, before it is set against what the scraper submitted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tasks.clean._walls import Wall

_ALIKE = (
    "published_at", "modified_at", "canonical_url", "site_name", "description", "image_url", "section", "keywords",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself.

    ``zone_assumed``: its time had no zone and was taken as UTC. ``day_guessed``: it is a day found in the visible text.
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    canonical_url: str | None = None
    site_name: str | None = None
    description: str | None = None
    image_url: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    language: str | None = None
    zone_assumed: bool = False
    day_guessed: bool = False
    kicker: str | None = None
    subhead: str | None = None
    lead: str | None = None
    wall: Wall | None = None
    headlines: tuple[str, ...] = ()
    """Other titles that the page gives itself; its text may begin with any of them."""

    def undecided(self) -> dict[str, Any]:
        """The fields that go into the result as they are; title and authors may also come from the text."""
        return {name: getattr(self, name) for name in _ALIKE}


@dataclass(frozen=True, slots=True)
class Page:
    """The main text of a page, one line for each block, and its metadata."""

    text: str
    metadata: Metadata = Metadata()
    degraded: bool = False
    shortened: bool = False
    below: str = ""
    """Short lines that stand below a short text in its page: a wall says there what is to be done."""
