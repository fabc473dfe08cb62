"""Webhook subscriptions: their filters, their position in the feed, and which process may call them now.

Secrets are kept in clear, since calls are signed with them: whoever can read the store can sign.
"""

import base64
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import redis

from schemas import DatelineError, Webhook, WebhookOrder, WebhookState
from store._registry import registered
from store._scripts import Scripts
from store.errors import translated
from store.feed import Feed, checked_cursor
from store.keys import Keys
from store.records import moment

MOST: Final = 200
"""Subscriptions at most. Each is looked at once a second and may hold one connection."""
_SECRET_BYTES: Final = 32
"""Standard Webhooks asks for 24 to 64."""
_BY_OPERATOR: Final = "disabled by an operator"


class TooManyWebhooks(DatelineError):
    """There are as many subscriptions as allowed; delete one that is not needed."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A webhook with the secrets that its calls are signed with."""

    webhook: Webhook
    secrets: tuple[str, ...] = field(repr=False)
    """The newest first; each call is signed with all of them."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to call one endpoint, as long as its lease lasts."""

    id: str
    token: str
    cursor: str
    attempts: int
    """Failed calls for the next event."""


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


class Webhooks:
    """Creates, lists, changes and deletes subscriptions, and assigns turns to call them."""

    def __init__(self, client: "redis.Redis", keys: Keys, scripts: Scripts, feed: Feed) -> None:
        self._client = client
        self._keys = keys
        self._scripts = scripts
        self._feed = feed

    def create(self, order: WebhookOrder) -> tuple[str, Webhook]:
        """Make a subscription; returns its secret, which is not shown again, and the webhook.

        Raises:
            TooManyWebhooks: There are `MOST` of them.
            BadCursor: It would begin after a cursor of the future.
        """
        if order.after:
            self._feed.refuse_the_future(order.after)
        hook, secret = secrets.token_hex(8), _new_secret()
        fields: dict[str, str | int] = {
            "order": order.model_dump_json(exclude={"after"}),
            "secret": secret,
            "created": int(datetime.now(UTC).timestamp() * 1000),
            "state": WebhookState.ACTIVE.value,
            "cursor": order.after or self._feed.newest(),
        }
        with translated():
            made = self._scripts.run("webhook_create", hook, MOST, *_in_turn(fields))
        if not made:
            raise TooManyWebhooks(f"There are {MOST} webhooks already; delete one that is not needed.")
        kept = {name.encode(): str(value).encode() for name, value in fields.items()}
        return secret, _subscription(hook, kept).webhook

    def list(self) -> list[Subscription]:
        """All subscriptions, oldest first."""
        found = [_subscription(*entry) for entry in registered(self._client, self._keys.webhooks, self._keys.webhook)]
        return sorted(found, key=lambda one: (one.webhook.created_at, one.webhook.id))

    def find(self, hook: str) -> Subscription | None:
        """One subscription."""
        with translated():
            fields: Any = self._client.hgetall(self._keys.webhook(hook))
        return _subscription(hook, fields) if fields else None

    def rotate(self, hook: str, keep: timedelta) -> tuple[str, Webhook, datetime] | None:
        """Replace the secret. For a while calls carry signatures of both.

        Returns:
            The new secret, the webhook, and until when the old secret signs; ``None`` if there is no such webhook.
        """
        secret, until = _new_secret(), datetime.now(UTC) + keep
        changed = self._change(hook, secret=secret, old_until=int(until.timestamp() * 1000))
        found = self.find(hook) if changed else None
        return (secret, found.webhook, until) if found else None

    def disable(self, hook: str) -> bool:
        """Stop calling it; events wait in the feed. False if there is no such webhook."""
        return self._change(hook, state=WebhookState.DISABLED.value, reason=_BY_OPERATOR)

    def enable(self, hook: str) -> bool:
        """Call it again, from where it stopped. False if there is no such webhook."""
        return self._change(hook, state=WebhookState.ACTIVE.value, reason="")

    def replay(self, hook: str, after: str) -> bool:
        """Go on after another cursor. False if there is no such webhook.

        Raises:
            BadCursor: The cursor has another form, or lies in the future.
        """
        self._feed.refuse_the_future(checked_cursor(after))
        return self._change(hook, cursor=after)

    def delete(self, hook: str) -> bool:
        """Delete a subscription. False if there is none."""
        with translated():
            pipe = self._client.pipeline()
            pipe.delete(self._keys.webhook(hook))
            pipe.srem(self._keys.webhooks, hook)
            return bool(pipe.execute()[0])

    def take(self, hook: str, lease: timedelta) -> Turn | None:
        """Take the turn to call an endpoint; ``None`` if it is not due or another process has it."""
        token = secrets.token_hex(8)
        with translated():
            found: Any = self._scripts.run("webhook_take", hook, token, _ms(lease))
        return Turn(hook, token, found[0].decode(), int(found[1])) if found else None

    def passed(self, turn: Turn, cursor: str, lease: timedelta) -> bool:
        """Move past events that are not wanted. False if the turn is over, as in the methods below."""
        return self._settle(turn, "passed", cursor, _ms(lease))

    def delivered(self, turn: Turn, cursor: str, answer: str, lease: timedelta) -> bool:
        """Record that the endpoint accepted the event at this cursor."""
        return self._settle(turn, "delivered", cursor, answer, _ms(lease))

    def failed(self, turn: Turn, answer: str, delay: timedelta) -> bool:
        """Record a failed call and end the turn; the next one begins after the delay."""
        return self._settle(turn, "failed", answer, _ms(delay))

    def over(self, turn: Turn, answer: str, state: WebhookState, reason: str) -> bool:
        """End the turn and the calls to this webhook, with the new state and the reason."""
        return self._settle(turn, "over", answer, state.value, reason)

    def keep(self, turn: Turn, lease: timedelta) -> bool:
        """Extend the turn's lease before a call."""
        return self._settle(turn, "keep", _ms(lease))

    def release(self, turn: Turn) -> bool:
        """Give the turn back: there is nothing to send."""
        return self._settle(turn, "release")

    def _settle(self, turn: Turn, what: str, *args: str | int) -> bool:
        with translated():
            return bool(self._scripts.run("webhook_settle", turn.id, turn.token, what, *args))

    def _change(self, hook: str, **fields: str | int) -> bool:
        with translated():
            return bool(self._scripts.run("webhook_change", hook, *_in_turn(fields)))


def _in_turn(fields: Mapping[str, str | int]) -> Iterator[str | int]:
    """Names and values as the scripts take them."""
    return (part for pair in fields.items() for part in pair)


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)


def _subscription(hook: str, fields: dict[bytes, bytes]) -> Subscription:
    def text(name: str) -> str:
        return fields.get(name.encode(), b"").decode()

    def time(name: str) -> datetime | None:
        return moment(text(name)) if text(name) else None

    order = WebhookOrder.stored(text("order"))
    old_until = time("old_until")
    old = [text("old_secret")] if old_until and old_until > datetime.now(UTC) else []
    webhook = Webhook(
        id=hook,
        url=order.url,
        name=order.name,
        filter=order.filter,
        include=order.include,
        created_at=moment(text("created")),
        state=WebhookState(text("state")),
        reason=text("reason") or None,
        cursor=text("cursor"),
        delivered=int(text("delivered") or 0),
        attempts=int(text("attempts") or 0),
        last_answer=text("answer") or None,
        last_called_at=time("called"),
        next_call_at=time("due"),
    )
    return Subscription(webhook, (text("secret"), *old))
