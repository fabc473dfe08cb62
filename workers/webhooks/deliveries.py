"""Deliveries: every subscription follows the feed with a cursor of its own, one call at a time, in order.

The cursor moves when the endpoint has taken an event, and not before: nothing is skipped, and what a killed process had
just sent is sent once more, under the same id. See docs/adr/0012.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from pathlib import Path

import anyio
import structlog
from anyio import to_thread
from anyio.abc import TaskGroup

from schemas import (
    CloudEvent,
    EventData,
    FeedEntry,
    Include,
    Ref,
    Result,
    RetryLater,
    Trace,
    Webhook,
    WebhookState,
    cloud_events,
    event_source,
)
from store import Store, Subscription, Turn, position
from tasks.tracing import UNTRACED, Tracer
from workers.heartbeat import beat
from workers.metrics import Instruments, Origin
from workers.webhooks import _signing
from workers.webhooks._calling import Caller
from workers.webhooks._schedule import Again, Answer, Delivered, Over, decide
from workers.webhooks._selection import wants_entry, wants_result
from workers.webhooks._tracing import Telling

_log = structlog.get_logger(__name__)
_PAGE = 50
_WAIT_MS = 1_000
_PAUSE_S = 0.1
"""Between two looks at the subscriptions, so that a busy feed is not answered with a look for each entry."""
_AWAY_S = 1.0
_MARGIN = timedelta(seconds=30)
"""By how much a turn outlasts the longest call."""
_MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"


class _Told(Enum):
    """What became of an entry of the feed."""

    UNWANTED = auto()
    DELIVERED = auto()
    NOT = auto()
    """A call failed, or the turn is somebody else's."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How calls are made."""

    delays: Sequence[float]
    """Seconds before each repetition of a failed call."""
    timeout_s: float
    max_bytes: int
    """A larger event goes without its result."""
    public_url: str

    @property
    def lease(self) -> timedelta:
        """How long a turn is held without being renewed."""
        return timedelta(seconds=self.timeout_s) + _MARGIN


@dataclass(slots=True)
class Deliveries:
    """Calls the endpoints of all subscriptions. Any number of processes may run it: a turn belongs to one of them."""

    store: Store
    caller: Caller
    manner: Manner
    heartbeat: Path | None = None
    """File to touch at every look; its age tells whether the process lives."""
    tracer: Tracer = UNTRACED
    """Where the spans of calls go."""
    instruments: Instruments = field(default_factory=lambda: Instruments(Origin.WEBHOOKS))
    _busy: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Export every kind of call from the start."""
        kinds = (Delivered, Again, Over)
        self.instruments.begin("dateline_webhook_calls_total", *(kind.__name__.lower() for kind in kinds))

    async def run(self) -> None:
        """Go on until cancelled."""
        async with anyio.create_task_group() as tasks:
            while True:
                beat(self.heartbeat)
                try:
                    newest = await self.round(tasks)
                    await anyio.sleep(_PAUSE_S)
                    await to_thread.run_sync(self.store.feed.wait, newest, _WAIT_MS, abandon_on_cancel=True)
                except RetryLater as error:
                    _log.warning("webhooks.store_away", error=type(error).__name__)
                    await anyio.sleep(_AWAY_S)

    async def round(self, tasks: TaskGroup) -> str:
        """Begin to call the endpoints that are due; returns the newest cursor of the feed."""
        newest = await to_thread.run_sync(self.store.feed.newest)
        for subscription in await to_thread.run_sync(self.store.webhooks.list):
            webhook = subscription.webhook
            if webhook.id not in self._busy and _is_due(webhook, newest):
                self._busy.add(webhook.id)
                tasks.start_soon(self._serve, webhook.id)
        return newest

    async def _serve(self, hook: str) -> None:
        """Call one endpoint until it has everything or fails."""
        try:
            turn = await to_thread.run_sync(self.store.webhooks.take, hook, self.manner.lease)
            if turn:
                await self._follow(turn)
        except RetryLater as error:
            _log.warning("webhooks.store_away", webhook=hook, error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - one subscription's defect is not the others'
            _log.exception("webhook.failed", webhook=hook, error=type(error).__name__)
            await anyio.sleep(_AWAY_S)
        finally:
            self._busy.discard(hook)

    async def _follow(self, turn: Turn) -> None:
        cursor, failed_before = turn.cursor, turn.attempts
        while True:
            # Who changes it takes the turn away, so it stays what it is as long as the turn holds.
            subscription = await to_thread.run_sync(self.store.webhooks.find, turn.id)
            if subscription is None:
                return
            page = await to_thread.run_sync(self.store.feed.page, cursor, _PAGE)
            for entry in page.items:
                told = await self._tell(turn, subscription, entry, failed_before)
                if told is _Told.NOT:
                    return
                # Calls that failed were for the first wanted event, and there may be others before it.
                failed_before = 0 if told is _Told.DELIVERED else failed_before
            cursor = page.next_cursor
            if not await to_thread.run_sync(self.store.webhooks.passed, turn, cursor, self.manner.lease):
                return
            if not page.more:
                await to_thread.run_sync(self.store.webhooks.release, turn)
                return

    async def _tell(self, turn: Turn, subscription: Subscription, entry: FeedEntry, failed_before: int) -> "_Told":
        """Deliver the wanted events of one entry. The cursor moves with the last of them."""
        events = await to_thread.run_sync(self._events, subscription.webhook, entry)
        if not events:
            return _Told.UNWANTED
        trace = await to_thread.run_sync(self.store.ledger.trace, Ref(entry.article_id, entry.revision))
        telling = Telling(self.tracer, trace, turn.id, entry)
        with structlog.contextvars.bound_contextvars(trace_id=trace.trace_id):
            return await self._deliver(turn, subscription, events, telling, failed_before)

    async def _deliver(
        self, turn: Turn, subscription: Subscription, events: list[CloudEvent], telling: Telling, failed_before: int
    ) -> "_Told":
        for event in events:
            if not await to_thread.run_sync(self.store.webhooks.keep, turn, self.manner.lease):
                return _Told.NOT
            span = telling.begin()
            with self.instruments.histogram("dateline_webhook_call_seconds").time():
                answer = await self._call(subscription, event, span.trace)
            verdict = decide(answer, failed_before, self.manner.delays, random.random())  # noqa: S311 - jitter
            telling.end(span, event, answer, verdict, failed_before)
            self.instruments.counter("dateline_webhook_calls_total", type(verdict).__name__.lower()).inc()
            if event is not events[-1] and isinstance(verdict, Delivered):
                continue
            if not await to_thread.run_sync(self._settle, turn, telling.entry, answer, verdict):
                return _Told.NOT
        return _Told.DELIVERED

    async def _call(self, subscription: Subscription, event: CloudEvent, trace: Trace) -> Answer:
        body, now = self._body(event), int(time.time())
        headers = {
            "Content-Type": _MEDIA_TYPE,
            "User-Agent": "Dateline-Webhooks",
            **_signing.headers(subscription.secrets, event.id, now, body),
        }
        if trace.traceparent:
            headers["traceparent"] = trace.traceparent
        return await self.caller.call(subscription.webhook.url, headers, body)

    def _events(self, webhook: Webhook, entry: FeedEntry) -> list[CloudEvent]:
        """The wanted events of a feed entry, a merger last; none where it was taken back since it was read."""
        wanted = webhook.filter
        if wanted.stories:
            now = self.store.stories.merged_into(wanted.stories)
            wanted = wanted.model_copy(update={"stories": (*wanted.stories, *now)})
        if not wants_entry(wanted, entry):
            return []
        result = self.store.results.get(entry.article_id, entry.revision)
        if not isinstance(result, Result) or result.cursor != entry.cursor or not wants_result(wanted, result):
            return []
        included = result if webhook.include is Include.RESULT else None
        events = cloud_events(entry, event_source(self.store.keys.prefix), self.manner.public_url, included)
        return [event for event in events if not wanted.types or event.type in wanted.types]

    def _body(self, event: CloudEvent) -> bytes:
        body = event.model_dump_json().encode()
        if len(body) <= self.manner.max_bytes or not isinstance(event.data, EventData):
            return body
        data = event.data.model_copy(update={"result": None})
        return event.model_copy(update={"data": data}).model_dump_json().encode()

    def _settle(self, turn: Turn, entry: FeedEntry, answer: Answer, verdict: Delivered | Again | Over) -> bool:
        webhooks = self.store.webhooks
        match verdict:
            case Delivered():
                return webhooks.delivered(turn, entry.cursor, answer.told, self.manner.lease)
            case Again(delay):
                webhooks.failed(turn, answer.told, delay)
                seconds = round(delay.total_seconds())
                _log.info("webhook.again", webhook=turn.id, cursor=entry.cursor, answer=answer.told, seconds=seconds)
            case Over(state, reason):
                webhooks.over(turn, answer.told, state, reason)
                _log.error("webhook.over", webhook=turn.id, state=state, reason=reason)
        return False


def _is_due(webhook: Webhook, newest: str) -> bool:
    if webhook.state is not WebhookState.ACTIVE or position(webhook.cursor) >= position(newest):
        return False
    return webhook.next_call_at is None or webhook.next_call_at <= datetime.now(UTC)
