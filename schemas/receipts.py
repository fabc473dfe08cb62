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
    """The promise that an article is safe, and where to ask for it."""

    id: str
    revision: int = Field(ge=1)
    answer: Answer
    status_url: str
    warnings: tuple[Note, ...] = ()


class Item(Model):
    """One line of a batch: its receipt or its problem."""

    line: int = Field(ge=1, description="Line of the NDJSON, or position in the JSON array, from 1.")
    status: int = Field(description="The HTTP status that the line alone would have got.")
    receipt: Receipt | None = None
    problem: Problem | None = None
    format: Format | None = Field(default=None, description="How the line was read, when the request named a format.")


class BatchReceipt(Model):
    """The answers to a batch, in the order of its lines."""

    accepted: int = Field(ge=0)
    existing: int = Field(ge=0)
    rejected: int = Field(ge=0)
    items: tuple[Item, ...]
