import json
from collections.abc import Iterator
from typing import Any

import fakeredis
import pytest
import redis
from celery import Celery
from conftest import article
from kombu import Connection

from schemas import Lane, Ref, StageName
from store import Store
from tasks import pipeline
from tasks.batch import Batch
from tasks.wakeups import WakeupBounds, Wakeups


@pytest.fixture
def app() -> Iterator[Celery]:
    made = Celery("test", broker="memory://", set_as_current=True)
    made.conf.update(task_serializer="json", task_ignore_result=True)
    yield made
    made.close()


def message(queue: str) -> Any:
    with Connection("memory://") as connection:
        return connection.SimpleQueue(queue).get(timeout=1).decode()


def test_a_wake_up_is_a_chain_of_the_four_stages_in_order(app: Celery) -> None:
    pipeline.wake_up(app, Lane.BULK)
    args, _, embed = message("dateline.bulk.clean")
    assert args == ["bulk"]
    assert [step["task"] for step in reversed(embed["chain"])] == [
        "dateline.entities",
        "dateline.geotag",
        "dateline.dedupe",
    ]


def test_each_stage_of_a_lane_has_its_own_queue_and_late_stages_of_live_come_first() -> None:
    assert len(set(pipeline.QUEUES)) == 8
    assert pipeline.QUEUES[0] == "dateline.live.dedupe"
    assert pipeline.QUEUES[-1] == "dateline.bulk.clean"


def test_a_worker_for_one_lane_listens_to_its_queues_only() -> None:
    live = pipeline.queues(Lane.LIVE)
    assert live == pipeline.QUEUES[:4]
    assert set(live) | set(pipeline.queues(Lane.BULK)) == set(pipeline.QUEUES)


def test_a_batch_in_a_message_holds_ids_only() -> None:
    batch = Batch("7", (Ref("abc", 1), Ref("def", 2)))
    wire = json.loads(json.dumps(batch.write()))
    assert wire == {"token": "7", "refs": ["abc:1", "def:2"]}
    assert Batch.read(wire) == batch


class Broker:
    """A broker that only counts."""

    def __init__(self, store: Store, most: int = 8) -> None:
        self.client = fakeredis.FakeRedis()
        self.wakeups = Wakeups(store, self.client, self.publish, WakeupBounds(32, most, "x."))

    def publish(self, lane: Lane) -> None:
        self.client.rpush(f"x.{pipeline.queue(lane, StageName.CLEAN)}", b"wake")


@pytest.mark.parametrize(("waiting", "expected"), [(0, 0), (1, 1), (32, 1), (33, 2), (1_000, 8)])
def test_wake_ups_are_as_many_as_the_waiting_articles_fill(store: Store, waiting: int, expected: int) -> None:
    store.ledger.accept([article(number) for number in range(waiting)])
    assert Broker(store).wakeups.top_up() == expected


def test_topping_up_twice_publishes_nothing_more(store: Store) -> None:
    store.ledger.accept([article(number) for number in range(100)])
    broker = Broker(store)
    assert broker.wakeups.top_up() == 4
    assert broker.wakeups.top_up() == 0


def test_each_lane_is_topped_up_by_itself(store: Store) -> None:
    store.ledger.accept([article(1), article(2, lane=Lane.BULK)])
    broker = Broker(store)
    assert broker.wakeups.top_up() == 2
    assert broker.client.llen("x.dateline.bulk.clean") == 1


def test_what_waits_in_the_broker_is_told_by_lane_and_stage(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker(store)
    broker.publish(Lane.BULK)
    told = broker.wakeups.messages()
    assert told is not None
    assert (told[Lane.BULK, StageName.CLEAN], sum(told.values()), len(told)) == (1, 1, 8)
    monkeypatch.setattr(broker.client, "pipeline", lambda **_: Away())
    assert broker.wakeups.messages() is None


class Away:
    """A pipeline to a broker that does not answer."""

    def llen(self, _: str) -> None:
        """Queued."""

    def execute(self) -> None:
        raise redis.ConnectionError


def test_warming_up_leaves_no_trace_and_forgives_a_missing_model(store: Store) -> None:
    stages = pipeline.stages(store, recognizer="onnx:/nowhere", duplicate_weeks=1, story_days=60)
    pipeline.warm(stages)
    assert store.client.keys("*") == []
