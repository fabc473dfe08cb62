"""What operators ask for and get back: the quarantine, reprocessing, the audit log."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field

from schemas.base import Model
from schemas.pipeline import Failure, Outcome, StageName

ArticleName = Annotated[str, Field(pattern=r"^[a-z2-7]{26}(:[1-9][0-9]{0,8})?$", description="`id`, or `id:revision`.")]


class QuarantinedArticle(Model):
    """One article in quarantine: who put it there, when, where and why."""

    id: str
    revision: int = Field(ge=1)
    accepted_at: datetime
    url: str | None
    source: str | None
    failure: Failure


class QuarantinePage(Model):
    """A run of articles in quarantine, oldest acceptance first."""

    items: tuple[QuarantinedArticle, ...]
    next_cursor: str | None = Field(description="Pass it as `cursor` of the next call; null on the last page.")


_INTEGRAL = BeforeValidator(lambda value: int(value) if isinstance(value, float) and value.is_integer() else value)
"""JSON knows one kind of number: 5.0 is the whole number 5."""
_EITHER = [
    {"required": ["articles"], "properties": {"articles": {"minItems": 1}, "everything": {"const": False}}},
    {"required": ["everything"], "properties": {"articles": {"maxItems": 0}, "everything": {"const": True}}},
]


class Selection(Model):
    """Which articles of the quarantine: those that are named, or everything."""

    model_config = ConfigDict(strict=True, json_schema_extra={"oneOf": _EITHER})  # type: ignore[dict-item]

    articles: tuple[ArticleName, ...] = Field(default=(), max_length=1_000)
    everything: bool = Field(default=False, description="All of them, at most 1,000 in one call.")


class Changed(Model):
    """How many articles of a selection were changed."""

    changed: int = Field(ge=0)
    not_in_quarantine: tuple[str, ...]
    more: bool = Field(description="Whether articles are left although everything was asked for: call again.")


class ReprocessOrder(Model):
    """Which results go through the pipeline again, and from which stage on. All conditions that are given must hold."""

    model_config = ConfigDict(strict=True)

    stage: StageName = StageName.CLEAN
    before_version: Annotated[int, Field(ge=1), _INTEGRAL] | None = Field(
        default=None, description="Only results of an older version of the stage, or without a result of it."
    )
    outcome: Literal[Outcome.DONE, Outcome.PARTIAL] | None = None
    source: str | None = Field(default=None, max_length=255, description="Only of this host.")
    since: AwareDatetime | None = Field(default=None, description="Accepted then or later.")
    until: AwareDatetime | None = Field(default=None, description="Accepted before then.")
    dry_run: bool = Field(default=True, description="Only count. False: do it.")
    cursor: str | None = Field(default=None, max_length=200, description="`next_cursor` of the call before.")
    limit: Annotated[int, Field(ge=1, le=1_000), _INTEGRAL] = Field(
        default=500, description="Articles to look at in this call."
    )


class ReprocessReceipt(Model):
    """What one call looked at and sent. Articles that were sent are pending until they have an outcome again."""

    dry_run: bool
    examined: int = Field(ge=0)
    matching: int = Field(ge=0)
    sent: int = Field(ge=0)
    skipped: dict[str, int] = Field(
        description="Matching articles that were not sent, or would not be, by reason: `no_body` (its retention is "
        "over), `outdated` (there is a later revision), `changed` (meanwhile)."
    )
    next_cursor: str | None = Field(description="For the next call; null when there is nothing more.")


class AuditEntry(Model):
    """One call to the operate API, or one command that changes access keys."""

    id: str = Field(description="Position in the log.")
    at: datetime
    key_id: str = Field(description="Id of the access key; empty if none was needed.")
    key_name: str = Field(description="Name of the key, or the person at the command line.")
    action: str = Field(description="Method and address, or the command.")
    subject: str = Field(description="Parameters and ids, never article text.")
    request_id: str
    outcome: str = Field(
        description="The HTTP status; of a command `done` or `failed`; `unknown` if the server died before it answered."
    )
    result: str = Field(description="What was done, in numbers.")


class AuditPage(Model):
    """Calls, newest first."""

    items: tuple[AuditEntry, ...]
    next_before: str | None = Field(description="For the next page; null on the last one.")
