"""The status of the pipeline in one value, for `GET /v1/pipeline`, ``dateline status`` and ``/metrics``."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from schemas import Lane, LaneLoad, Outcome, PipelineStatus, StageLoad, StageName, StoreMemory, WebhookState
from store._scripts import Scripts
from store.capacity import Capacity
from store.errors import translated
from store.figures import FigureBook, Histogram, figures, stage_durations, took
from store.followers import Followers
from store.records import STAGES, Backlog, moment
from store.webhooks import Webhooks


@dataclass(frozen=True, slots=True)
class Look:
    """The status of the pipeline at one moment, with histograms of durations."""

    status: PipelineStatus
    stage_times: Mapping[StageName, Histogram]
    """An article's share of its batch in each stage."""
    passage_times: Mapping[Lane, Histogram]
    """From acceptance to outcome."""


Messages = Mapping[tuple[Lane, StageName], int]
"""How many messages wait in each queue of the broker."""
_SAMPLE: Final = 1_000
"""Leased articles whose stage is looked at: 2 ms of Redis. If there are more, the numbers are scaled up."""


class Pipeline:
    """Puts the status together from the ledger, the counters and the followers of the feed."""

    def __init__(
        self, scripts: Scripts, capacity: Capacity, figures: FigureBook, followers: Followers, webhooks: Webhooks
    ) -> None:
        self._scripts = scripts
        self._capacity = capacity
        self._figures = figures
        self._followers = followers
        self._webhooks = webhooks

    def status(self, messages: Messages | None) -> PipelineStatus:
        """The status now.

        Args:
            messages: Messages in the broker's queues; ``None`` if the broker does not answer.
        """
        return self.look(messages).status

    def look(self, messages: Messages | None) -> Look:
        """The same as `status`, with histograms of durations."""
        load, standing = self._capacity.watched(), self._standing()
        backlog, hooks = load.backlog, [one.webhook for one in self._webhooks.list()]
        states = Counter(hook.state for hook in hooks)
        counted, last = self._figures.looked_at()
        status = PipelineStatus(
            at=backlog.at,
            accepted=backlog.accepted,
            pending=backlog.pending,
            balanced=backlog.balanced,
            lanes={lane: _lane(lane, backlog, standing, messages) for lane in Lane},
            leased=backlog.leased,
            delayed=backlog.delayed,
            outcomes={outcome: backlog.outcome(outcome) for outcome in Outcome},
            feed=backlog.feed,
            broker=messages is not None,
            followers=tuple(self._followers.measure(hooks, backlog.at)),
            webhooks={state: states[state] for state in WebhookState},
            memory=StoreMemory(used_bytes=load.used_bytes, limit_bytes=load.limit_bytes, durable=load.durable),
            total=figures(counted),
            last=last,
        )
        return Look(
            status,
            {stage: stage_durations(counted, stage) for stage in StageName},
            {lane: took(counted, lane) for lane in Lane},
        )

    def _standing(self) -> dict[tuple[Lane, StageName], tuple[int, datetime]]:
        """How many leased articles are in each stage of each lane, and when the oldest was accepted."""
        with translated():
            leased, seen, *rows = self._scripts.run("standing", _SAMPLE)
        found = {}
        for lane, stage, count, oldest in zip(*(iter(rows),) * 4, strict=True):
            if int(stage) < len(STAGES):
                scaled = round(int(count) * int(leased) / int(seen))
                found[Lane(lane.decode()), STAGES[int(stage)]] = (scaled, moment(oldest))
        return found


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max(0.0, round((now - since).total_seconds(), 3))


def _lane(
    lane: Lane,
    backlog: Backlog,
    standing: Mapping[tuple[Lane, StageName], tuple[int, datetime]],
    messages: Messages | None,
) -> LaneLoad:
    stages = {}
    for stage in StageName:
        count, since = standing.get((lane, stage), (0, None))
        queued = None if messages is None else messages.get((lane, stage), 0)
        stages[stage] = StageLoad(in_work=count, oldest_seconds=_age(since, backlog.at), messages=queued)
    return LaneLoad(waiting=backlog.waiting[lane], oldest_seconds=_age(backlog.oldest[lane], backlog.at), stages=stages)
