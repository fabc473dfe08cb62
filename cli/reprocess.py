"""``dateline reprocess``: send results through the pipeline once more, no faster than wanted."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cli.api_client import ApiClient
from cli.output import console, emit
from schemas import ReprocessReceipt

_PATIENCE_S = 3_600.0
"""A bulk lane that is closed opens again as articles finish; an hour is what Retry-After says at most."""
_WHY = {
    "changed": "they were changed meanwhile",
    "no_body": "what was submitted is not kept any more",
    "outdated": "there is a later revision",
}
_STEP = 500
_BREATH_S = 10


@dataclass(frozen=True, slots=True)
class Pace:
    """Whether anything is sent at all, and how fast."""

    go: bool
    per_second: float

    @property
    def step(self) -> int:
        """Articles to look at in one call: no more than ten seconds' worth, so that the pace is steady."""
        return max(1, min(_STEP, int(self.per_second * _BREATH_S))) if self.go else _STEP


def reprocess(
    order: dict[str, Any],
    pace: Pace,
    *,
    as_json: bool,
    client: ApiClient | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Go through all results that match and send them, or count them."""
    total: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    wanted = {name: value for name, value in order.items() if value is not None}
    for receipt in _steps(client or ApiClient(), wanted, pace, pause):
        total.update(examined=receipt.examined, matching=receipt.matching, sent=receipt.sent)
        skipped.update(receipt.skipped)
    if as_json:
        emit({"dry_run": not pace.go, **total, "skipped": dict(skipped)})
    else:
        _tell(total, skipped, go=pace.go)


def _steps(
    client: ApiClient, wanted: dict[str, Any], pace: Pace, pause: Callable[[float], None]
) -> Iterator[ReprocessReceipt]:
    cursor: str | None = None
    while True:
        order = wanted | {"dry_run": not pace.go, "limit": pace.step} | ({"cursor": cursor} if cursor else {})
        receipt = _ask(client, order, pause)
        yield receipt
        cursor = receipt.next_cursor
        if cursor is None:
            return
        if receipt.sent:
            pause(receipt.sent / pace.per_second)


def _ask(client: ApiClient, order: dict[str, Any], pause: Callable[[float], None]) -> ReprocessReceipt:
    deadline = time.monotonic() + _PATIENCE_S
    response = client.patiently(lambda: client.send("/v1/operate/reprocess", order), deadline, pause)
    return ReprocessReceipt.answered(client.checked(response))


def _tell(total: Counter[str], skipped: Counter[str], *, go: bool) -> None:
    if not go:
        found = f"{total['matching'] - skipped.total():,} of {total['examined']:,} results"
        console().print(f"{found} would be sent. Nothing was; add --go to do it.")
    else:
        console().print(f"{total['sent']:,} of {total['examined']:,} results are on their way through the bulk lane.")
    for why, count in skipped.items():
        console(stderr=True).print(f"[yellow]–[/] {count:,} left out: {_WHY.get(why, why)}.")
