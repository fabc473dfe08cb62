"""Decides from the answer to a call when and whether to call again. Pure."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from schemas import WebhookState

_JITTER: Final = 0.2
"""Share by which a delay is lengthened at most, so that endpoints that failed together are not called together."""
_LONGEST_S: Final = 86_400.0
"""What an endpoint may ask for: as long as the last step of the retries."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call went: a status, or why there was none."""

    status: int | None = None
    error: str = ""
    retry_after: str = ""

    @property
    def told(self) -> str:
        """The answer as operators see it."""
        return str(self.status) if self.status is not None else self.error


@dataclass(frozen=True, slots=True)
class Delivered:
    """The endpoint accepted the event."""


@dataclass(frozen=True, slots=True)
class Again:
    """Call again after a delay."""

    delay: timedelta


@dataclass(frozen=True, slots=True)
class Over:
    """Stop calling, with the new state and the reason."""

    state: WebhookState
    reason: str


def decide(answer: Answer, failed_before: int, delays: Sequence[float], luck: float) -> Delivered | Again | Over:
    """What follows from an answer.

    Args:
        answer: Of this call. Any 2xx counts as taken; redirects are not followed and count as failures.
        failed_before: Calls for the same event that failed.
        delays: Seconds before each repetition.
        luck: From 0 to 1: how much of the jitter is added.
    """
    if answer.status is not None and HTTPStatus(HTTPStatus.OK) <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return Delivered()
    if answer.status == HTTPStatus.GONE:
        return Over(WebhookState.ENDED, "the endpoint answered 410 Gone: it wants no more")
    if failed_before >= len(delays):
        reason = f"{failed_before + 1} calls failed for one event, the last one with {answer.told}"
        return Over(WebhookState.DEAD, reason)
    own = delays[failed_before] * (1 + _JITTER * luck)
    return Again(timedelta(seconds=max(own, _asked(answer.retry_after))))


def _asked(retry_after: str) -> float:
    """Seconds that the endpoint asks to wait: a number or a date (RFC 9110, 10.2.3), bounded."""
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(retry_after).timestamp() - time.time()
        except (ValueError, OverflowError, OSError):
            return 0.0
    return min(max(seconds, 0.0), _LONGEST_S) if math.isfinite(seconds) else 0.0
