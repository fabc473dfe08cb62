"""Webhooks: subscriptions, their filters and their state (Standard Webhooks, github.com/standard-webhooks)."""

from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from typing import Annotated, LiteralString
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from schemas.base import Described, Model
from schemas.cloudevents import EventType
from schemas.entities import Label
from schemas.identity import normal_source


def _target(url: str) -> str:
    """The address itself.

    Raises:
        PydanticCustomError: It cannot be called.
    """
    fault = _fault(url)
    if fault:
        raise PydanticCustomError("url", fault)
    return url


def _fault(url: str) -> LiteralString | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "is not a valid web address"
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        return "has to begin with https:// and a host"
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "must have no user name, password or fragment"
    if not url.isascii() or any(character <= " " or character == "\\" for character in url):
        return "must be written in ASCII, without blanks"
    return "must have a port that can be called" if port == 0 else None


Target = Annotated[
    str,
    StringConstraints(max_length=2_000),
    AfterValidator(_target),
    Described((("pattern", r"^https?://[^\s]+$"),)),
]
Short = Annotated[str, Field(min_length=1, max_length=255)]
Host = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(normal_source)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
_FEW = 100


class WantedEntity(Model):
    """An entity that an article has to name."""

    model_config = ConfigDict(strict=True)

    name: Short = Field(description="The fullest form in which the article names it; case does not matter.")
    label: Label | None = Field(default=None, strict=False)


class WebhookFilter(Model):
    """Which events are wanted: those that match one value of each field that is given.

    The contents of a withdrawn or quarantined article are not known: such events pass `languages`, `countries`,
    `places`, `entities`, `stories` and `originals`.
    """

    model_config = ConfigDict(strict=True)

    types: tuple[Annotated[EventType, Field(strict=False)], ...] = Field(default=(), max_length=_FEW)
    sources: tuple[Host, ...] = Field(default=(), max_length=_FEW, description="Hosts of outlets.")
    languages: tuple[Short, ...] = Field(default=(), max_length=_FEW, description="ISO 639-1 codes.")
    countries: tuple[Country, ...] = Field(
        default=(), max_length=_FEW, description="ISO 3166-1 alpha-2: the article names a place there."
    )
    places: tuple[int, ...] = Field(default=(), max_length=_FEW, description="GeoNames ids of places that it names.")
    entities: tuple[WantedEntity, ...] = Field(default=(), max_length=_FEW)
    stories: tuple[Short, ...] = Field(
        default=(),
        max_length=_FEW,
        description="`story_id`; a story goes on under the id of the one that it merged into.",
    )
    originals: bool = Field(default=False, description="No copies: not exact, near or contained in another article.")


class Include(StrEnum):
    """How much of a result an event carries."""

    LINK = "link"
    RESULT = "result"


class WebhookOrder(Model):
    """A request for a subscription."""

    model_config = ConfigDict(strict=True)

    url: Target = Field(description="The address to call: https, unless the operator allows the address for http.")
    name: str = Field(default="", max_length=200, description="For people.")
    filter: WebhookFilter = WebhookFilter()
    include: Include = Field(default=Include.LINK, strict=False, description="`result` includes the whole result.")
    after: str | None = Field(
        default=None,
        pattern=r"^[0-9]{1,15}-[0-9]{1,10}$",
        description="Begin after this cursor; `0-0` for everything that is kept. Null: with what comes from now on.",
    )


class WebhookState(StrEnum):
    """Whether a subscription is called."""

    ACTIVE = "active"
    DISABLED = "disabled"
    """By an operator."""
    ENDED = "ended"
    """The endpoint answered 410 Gone."""
    DEAD = "dead"
    """One event failed as often as the retries allow."""


class Webhook(Model):
    """A subscription and its state. The secret is shown once, when the subscription is made."""

    id: str
    url: str
    name: str
    filter: WebhookFilter
    include: Include
    created_at: datetime
    state: WebhookState
    reason: str | None = Field(description="Why it is not active.")
    cursor: str = Field(description="Everything up to here was delivered or is not wanted.")
    delivered: int = Field(ge=0, description="Events that the endpoint took.")
    attempts: int = Field(ge=0, description="Failed calls for the next event.")
    last_answer: str | None = Field(description="HTTP status of the last call, or the reason why there was no answer.")
    last_called_at: datetime | None
    next_call_at: datetime | None = Field(description="When a failed call will be repeated.")


class WebhookPage(Model):
    """All subscriptions, oldest first."""

    items: tuple[Webhook, ...]


class WebhookSecret(Model):
    """A subscription with the secret that its calls are signed with."""

    webhook: Webhook
    secret: str = Field(description="`whsec_` and base64, as Standard Webhooks libraries take it. Not shown again.")
    old_secret_until: datetime | None = Field(
        default=None, description="Until then calls are signed with the old secret as well."
    )


class Rotation(Model):
    """How a secret is replaced."""

    model_config = ConfigDict(strict=True)

    keep_hours: float = Field(default=24, ge=0, le=24 * 30, description="How long the old secret still signs.")


class Replay(Model):
    """Where a subscription goes on."""

    model_config = ConfigDict(strict=True)

    after: str = Field(
        pattern=r"^[0-9]{1,15}-[0-9]{1,10}$",
        description="A cursor of the feed: every wanted event after it is sent, again where it was sent before.",
    )


def literal_address(url: str) -> str | None:
    """The IP address that a URL has as its host; ``None`` if it has a name."""
    host = urlsplit(url).hostname or ""
    try:
        return str(ip_address(host))
    except ValueError:
        return None
