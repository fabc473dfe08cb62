"""What the clean stage returns: the article's text and metadata."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from schemas._lenient import Warning as Note
from schemas.base import Model


class Form(StrEnum):
    """Which part of the submission the text was made from."""

    HTML = "html"
    TEXT = "text"


class Removed(Model):
    """A passage that the cleaner removed. All removals are listed, so that nothing is hidden.

    ``[start, end)`` are code points of the submitted text (form ``text``), or of the text extracted from the page
    before the rules ran (form ``html``).
    """

    rule: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str


class Dateline(Model):
    """The place, date and agency at the start of a story: ``KYIV, Nov 12 (Reuters) —``."""

    text: str
    place: str | None = None
    agency: str | None = None


class Quality(Model):
    """Signs that the text is not a whole article, as far as the cleaner can tell."""

    words: int = Field(ge=0)
    degraded: bool = Field(default=False, description="The page was hostile; a plain fallback was used.")
    boilerplate_only: bool = Field(default=False, description="No article was found: a paywall, an empty shell.")
    truncated: bool = Field(default=False, description="Only a teaser: cut off with dots, or at a paywall.")
    listing: bool = Field(default=False, description="Headline after headline: a list of articles, not one.")
    score: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Share of the words that stand in passages which read like paragraphs; 0 without an article. "
        "Null where no rule has looked at the text.",
    )

    @property
    def why_not_read(self) -> str | None:
        """The reason for which later stages skip this text; ``None`` for an article.

        A teaser is not skipped: the names in it count, and it may be a copy of the whole story.
        """
        if self.boilerplate_only:
            return "boilerplate_only"
        return "listing" if self.listing else None


class CleanText(Model):
    """The text and metadata of the article. Offsets of later stages are code points of ``text`` and ``title``."""

    title: str | None
    text: str = Field(description="Paragraphs separated by one blank line. Without the title.")
    language: str | None = Field(description="ISO 639-1 code found in the text; null when there is too little of it.")
    form: Form
    kicker: str | None = Field(default=None, description="The label above the headline. It is not part of the text.")
    subhead: str | None = Field(
        default=None,
        description="The line below the headline that continues it. If the text has it too, it stays there.",
    )
    byline: str | None = None
    dateline: Dateline | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    canonical_url: str | None = None
    site_name: str | None = None
    description: str | None = None
    image_url: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    quality: Quality
    warnings: tuple[Note, ...] = ()
