from datetime import UTC, datetime, timedelta

from ledger_steps import finish

from schemas import FollowerKind, WebhookOrder, WebhookState
from store import START, Followers, Store


def measured(store: Store, now: datetime | None = None) -> dict[tuple[FollowerKind, str], float]:
    """Lag of each consumer, by kind and name."""
    hooks = [one.webhook for one in store.webhooks.list()]
    found = Followers(store.client, store.keys, store.feed, store.consumers).measure(hooks, now or datetime.now(UTC))
    return {(each.kind, each.name): each.lag_seconds for each in found}


def first_entry(store: Store) -> str:
    return store.client.xrange(store.keys.feed, count=1)[0][0].decode()


def test_a_store_without_feed_has_nobody_behind(any_store: Store) -> None:
    any_store.consumers.report("archive", "files", START)
    assert measured(any_store) == {(FollowerKind.CONSUMER, "archive"): 0}


def test_the_lag_is_the_age_of_the_oldest_entry_that_was_not_got(any_store: Store) -> None:
    finish(any_store, 1)
    first = first_entry(any_store)
    finish(any_store, 2)
    any_store.consumers.report("behind", "files", START)
    any_store.consumers.report("done", "files", any_store.feed.newest())
    now = datetime.fromtimestamp(int(first.split("-")[0]) / 1000, UTC) + timedelta(seconds=90)
    assert measured(any_store, now) == {(FollowerKind.CONSUMER, "behind"): 90, (FollowerKind.CONSUMER, "done"): 0}


def test_only_active_webhooks_have_a_lag(any_store: Store) -> None:
    finish(any_store, 1)
    _, active = any_store.webhooks.create(WebhookOrder(url="https://a.example/", after=START))
    _, dead = any_store.webhooks.create(WebhookOrder(url="https://b.example/", after=START))
    turn = any_store.webhooks.take(dead.id, timedelta(minutes=1))
    assert turn
    any_store.webhooks.over(turn, "500", WebhookState.DEAD, "it failed")
    assert list(measured(any_store)) == [(FollowerKind.WEBHOOK, active.id)]


def test_a_group_is_behind_by_what_it_was_given_and_did_not_acknowledge(any_store: Store) -> None:
    feed, client = any_store.keys.feed, any_store.client
    finish(any_store, 1)
    client.xgroup_create(feed, "indexer", "0")
    group = (FollowerKind.GROUP, "indexer")
    entry = first_entry(any_store)
    now = datetime.fromtimestamp(int(entry.split("-")[0]) / 1000, UTC) + timedelta(seconds=30)
    assert measured(any_store, now)[group] == 30, "never read"
    client.xreadgroup("indexer", "one", {feed: ">"})
    assert measured(any_store, now)[group] == 30, "read, and not acknowledged"
    [consumer] = Followers(client, any_store.keys, any_store.feed, any_store.consumers).measure([], now)
    assert consumer.pending == 1
    client.xack(feed, "indexer", entry)
    assert measured(any_store, now)[group] == 0


def test_what_a_consumer_missed_is_told(any_store: Store) -> None:
    finish(any_store, 1)
    any_store.consumers.report("slow", "files", START)
    any_store.ledger.forget(results_before_ms=10**15, bodies_before_ms=0)
    [follower] = Followers(any_store.client, any_store.keys, any_store.feed, any_store.consumers).measure(
        [], datetime.now(UTC)
    )
    assert (follower.lag_seconds, follower.missed) == (0, 1)


def test_of_entries_of_one_millisecond_the_held_one_counts(any_store: Store) -> None:
    feed, client = any_store.keys.feed, any_store.client
    for number in range(3):
        client.xadd(feed, {"ref": "x:1"}, id=f"5000-{number}")
    client.xgroup_create(feed, "indexer", "0")
    client.xreadgroup("indexer", "one", {feed: ">"})
    client.xack(feed, "indexer", "5000-0")
    [follower] = Followers(client, any_store.keys, any_store.feed, any_store.consumers).measure(
        [], datetime.fromtimestamp(8, UTC)
    )
    assert (follower.cursor, follower.lag_seconds, follower.pending) == ("5000-0", 3, 2)
