from unittest.mock import Mock

import pytest

from workers.app import create_app
from workers.settings import Settings


def test_nothing_but_json_is_sent_or_accepted() -> None:
    conf = create_app(Settings(_env_file=None)).conf
    assert conf.accept_content == ["json"]
    assert conf.task_serializer == conf.result_serializer == conf.event_serializer == "json"


def test_messages_are_acknowledged_late_and_results_are_not_kept() -> None:
    conf = create_app(Settings(_env_file=None)).conf
    assert conf.task_acks_late
    assert conf.task_ignore_result
    assert conf.result_backend is None
    assert conf.worker_prefetch_multiplier == 1


def test_a_message_never_comes_back_while_its_task_may_still_run() -> None:
    conf = create_app(Settings(_env_file=None, stage_soft_limit=300, stage_hard_limit=400)).conf
    assert conf.broker_transport_options["visibility_timeout"] > conf.task_time_limit > conf.task_soft_time_limit


def test_a_child_has_time_to_load_its_models_on_a_busy_machine() -> None:
    assert create_app(Settings(_env_file=None)).conf.worker_proc_alive_timeout >= 30


def test_installing_the_broker_guard_twice_guards_once() -> None:
    from kombu.transport.redis import Channel

    from workers import broker_guard

    broker_guard.install()
    guarded = Channel._connparams
    broker_guard.install()
    assert Channel._connparams is guarded


@pytest.mark.parametrize(
    "reply",
    [
        "OOM command not allowed when used memory > 'maxmemory'.",
        "READONLY You can't write against a read only replica.",
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "MISCONF Errors writing to the AOF file: No space left on device",
        "NOREPLICAS Not enough good replicas to write.",
    ],
)
def test_a_broker_that_refuses_for_now_is_an_error_of_the_connection(reply: str) -> None:
    from kombu.transport.redis import Transport
    from redis._parsers.base import BaseParser

    from store import StoreFull, StoreUnavailable
    from store.errors import translated
    from workers import broker_guard

    broker_guard.install()
    broker_guard.install()
    error = BaseParser.parse_error(reply)
    assert Transport.connection_errors.count(type(error)) == 1
    with pytest.raises((StoreFull, StoreUnavailable)) as told, translated():
        raise error
    assert "does not answer" not in str(told.value), "the store knows the code as well"


def test_a_message_that_a_full_broker_keeps_gives_its_place_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from kombu.transport.redis import QoS
    from redis.exceptions import OutOfMemoryError

    from workers import broker_guard

    broker_guard.install()

    def full(*_: object) -> None:
        raise OutOfMemoryError("command not allowed when used memory > 'maxmemory'")

    monkeypatch.setattr(QoS, "_remove_from_indices", full)
    places = QoS(Mock(), prefetch_count=1)
    places._delivered["tag"] = Mock()
    assert not places.can_consume()
    places.ack("tag")
    assert places.can_consume()
