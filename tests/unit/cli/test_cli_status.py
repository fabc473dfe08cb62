import json
import re
import time
from datetime import timedelta
from typing import Any

import fakeredis
import pytest
import redis
from conftest import article
from ledger_steps import claim, finish
from operators import Printed, in_quarantine

from cli import status
from schemas import Lane, PipelineStatus, WebhookOrder, WebhookState
from store import Store


@pytest.fixture
def broker(store: Store, monkeypatch: pytest.MonkeyPatch) -> "redis.Redis":
    """What `dateline status` looks at: this store, and this broker."""
    queues = fakeredis.FakeRedis()
    monkeypatch.setattr(status, "open_store", lambda: store)
    monkeypatch.setattr(status, "connect", lambda _: queues)
    return queues


def told_to_programs(printed: Printed) -> dict[str, Any]:
    status.report(as_json=True)
    document: dict[str, Any] = json.loads(printed())
    return document


@pytest.mark.usefixtures("broker")
def test_status_counts_lanes_stages_and_outcomes(store: Store, printed: Printed) -> None:
    finish(store, 1)
    store.ledger.accept([article(2)])
    claim(store)
    store.ledger.accept([article(3, lane=Lane.BULK)])
    document = told_to_programs(printed)
    assert document["accepted"] == 3
    assert document["pending"] == 2
    assert document["lanes"]["bulk"]["waiting"] == 1
    assert document["lanes"]["bulk"]["oldest_seconds"] >= 0
    assert document["lanes"]["live"]["oldest_seconds"] is None
    assert document["lanes"]["live"]["stages"]["clean"]["in_work"] == 1
    assert document["outcomes"]["done"] == 1
    assert document["balanced"]
    assert PipelineStatus.model_validate(document)


def test_status_reads_the_queues_under_the_prefix(broker: "redis.Redis", printed: Printed) -> None:
    broker.rpush("dl.dateline.live.clean", "message")
    lanes = told_to_programs(printed)["lanes"]
    assert lanes["live"]["stages"]["clean"]["messages"] == 1
    assert lanes["bulk"]["stages"]["clean"]["messages"] == 0


@pytest.mark.usefixtures("broker")
def test_status_is_printed_for_people(store: Store, printed: Printed) -> None:
    in_quarantine(store, 1)
    store.consumers.report("archive", "files", "0-0")
    status.report(as_json=False)
    told = printed()
    assert "1 accepted" in told
    assert re.search(r"quarantined +1 +0", told)
    assert re.search(r"archive +consumer", told)
    assert "dateline quarantine list" in told


@pytest.mark.usefixtures("broker")
def test_status_tells_how_it_went_lately(store: Store, printed: Printed) -> None:
    store.scripts.clock_ms = 1_000_000
    store.figures.keep()
    finish(store, 1)
    store.scripts.clock_ms = 1_000_000 + 10_000
    status.report(as_json=False)
    told = printed()
    assert "In the last 10 s: 0.1 accepted and 0.1 finished a second" in told
    assert "Of 1 lately: 0% language, 0% entities, 0% places, 0% focus; 0 are copies" in told


@pytest.mark.usefixtures("broker")
def test_status_tells_of_webhooks_that_are_dead_or_behind(store: Store, printed: Printed) -> None:
    status.report(as_json=False)
    assert "ebhook" not in printed()
    _, dead = store.webhooks.create(WebhookOrder(url="https://a.example/"))
    turn = store.webhooks.take(dead.id, timedelta(minutes=1))
    assert turn
    store.webhooks.over(turn, "500", WebhookState.DEAD, "it failed")
    store.webhooks.create(WebhookOrder(url="https://b.example/"))
    assert [each["lag_seconds"] for each in told_to_programs(printed)["followers"]] == [0]
    finish(store)
    time.sleep(0.01)
    document = told_to_programs(printed)
    assert document["webhooks"] == {"active": 1, "disabled": 0, "ended": 0, "dead": 1}
    assert document["followers"][0]["lag_seconds"] > 0
    status.report(as_json=False)
    told = printed()
    assert "Webhooks: 1 active, 1 dead; one of them is" in told
    assert "dateline webhooks list" in told


@pytest.mark.usefixtures("broker")
def test_numbers_that_do_not_add_up_are_told(store: Store, printed: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    store.client.hset(store.keys.counts, "accepted", 7)
    monkeypatch.setattr(status, "messages", lambda *_: None)
    status.report(as_json=False)
    told = printed()
    assert "dateline verify" in told
    assert "The broker does not answer" in told
    assert not told_to_programs(printed)["broker"]


def test_status_warns_of_a_full_memory_and_of_one_that_is_not_kept(
    store: Store, broker: "redis.Redis", printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"used_memory": 50_000_000, "maxmemory": 100_000_000, "aof_enabled": 0}
    monkeypatch.setattr(store.client, "info", lambda _: told)
    status.report(as_json=False)
    said = printed()
    assert "Redis uses 50 MB of 100 MB (50%)" in said
    assert "keeps no append-only file" in said
