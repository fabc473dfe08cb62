"""Patience for a broker that refuses."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery.exceptions import WorkerShutdown
from celery.worker import state
from celery.worker.consumer import Consumer
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ReadOnlyError
from structlog.testing import capture_logs

from workers import patience
from workers.app import create_app
from workers.patience import PatientConsumer
from workers.settings import Settings

Told = list[dict[str, Any]]


@pytest.fixture
def consumer(monkeypatch: pytest.MonkeyPatch) -> Iterator[PatientConsumer]:
    """A consumer beside its worker; its clock goes on only while it sleeps."""
    now = [0.0]
    monkeypatch.setattr(patience.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(patience.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    for name in ("before", "after"):
        monkeypatch.setattr(Consumer, f"on_connection_error_{name}_connected", lambda *_: None)
    return PatientConsumer.__new__(PatientConsumer)


def pauses(consumer: PatientConsumer, times: int) -> list[int]:
    with capture_logs() as told:
        for _ in range(times):
            consumer.on_connection_error_before_connected(ReadOnlyError("no"))
    return [line["seconds"] for line in told]


def test_each_refusal_is_told_once_and_waited_for_longer(consumer: PatientConsumer) -> None:
    before = patience.time.monotonic()
    assert pauses(consumer, 6) == [1, 2, 4, 8, 8, 8]
    assert patience.time.monotonic() - before == 31


def test_after_a_connection_it_begins_anew(consumer: PatientConsumer) -> None:
    pauses(consumer, 5)
    consumer.on_connection_error_after_connected(ReadOnlyError("no"))
    assert pauses(consumer, 2) == [1, 2]


def test_a_broker_that_is_away_is_left_to_celery(consumer: PatientConsumer) -> None:
    with capture_logs() as told:
        consumer.on_connection_error_before_connected(RedisConnectionError("away"))
    assert told == []


def test_a_worker_that_is_told_to_stop_waits_no_longer(
    consumer: PatientConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "should_stop", 0)
    with pytest.raises(WorkerShutdown):
        consumer.on_connection_error_before_connected(ReadOnlyError("no"))


def test_workers_have_this_patience() -> None:
    assert create_app(Settings(_env_file=None)).conf.worker_consumer == "workers.patience:PatientConsumer"
