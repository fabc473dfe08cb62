"""What a scraper gets back for a submission."""

from enum import StrEnum

from pydantic import Field

from schemas._lenient import Warning as Note
from schemas.base import Model
from schemas.formats import Format
from schemas.problems import Problem


class Answer(StrEnum):
    """What the ledger did with a submission."""

    ACCEPTED = "accepted"
    REVISED = "revised"
    EXISTING = "existing"


class Receipt(Model):
    """Confirms that an article is stored safely, and says where its status and result are."""

    id: str
    revision: int = Field(ge=1)
    answer: Answer
    status_url: str
    warnings: tuple[Note, ...] = ()


class Item(Model):
    """One line of a batch: its receipt or its problem."""

    line: int = Field(ge=1, description="Line of the NDJSON, or position in the JSON array, from 1.")
    status: int = Field(description="The HTTP status that the line would have got if sent alone.")
    receipt: Receipt | None = None
    problem: Problem | None = None
    format: Format | None = Field(
        default=None, description="The format that the line was read as, if the request named one."
    )


class BatchReceipt(Model):
    """The answers to a batch, in the order of its lines."""

    accepted: int = Field(ge=0)
    existing: int = Field(ge=0)
    rejected: int = Field(ge=0)
    items: tuple[Item, ...]
