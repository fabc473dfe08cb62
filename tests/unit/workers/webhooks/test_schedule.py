from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from schemas import WebhookState
from workers.settings import Settings
from workers.webhooks._schedule import Again, Answer, Delivered, Over, decide

DELAYS = (5.0, 300.0)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_means_that_the_endpoint_has_it(status: int) -> None:
    assert isinstance(decide(Answer(status), 0, DELAYS, 0), Delivered)


@pytest.mark.parametrize("answer", [Answer(301), Answer(400), Answer(503), Answer(error="no answer in time")])
def test_anything_else_is_tried_again_later_and_later(answer: Answer) -> None:
    assert decide(answer, 0, DELAYS, 0) == Again(timedelta(seconds=5))
    assert decide(answer, 1, DELAYS, 0) == Again(timedelta(minutes=5))


def test_delays_are_spread() -> None:
    assert decide(Answer(500), 0, DELAYS, 1.0) == Again(timedelta(seconds=6))


def test_after_the_last_repetition_the_webhook_is_dead() -> None:
    over = decide(Answer(500), 2, DELAYS, 0)
    assert over == Over(WebhookState.DEAD, "3 calls failed for one event, the last one with 500")


def test_gone_ends_the_subscription_at_once() -> None:
    over = decide(Answer(410), 0, DELAYS, 0)
    assert isinstance(over, Over)
    assert over.state is WebhookState.ENDED


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("60", 60), ("1", 5), ("soon", 5), ("", 5), ("-3", 5), ("nan", 5), ("inf", 5), ("1e30", 86_400)],
)
def test_who_asks_for_more_time_gets_it_up_to_a_day(asked: str, seconds: float) -> None:
    assert decide(Answer(503, retry_after=asked), 0, DELAYS, 0) == Again(timedelta(seconds=seconds))


def test_the_time_may_be_a_date() -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    again = decide(Answer(429, retry_after=when), 0, DELAYS, 0)
    assert isinstance(again, Again)
    assert 590 < again.delay.total_seconds() <= 600


def test_the_default_retries_are_those_of_standard_webhooks() -> None:
    hours = [delay / 3_600 for delay in Settings(_env_file=None).webhook_retry_delays]
    assert hours[3:] == [2, 5, 10, 14, 20, 24]
