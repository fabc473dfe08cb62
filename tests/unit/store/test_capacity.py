from datetime import UTC, datetime

import pytest
from conftest import RedisServer, article
from ledger_steps import finish

from schemas import Lane
from store import Store


def at(store: Store, milliseconds: int) -> None:
    store.scripts.clock_ms = milliseconds


def test_a_fresh_quota_is_a_whole_minute_at_once(any_store: Store) -> None:
    grant = any_store.capacity.take("key", 60, per_minute=60)
    assert (grant.granted, grant.left, grant.wait_s) == (60, 0, 0)
    assert grant.full_again_s == pytest.approx(60)


def test_of_what_does_not_fit_the_first_articles_are_granted(any_store: Store) -> None:
    grant = any_store.capacity.take("key", 100, per_minute=60)
    assert (grant.granted, grant.left) == (60, 0)
    assert grant.wait_s == pytest.approx(40), "the other 40 fit when 40 have drained, one a second"


def test_a_used_up_quota_says_when_the_next_article_fits(any_store: Store) -> None:
    any_store.capacity.take("key", 60, per_minute=60)
    refused = any_store.capacity.take("key", 1, per_minute=60)
    assert (refused.granted, refused.wait_s) == (0, pytest.approx(1))
    at(any_store, 1_000_000 + 1_000)
    assert any_store.capacity.take("key", 1, per_minute=60).granted == 1
    assert any_store.capacity.take("key", 1, per_minute=60).granted == 0


def test_a_quota_fills_steadily(any_store: Store) -> None:
    any_store.capacity.take("key", 600, per_minute=600)
    at(any_store, 1_000_000 + 30_000)
    assert any_store.capacity.take("key", 1_000, per_minute=600).granted == 300


def test_a_large_quota_is_exact_to_the_article(any_store: Store) -> None:
    granted = sum(any_store.capacity.take("key", 1_999, per_minute=600_000).granted for _ in range(310))
    assert granted == 600_000


def test_each_key_has_its_own_quota(any_store: Store) -> None:
    any_store.capacity.take("one", 60, per_minute=60)
    assert any_store.capacity.take("two", 60, per_minute=60).granted == 60


def test_a_quota_that_nobody_uses_leaves_nothing_behind(any_store: Store) -> None:
    any_store.capacity.take("key", 30, per_minute=60)
    assert 0 < any_store.client.pttl(any_store.keys.quota("key")) <= 30_001


def test_without_outcomes_nothing_drains(store: Store) -> None:
    assert store.capacity.drain_rate() == 0


def test_the_drain_rate_is_that_of_the_newest_outcomes(store: Store) -> None:
    for number in range(20):
        finish(store, number)
    began = int(store.client.xrange(store.keys.feed, count=1)[0][0].split(b"-")[0])
    at(store, began + 10_000)
    assert store.capacity.drain_rate() == pytest.approx(2)
    at(store, began + 40_000)
    assert store.capacity.drain_rate() == pytest.approx(0.5)


def test_what_ended_long_ago_says_nothing_of_now(store: Store) -> None:
    finish(store)
    began = int(store.client.xrange(store.keys.feed, count=1)[0][0].split(b"-")[0])
    at(store, began + 61_000)
    assert store.capacity.drain_rate() == 0


@pytest.mark.integration
def test_the_load_tells_backlog_and_memory(real_store: Store) -> None:
    real_store.ledger.accept([article(1), article(2, lane=Lane.BULK)])
    real_store.client.config_set("maxmemory", "500mb")
    try:
        load = real_store.capacity.load()
    finally:
        real_store.client.config_set("maxmemory", "0")
    assert load.backlog.pending == 2
    assert load.limit_bytes == 500 * 1024 * 1024
    assert 0 < load.memory_share < 0.5


def test_a_server_that_does_not_tell_its_memory_counts_as_one_without_limit(store: Store) -> None:
    load = store.capacity.load()
    assert (load.limit_bytes, load.memory_share) == (0, 0)


@pytest.mark.parametrize(
    ("persistence", "durable"),
    [
        ({"aof_enabled": 1, "aof_last_write_status": "ok"}, True),
        ({"aof_enabled": 1, "aof_last_write_status": "err"}, False),
        ({"aof_enabled": 0, "aof_last_write_status": "ok"}, False),
        ({}, None),
    ],
)
def test_a_server_is_durable_whose_append_only_file_is_on_and_was_written(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    persistence: dict[str, object],
    durable: bool | None,  # noqa: FBT001
) -> None:
    monkeypatch.setattr(store.client, "info", lambda section: persistence if section == "persistence" else {})
    assert store.capacity.watched().durable is durable


def test_the_age_of_an_article_that_is_tried_again_begins_anew(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    any_store.client.hset(any_store.keys.counts, "quarantined", 1)
    ref = any_store.client.zrange(any_store.keys.waiting(Lane.LIVE), 0, 0)[0].decode()
    any_store.client.zrem(any_store.keys.waiting(Lane.LIVE), ref)
    any_store.client.hset(f"{any_store.keys.prefix}:article:{ref}", "state", "quarantined")
    at(any_store, 9_000_000)
    any_store.scripts.run("retry", ref)
    assert any_store.ledger.backlog().oldest[Lane.LIVE] == datetime.fromtimestamp(9_000, UTC)


@pytest.mark.integration
def test_many_processes_share_one_quota(redis_server: RedisServer) -> None:
    first, second = (Store.open(redis_server.url()) for _ in range(2))
    assert first.capacity.take("key", 40, per_minute=60).granted == 40
    assert second.capacity.take("key", 40, per_minute=60).granted == 20
    first.close()
    second.close()
