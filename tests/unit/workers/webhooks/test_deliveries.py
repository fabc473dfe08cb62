import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import anyio
import fakeredis
import pytest
import structlog
from conftest import article
from spans import Recording
from structlog.testing import capture_logs
from unit.api.application import _commits, finish
from unit.workers.metrics.test_metrics_instruments import samples

from schemas import EventType, FeedSummary, Include, Ref, Webhook, WebhookFilter, WebhookOrder, WebhookState
from store import Store, StoreUnavailable
from tasks.tracing import UNTRACED, Kind, Tracer
from workers.webhooks._schedule import Answer
from workers.webhooks.deliveries import Deliveries, Manner

MANNER = Manner(delays=(60.0, 600.0), timeout_s=5, max_bytes=100_000, public_url="https://dateline.example")


@dataclass
class Endpoint:
    """Stands for all endpoints: answers what it is told to, then 204."""

    answers: list[Answer] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)

    async def call(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.urls.append(url)
        self.headers.append(headers)
        self.bodies.append(json.loads(body))
        return self.answers.pop(0) if self.answers else Answer(204)

    @property
    def types(self) -> list[str]:
        return [body["type"].removeprefix("dateline.article.") for body in self.bodies]


def subscribe(store: Store, **order: Any) -> Webhook:
    return store.webhooks.create(WebhookOrder.model_validate({"url": "https://hooks.example/", **order}))[1]


def accept(store: Store, *numbers: int, quarantine: bool = False, **fields: Any) -> None:
    store.ledger.accept([article(number, **fields) for number in numbers])
    finish(store, quarantine=quarantine)


async def rounds(store: Store, endpoint: Endpoint, manner: Manner = MANNER, tracer: Tracer = UNTRACED) -> None:
    """One look at all subscriptions, and all calls that follow from it."""
    with capture_logs():
        async with anyio.create_task_group() as tasks:
            await Deliveries(store, endpoint, manner, tracer=tracer).round(tasks)  # type: ignore[arg-type]


def now(store: Store, hook: Webhook) -> Webhook:
    found = store.webhooks.find(hook.id)
    assert found
    return found.webhook


async def test_every_event_is_sent_once_in_order(store: Store) -> None:
    hook, endpoint = subscribe(store), Endpoint()
    accept(store, 1, 2, 3)
    await rounds(store, endpoint)
    await rounds(store, endpoint)
    cursors = [entry.cursor for entry in store.feed.page().items]
    assert [body["id"] for body in endpoint.bodies] == cursors
    assert [headers["webhook-id"] for headers in endpoint.headers] == cursors
    assert (now(store, hook).delivered, now(store, hook).cursor) == (3, cursors[-1])


async def test_an_event_is_the_feed_entry_in_an_envelope_with_a_link(store: Store) -> None:
    subscribe(store)
    endpoint = Endpoint()
    accept(store, 1)
    await rounds(store, endpoint)
    [entry] = store.feed.page().items
    [event] = endpoint.bodies
    assert event["specversion"] == "1.0"
    assert (event["source"], event["subject"]) == ("urn:dateline:feed:dl", f"{entry.article_id}:1")
    assert event["data"]["href"] == f"https://dateline.example/v1/articles/{entry.article_id}?revision=1"
    assert (event["data"]["cursor"], event["data"]["result"]) == (entry.cursor, None)
    assert endpoint.headers[0]["Content-Type"].startswith("application/cloudevents+json")


async def test_the_result_comes_along_where_it_is_asked_for_and_not_too_large(store: Store) -> None:
    subscribe(store, include=Include.RESULT)
    endpoint, small = Endpoint(), Manner((), 5, 900, "")
    accept(store, 1)
    await rounds(store, endpoint)
    assert endpoint.bodies[0]["data"]["result"]["outcome"] == "done"
    accept(store, 2)
    await rounds(store, endpoint, small)
    assert endpoint.bodies[1]["data"]["result"] is None


async def test_a_new_subscription_begins_with_what_comes_next_unless_it_says_otherwise(store: Store) -> None:
    accept(store, 1)
    later, all_of_it = subscribe(store), subscribe(store, after="0-0", url="https://all.example/")
    endpoint = Endpoint()
    accept(store, 2)
    await rounds(store, endpoint)
    assert sorted(endpoint.urls) == ["https://all.example/", "https://all.example/", "https://hooks.example/"]
    assert (now(store, later).delivered, now(store, all_of_it).delivered) == (1, 2)


async def test_types_say_what_happened(store: Store) -> None:
    subscribe(store)
    endpoint = Endpoint()
    accept(store, 1)
    accept(store, 1, text="Another text.")
    accept(store, 2, quarantine=True)
    await rounds(store, endpoint)
    store.withdrawals.withdraw(store.withdrawals.revisions(endpoint.bodies[0]["data"]["article_id"])[1])
    await rounds(store, endpoint)
    assert endpoint.types == ["processed", "updated", "quarantined", "withdrawn"]


async def test_a_second_result_of_one_revision_is_an_update(store: Store) -> None:
    subscribe(store)
    endpoint = Endpoint()
    accept(store, 1)
    await rounds(store, endpoint)
    ref = store.withdrawals.revisions(endpoint.bodies[0]["data"]["article_id"])[0]
    assert store.scripts.run("reprocess", str(ref), 1, "done", "entities", "geotag", "dedupe") == b"sent"
    await rounds(store, endpoint)
    claim = store.ledger.claim(limit=1, max_bytes=10**9, lease_ms=60_000, bulk_share=0.1)
    store.ledger.advance(_commits(ref)[1:], claim.token, 60_000)
    await rounds(store, endpoint)
    assert endpoint.types == ["processed", "updated"]


async def test_what_was_taken_back_before_it_was_sent_is_not_sent(store: Store) -> None:
    subscribe(store)
    endpoint = Endpoint()
    accept(store, 1)
    page = store.feed.page()
    store.withdrawals.withdraw(store.withdrawals.revisions(page.items[0].article_id)[0])
    store.feed.page = lambda *_: page  # type: ignore[method-assign]  # as if it had been read just before
    await rounds(store, endpoint)
    assert endpoint.bodies == []


async def test_filters_choose(store: Store) -> None:
    subscribe(store, filter=WebhookFilter(types=(EventType.QUARANTINED,)))
    accept(store, 1)
    accept(store, 2, quarantine=True)
    endpoint = Endpoint()
    await rounds(store, endpoint)
    assert endpoint.types == ["quarantined"]


def merge(store: Store, number: int, story: str, merged: tuple[str, ...] = ()) -> None:
    """Finish an article that belongs to a story, with which others merge."""
    store.ledger.accept([article(number)])
    claim = store.ledger.claim(limit=1, max_bytes=10**9, lease_ms=60_000, bulk_share=0.1)
    *early, last = _commits(claim.refs[0])
    entry = FeedSummary(story_id=story, merged_stories=merged)
    store.ledger.advance([*early, replace(last, entry=entry)], claim.token, 60_000)


async def test_a_merger_of_stories_is_an_event_behind_its_article(store: Store) -> None:
    subscribe(store)
    only = subscribe(store, url="https://b.example/", filter=WebhookFilter(types=(EventType.STORY_MERGED,)))
    merge(store, 1, "story")
    merge(store, 2, "story", ("other", "third"))
    endpoint = Endpoint()
    await rounds(store, endpoint)
    events = [body for body, url in zip(endpoint.bodies, endpoint.urls, strict=True) if url == "https://hooks.example/"]
    assert [event["type"] for event in events] == [
        "dateline.article.processed",
        "dateline.article.processed",
        "dateline.story.merged",
    ]
    assert events[2]["id"] == f"{events[1]['id']}-merged"
    assert (events[2]["subject"], events[2]["data"]["merged_stories"]) == ("story", ["other", "third"])
    assert now(store, only).delivered == 1


async def test_a_merger_is_told_with_the_tombstone_of_the_article_that_showed_it(store: Store) -> None:
    subscribe(store)
    merge(store, 1, "story", ("other",))
    [entry] = store.feed.page().items
    store.withdrawals.withdraw(Ref(entry.article_id, entry.revision))
    endpoint = Endpoint()
    await rounds(store, endpoint)
    assert [body["type"] for body in endpoint.bodies] == ["dateline.article.withdrawn", "dateline.story.merged"]
    assert endpoint.bodies[1]["data"]["merged_stories"] == ["other"]


async def test_a_story_is_followed_into_the_one_that_it_merged_into(store: Store) -> None:
    subscribe(store, filter=WebhookFilter(stories=("old",)))
    merge(store, 1, "old")
    merge(store, 2, "elsewhere")
    merge(store, 3, "new", ("old",))
    store.client.hset("dl:sty:alias", "old", "new")
    merge(store, 4, "new")
    endpoint = Endpoint()
    await rounds(store, endpoint)
    articles = [body["data"] for body in endpoint.bodies if body["type"] != "dateline.story.merged"]
    assert [article["story_id"] for article in articles] == ["old", "new", "new"]


async def test_a_failed_event_is_tried_again_before_those_behind_it(store: Store) -> None:
    hook, endpoint = subscribe(store), Endpoint([Answer(500)])
    accept(store, 1, 2)
    await rounds(store, endpoint)
    failing = now(store, hook)
    assert (failing.attempts, failing.last_answer, failing.delivered) == (1, "500", 0)
    assert failing.next_call_at
    assert failing.last_called_at
    assert timedelta(seconds=60) <= failing.next_call_at - failing.last_called_at <= timedelta(seconds=72)
    await rounds(store, endpoint)
    assert len(endpoint.bodies) == 1, "it is not due yet"
    store.webhooks.enable(hook.id)
    await rounds(store, endpoint)
    cursors = [entry.cursor for entry in store.feed.page().items]
    assert [body["id"] for body in endpoint.bodies] == [cursors[0], *cursors]
    assert now(store, hook).attempts == 0


async def test_delays_grow_also_where_unwanted_events_come_first(store: Store) -> None:
    hook = subscribe(store, filter=WebhookFilter(types=(EventType.QUARANTINED,)))
    accept(store, 1, 2)
    accept(store, 3, quarantine=True)
    endpoint = Endpoint([Answer(500)] * 3)
    for _ in range(3):
        await rounds(store, endpoint, Manner((0.0, 600.0), 5, 100_000, ""))
    failing = now(store, hook)
    assert failing.attempts == 2
    assert failing.next_call_at
    assert failing.last_called_at
    assert failing.next_call_at - failing.last_called_at >= timedelta(seconds=600)


async def test_a_merger_that_was_not_delivered_is_not_passed_over(store: Store) -> None:
    hook = subscribe(store)
    merge(store, 1, "story", ("other",))
    endpoint = Endpoint([Answer(204), Answer(500)])
    await rounds(store, endpoint)
    assert (now(store, hook).cursor, now(store, hook).attempts) == ("0-0", 1)
    store.webhooks.enable(hook.id)
    await rounds(store, endpoint)
    ids = [body["id"] for body in endpoint.bodies]
    assert ids[2:] == ids[:2]
    assert now(store, hook).cursor == ids[0]


async def test_one_endpoint_that_fails_harms_no_other(store: Store) -> None:
    broken, fine = subscribe(store, url="https://a.example/"), subscribe(store, url="https://b.example/")

    class Half(Endpoint):
        async def call(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
            if url == "https://a.example/":
                raise RuntimeError("a defect of ours")
            return await super().call(url, headers, body)

    accept(store, 1, 2)
    await rounds(store, Half())
    assert (now(store, broken).delivered, now(store, fine).delivered) == (0, 2)


async def test_after_all_repetitions_it_is_dead_and_says_why(store: Store) -> None:
    hook, endpoint = subscribe(store), Endpoint([Answer(error="no answer in time")] * 3)
    accept(store, 1)
    for _ in range(3):
        await rounds(store, endpoint, Manner((0.0, 0.0), 5, 100_000, ""))
    dead = now(store, hook)
    assert (dead.state, dead.attempts) == (WebhookState.DEAD, 3)
    assert dead.reason == "3 calls failed for one event, the last one with no answer in time"
    await rounds(store, endpoint)
    assert len(endpoint.bodies) == 3
    store.webhooks.enable(hook.id)
    await rounds(store, endpoint)
    assert now(store, hook).delivered == 1


async def test_gone_ends_it(store: Store) -> None:
    hook = subscribe(store)
    accept(store, 1, 2)
    endpoint = Endpoint([Answer(410)])
    await rounds(store, endpoint)
    await rounds(store, endpoint)
    assert (now(store, hook).state, len(endpoint.bodies)) == (WebhookState.ENDED, 1)


async def test_a_replay_sends_the_same_events_under_the_same_ids(store: Store) -> None:
    hook, endpoint = subscribe(store), Endpoint()
    accept(store, 1, 2)
    await rounds(store, endpoint)
    store.webhooks.replay(hook.id, "0-0")
    await rounds(store, endpoint)
    assert endpoint.bodies[2:] == endpoint.bodies[:2]


async def test_a_disabled_one_is_not_called(store: Store) -> None:
    hook, endpoint = subscribe(store), Endpoint()
    store.webhooks.disable(hook.id)
    accept(store, 1)
    await rounds(store, endpoint)
    assert (endpoint.bodies, now(store, hook).reason) == ([], "disabled by an operator")


async def test_what_an_operator_changes_during_a_call_holds(store: Store) -> None:
    hook = subscribe(store)
    accept(store, 1, 2)

    class Rewinding(Endpoint):
        async def call(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
            store.webhooks.replay(hook.id, "0-0")
            return await super().call(url, headers, body)

    endpoint = Rewinding()
    await rounds(store, endpoint)
    assert (now(store, hook).cursor, len(endpoint.bodies)) == ("0-0", 1)


async def test_two_processes_do_not_call_one_endpoint_at_once(store: Store) -> None:
    hook = subscribe(store)
    accept(store, 1)
    assert store.webhooks.take(hook.id, timedelta(minutes=1))
    endpoint = Endpoint()
    await rounds(store, endpoint)
    assert endpoint.bodies == []


async def test_a_store_that_goes_away_ends_the_turn_and_not_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(fakeredis.FakeRedis())
    subscribe(store)
    accept(store, 1)
    waits: list[str] = []

    def away(*_: Any) -> Any:
        waits.append("asked")
        if len(waits) > 1:
            raise KeyboardInterrupt
        raise StoreUnavailable("away")

    monkeypatch.setattr(store.webhooks, "take", away)
    monkeypatch.setattr(store.feed, "wait", away)
    monkeypatch.setattr("workers.webhooks.deliveries._AWAY_S", 0.0)
    with capture_logs() as logs, pytest.raises(BaseExceptionGroup):
        await Deliveries(store, Endpoint(), MANNER).run()  # type: ignore[arg-type]
    assert {entry["event"] for entry in logs} == {"webhooks.store_away"}


TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def accept_traced(store: Store, span_id: str) -> None:
    store.ledger.accept([replace(article(1), trace_id=TRACE, span_id=span_id)])
    finish(store)


async def test_a_call_is_a_span_of_the_articles_trace_and_carries_it_on(store: Store) -> None:
    hook, tracer = subscribe(store), Recording()
    endpoint = Endpoint([Answer(503), Answer(204)])
    accept_traced(store, SPAN)
    await rounds(store, endpoint, replace(MANNER, delays=(0.0,)), tracer)
    await rounds(store, endpoint, replace(MANNER, delays=(0.0,)), tracer)
    first, second = tracer.spans
    assert (first.name, first.kind, first.under.trace_id, first.under.span_id) == ("webhook", Kind.CLIENT, TRACE, SPAN)
    assert [headers["traceparent"] for headers in endpoint.headers] == [
        first.trace.traceparent,
        second.trace.traceparent,
    ]
    assert [(span.error, span.attributes["dateline.attempt"]) for span in tracer.spans] == [("503", 1), ("", 2)]
    assert second.attributes["http.response.status_code"] == 204
    assert second.attributes["dateline.webhook_id"] == hook.id
    assert "hooks.example" not in repr(tracer.spans)


async def test_without_tracing_the_endpoint_still_gets_the_articles_trace(store: Store) -> None:
    subscribe(store)
    endpoint, tracer = Endpoint(), Recording()
    accept_traced(store, "")
    await rounds(store, endpoint, tracer=tracer)
    version, trace_id, span_id, flags = endpoint.headers[0]["traceparent"].split("-")
    assert (version, trace_id, flags) == ("00", TRACE, "00")
    assert len(span_id) == 16
    assert tracer.spans == [], "nobody samples it"


async def test_an_article_from_before_traces_sends_none(store: Store) -> None:
    subscribe(store)
    endpoint = Endpoint()
    accept(store, 1)
    await rounds(store, endpoint)
    assert "traceparent" not in endpoint.headers[0]


async def test_the_log_of_a_failed_call_names_the_trace_and_the_whole_wait(store: Store) -> None:
    subscribe(store)
    accept_traced(store, "")
    structlog.contextvars.clear_contextvars()
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        async with anyio.create_task_group() as tasks:
            endpoint = Endpoint([Answer(503, retry_after="86400")])
            await Deliveries(store, endpoint, MANNER).round(tasks)  # type: ignore[arg-type]
    [again] = [line for line in lines if line["event"] == "webhook.again"]
    assert (again["trace_id"], again["seconds"]) == (TRACE, 86_400)


async def test_calls_are_counted_by_what_follows_from_them(store: Store) -> None:
    subscribe(store)
    endpoint = Endpoint(answers=[Answer(204), Answer(503)])
    accept(store, 1, 2)
    deliveries = Deliveries(store, endpoint, MANNER)  # type: ignore[arg-type]
    with capture_logs():
        async with anyio.create_task_group() as tasks:
            await deliveries.round(tasks)
    told = samples(deliveries.instruments.text())
    calls = {labels[0][1]: value for (name, labels), value in told.items() if name == "dateline_webhook_calls_total"}
    assert calls == {"delivered": 1, "again": 1, "over": 0}
    assert told["dateline_webhook_call_seconds_count", ()] == 2
