"""What the entities stage returns: who and what the article names."""

from enum import StrEnum

from pydantic import Field

from schemas.base import Model


class Label(StrEnum):
    """The kind of an entity. ``LOC`` includes countries, also as actors: *France agreed*."""

    PERSON = "PERSON"
    ORG = "ORG"
    LOC = "LOC"
    NORP = "NORP"
    EVENT = "EVENT"
    WORK = "WORK"
    PRODUCT = "PRODUCT"
    DATE = "DATE"
    MONEY = "MONEY"
    MISC = "MISC"


class Part(StrEnum):
    """Which part of the clean text a mention stands in."""

    TITLE = "title"
    TEXT = "text"


class Mention(Model):
    """One occurrence of a name: ``[start, end)`` in code points of its part, and the exact text there."""

    start: int = Field(ge=0)
    end: int = Field(gt=0)
    text: str
    part: Part = Part.TEXT


class Entity(Model):
    """One person, organisation, place or other entity of the article, with all its mentions."""

    id: str = Field(description="Stable within the article: the label and the folded name.")
    label: Label
    subtype: str | None = Field(default=None, description="`FAC` for a building or site among places.")
    name: str = Field(description="The fullest form in which the article names it.")
    mentions: tuple[Mention, ...] = Field(min_length=1, description="Title first, then in order of the text.")
    count: int = Field(ge=1)
    salience: float = Field(ge=0, le=1, description="How central it is to the article; see the stage's README.")
    value: str | None = Field(
        default=None, description="DATE: ISO 8601. MONEY: amount and ISO 4217 code; of a range both, `10/20 USD`."
    )


class Entities(Model):
    """All entities of an article, most salient first. Empty means that none were found."""

    entities: tuple[Entity, ...] = ()
    read_to: int | None = Field(
        default=None,
        ge=0,
        description="Code points that were read, if the text is too long to be read to its end; else null.",
    )
