import pytest

from workers.hearing import Glance, Hearing

IDLE = Glance(taken=5, running=frozenset(), idle=2, queued=3)
BUSY = Glance(taken=5, running=frozenset({"a", "b"}), idle=0, queued=3)


def verdicts(*glances: tuple[float, Glance]) -> list[bool]:
    hearing = Hearing(deaf_after_s=60, stuck_after_s=210)
    return [hearing.lost(glance, at) for at, glance in glances]


def test_messages_that_wait_beside_an_idle_process_for_long_mean_a_deaf_worker() -> None:
    assert verdicts((0, IDLE), (59, IDLE), (60, IDLE)) == [False, False, True]


def test_a_worker_that_takes_a_message_hears() -> None:
    later = Glance(taken=6, running=frozenset(), idle=2, queued=3)
    assert verdicts((0, IDLE), (59, later), (100, later), (119, later)) == [False, False, False, True]


def test_a_worker_whose_processes_all_work_is_busy_up_to_the_time_limit() -> None:
    assert verdicts((0, BUSY), (209, BUSY), (210, BUSY)) == [False, False, True]


def test_a_long_task_does_not_excuse_an_idle_process_beside_it() -> None:
    half = Glance(taken=5, running=frozenset({"a"}), idle=1, queued=1)
    assert verdicts((0, half), (60, half)) == [False, True]


@pytest.mark.parametrize(
    "glance", [Glance(taken=5, running=frozenset(), idle=2, queued=0), Glance(5, frozenset(), idle=2, queued=None)]
)
def test_an_empty_queue_and_a_broker_that_is_away_excuse_silence(glance: Glance) -> None:
    assert verdicts((0, glance), (1_000, glance), (1_001, IDLE), (1_059, IDLE)) == [False] * 4
    assert verdicts((0, IDLE), (50, glance), (70, IDLE)) == [False] * 3
