"""Who follows the feed, and how far behind they are: webhooks, consumer groups, and registered consumers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import redis

from schemas import Follower, FollowerKind, Webhook, WebhookState
from store.consumers import Consumers
from store.errors import translated
from store.feed import Feed
from store.keys import Keys


class Followers:
    """Measures how far behind each follower is."""

    def __init__(self, client: "redis.Redis", keys: Keys, feed: Feed, consumers: Consumers) -> None:
        self._client = client
        self._key = keys.feed
        self._feed = feed
        self._consumers = consumers

    def measure(self, webhooks: Iterable[Webhook], now: datetime) -> list[Follower]:
        """All followers with their lag. Webhooks that are not active are left out: nothing is sent to them."""
        found = [
            Follower(kind=FollowerKind.WEBHOOK, name=hook.id, cursor=hook.cursor, lag_seconds=0)
            for hook in webhooks
            if hook.state is WebhookState.ACTIVE
        ]
        found += [*self._groups(), *self._reported()]
        lags = self._feed.lags((each.cursor for each in found), now)
        return [each.model_copy(update={"lag_seconds": lags[each.cursor]}) for each in found]

    def _reported(self) -> list[Follower]:
        return [
            Follower(kind=FollowerKind.CONSUMER, name=each.name, cursor=each.reached, lag_seconds=0, missed=each.missed)
            for each in self._consumers.list()
        ]

    def _groups(self) -> list[Follower]:
        """Consumer groups. Entries that were delivered but not acknowledged count as not received."""
        with translated():
            if not self._client.exists(self._key):
                return []
            groups: Any = self._client.xinfo_groups(self._key)
            pipe = self._client.pipeline(transaction=False)
            for group in groups:
                pipe.xpending(self._key, group["name"])
            summaries = pipe.execute()
        return [
            Follower(
                kind=FollowerKind.GROUP,
                name=group["name"].decode(),
                cursor=_before(group, summary),
                lag_seconds=0,
                pending=int(group["pending"]),
            )
            for group, summary in zip(groups, summaries, strict=True)
        ]


def _before(group: dict[str, Any], summary: dict[str, Any]) -> str:
    """The cursor before the first entry that a group has not received or not acknowledged."""
    oldest = summary["min"]
    if not oldest:
        return str(group["last-delivered-id"].decode())
    milliseconds, _, sequence = oldest.decode().partition("-")
    if int(sequence):
        return f"{milliseconds}-{int(sequence) - 1}"
    return f"{int(milliseconds) - 1}-9999999999"
