import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import jsonschema
import pytest
from conftest import ROOT
from fastapi.testclient import TestClient
from unit.api.application import body, finish, serving

from api import follower
from api.follower import Follower, Wanted, events
from api.routes import feed as feed_route
from schemas import FeedEntry, FeedPage, Outcome
from store import START, Store, StoreUnavailable

STREAM = {"Accept": "text/event-stream"}


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with serving(store) as found:
        yield found


def publish(client: TestClient, store: Store, *numbers: int, quarantine: bool = False) -> None:
    for number in numbers:
        client.post("/v1/articles", json=body(number))
        finish(store, quarantine=quarantine)


def read(client: TestClient, query: str = "") -> FeedPage:
    return FeedPage.model_validate_json(client.get(f"/v1/feed?{query}").content)


def test_pages_go_through_the_feed_once_and_in_order(client: TestClient, store: Store) -> None:
    publish(client, store, *range(5))
    first = read(client, "limit=3")
    second = read(client, f"limit=3&after={first.next_cursor}")
    cursors = [entry.cursor for entry in (*first.items, *second.items)]
    assert cursors == sorted(cursors)
    assert (len(cursors), first.more, second.more) == (5, True, False)


def test_pages_name_the_next_one(client: TestClient, store: Store) -> None:
    publish(client, store, *range(5))
    answer = client.get("/v1/feed?limit=3&outcome=done")
    address = answer.links["next"]["url"]
    assert address.startswith("/v1/feed?")
    assert len(FeedPage.model_validate_json(client.get(address).content).items) == 2


def test_a_page_may_be_lines(client: TestClient, store: Store) -> None:
    publish(client, store, 1, 2)
    answer = client.get("/v1/feed", headers={"Accept": "application/x-ndjson"})
    lines = [FeedEntry.model_validate_json(line) for line in answer.text.splitlines()]
    assert tuple(lines) == read(client).items
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert lines[-1].cursor in answer.headers["Link"]


def test_an_entry_says_which_outcome_it_is_before_what_it_tells(client: TestClient, store: Store) -> None:
    publish(client, store, 1)
    (entry,) = client.get("/v1/feed").json()["items"]
    assert list(entry)[:4] == ["cursor", "article_id", "revision", "outcome"]


def test_a_page_may_be_cloudevents(client: TestClient, store: Store) -> None:
    publish(client, store, 1)
    publish(client, store, 2, quarantine=True)
    answer = client.get("/v1/feed", headers={"Accept": "application/cloudevents-batch+json"})
    schema = json.loads((ROOT / "docs/results/event.schema.json").read_text())
    for event in answer.json():
        jsonschema.validate(event, schema, jsonschema.Draft202012Validator)
    assert [event["type"] for event in answer.json()] == ["dateline.article.processed", "dateline.article.quarantined"]
    assert client.get(answer.json()[0]["data"]["href"]).json()["outcome"] == "done"


def test_an_empty_page_waits_for_what_comes(client: TestClient, store: Store) -> None:
    end = read(client).next_cursor
    later = threading.Timer(0.5, publish, (client, store, 1))
    later.start()
    began = time.monotonic()
    page = read(client, f"after={end}&wait=30")
    assert len(page.items) == 1
    assert 0.3 < time.monotonic() - began < 20
    later.join()


def test_an_empty_page_waits_no_longer_than_it_was_told(client: TestClient, store: Store) -> None:
    publish(client, store, 1)
    began = time.monotonic()
    assert read(client, "outcome=withdrawn&wait=0.3").items == ()
    assert 0.25 < time.monotonic() - began < 5
    assert client.get("/v1/feed?wait=61").status_code == 422


def test_at_the_end_the_cursor_stays(client: TestClient, store: Store) -> None:
    publish(client, store, 1)
    end = read(client).next_cursor
    assert read(client, f"after={end}") == FeedPage(items=(), next_cursor=end, more=False)


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_cursor_of_the_future_is_refused_where_it_would_be_waited_with_for_ever(
    client: TestClient, accept: str
) -> None:
    answer = client.get("/v1/feed?after=99999999999999-0", headers={"Accept": accept})
    assert (answer.status_code, "future" in answer.json()["detail"]) == (422, True)
    assert [error["parameter"] for error in answer.json()["errors"]] == ["after"]
    resumed = {"Accept": "text/event-stream", "Last-Event-ID": "99999999999999-0"}
    refused = client.get("/v1/feed", headers=resumed).json()
    assert [error["parameter"] for error in refused["errors"]] == ["last-event-id"]


def test_latest_begins_at_the_end(client: TestClient, store: Store) -> None:
    publish(client, store, 1, 2)
    latest = read(client, "after=latest")
    assert not latest.items
    publish(client, store, 3)
    assert len(read(client, f"after={latest.next_cursor}").items) == 1


def test_outcomes_can_be_chosen(client: TestClient, store: Store) -> None:
    publish(client, store, 1, 2)
    publish(client, store, 3, quarantine=True)
    publish(client, store, 4)
    assert [entry.outcome for entry in read(client, "outcome=quarantined").items] == ["quarantined"]
    assert len(read(client, "outcome=quarantined&outcome=done").items) == 4


def test_a_chosen_page_ends_at_its_last_entry(client: TestClient, store: Store) -> None:
    publish(client, store, *range(4))
    page = read(client, "outcome=done&limit=2")
    rest = read(client, f"outcome=done&limit=2&after={page.next_cursor}")
    assert (len(page.items), page.more, len(rest.items), rest.more) == (2, True, 2, False)


def test_a_long_search_for_a_rare_outcome_stops_and_says_that_there_may_be_more(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_route, "_FILTERED_READ", 1)
    monkeypatch.setattr(feed_route, "_FILTERED_READS", 2)
    publish(client, store, 1, 2, 3)
    page = read(client, "outcome=quarantined")
    assert (page.items, page.more) == ((), True)
    assert page.next_cursor == read(client, "limit=2").next_cursor


@pytest.mark.parametrize("headers", [{}, STREAM])
@pytest.mark.parametrize(
    "query", ["after=zebrafinch", "after=0-0%0A", "after=%D9%A1-%D9%A0", "outcome=zebrafinch", "limit=0"]
)
def test_a_bad_parameter_is_a_422(client: TestClient, query: str, headers: dict[str, str]) -> None:
    response = client.get(f"/v1/feed?{query}", headers=headers)
    assert response.status_code == 422
    assert "zebrafinch" not in response.text


def test_neither_json_nor_events_is_a_406(client: TestClient) -> None:
    assert client.get("/v1/feed", headers={"Accept": "text/html"}).status_code == 406


def test_without_the_store_no_stream_begins(client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(store.feed, "page", fail)
    assert client.get("/v1/feed", headers=STREAM).status_code == 503


def test_a_stopping_server_ends_its_streams(client: TestClient, store: Store) -> None:
    publish(client, store, 1)
    client.app.state.resources.follower.stop()  # type: ignore[attr-defined]
    response = client.get("/v1/feed", headers=STREAM)
    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert response.text == "retry: 3000\n\n"
    assert client.get("/v1/health/ready").status_code == 503


@pytest.fixture
def ending_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams end instead of waiting for what comes next."""

    async def stop(follower: Follower, *_: object) -> bool:
        follower.stopping = True
        return True

    monkeypatch.setattr(Follower, "beyond", stop)


@pytest.mark.usefixtures("ending_streams")
def test_a_stream_with_an_empty_cursor_begins_with_the_first_entry(client: TestClient, store: Store) -> None:
    publish(client, store, 1)
    assert client.get("/v1/feed?after=", headers=STREAM).text.count("event: outcome") == 1


@pytest.mark.usefixtures("ending_streams")
def test_a_stream_of_the_latest_tells_what_comes_while_it_begins(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(client, store, 1)
    newest, then = store.feed.newest, iter([2])

    def newest_just_before_another() -> str:
        cursor = newest()
        publish(client, store, *then)
        return cursor

    monkeypatch.setattr(store.feed, "newest", newest_just_before_another)
    assert client.get("/v1/feed?after=latest", headers=STREAM).text.count("event: outcome") == 1


class Reader:
    """Reads a stream as an EventSource does."""

    def __init__(self, stream: AsyncIterator[str]) -> None:
        self._stream = stream
        self.ids: list[str] = []
        self.comments = 0

    async def read_until(self, count: int) -> None:
        while len(self.ids) < count:
            for block in (await asyncio.wait_for(anext(self._stream), 5)).split("\n\n"):
                fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
                self.comments += block.startswith(":")
                if "id" in fields:
                    assert fields["event"] == "outcome"
                    assert json.loads(fields["data"])["cursor"] == fields["id"]
                    self.ids.append(fields["id"])


@pytest.fixture
async def following(store: Store) -> AsyncIterator[Follower]:
    running = Follower(store.feed)
    task = asyncio.create_task(running.run())
    yield running
    running.stop()
    task.cancel()


async def test_a_stream_tells_what_is_there_and_then_what_comes(
    client: TestClient, store: Store, following: Follower
) -> None:
    publish(client, store, 1, 2)
    reader = Reader(events(store.feed, following, START))
    await reader.read_until(2)
    waiting = asyncio.create_task(reader.read_until(3))
    await asyncio.sleep(0.1)
    await asyncio.to_thread(publish, client, store, 3)
    await waiting
    assert reader.ids == [entry.cursor for entry in read(client).items]


async def test_a_reader_that_comes_back_misses_nothing_and_gets_nothing_twice(
    client: TestClient, store: Store, following: Follower
) -> None:
    publish(client, store, *range(6))
    first = Reader(events(store.feed, following, START))
    await first.read_until(3)
    seen = first.ids[:3]
    second = Reader(events(store.feed, following, seen[-1]))
    await second.read_until(3)
    assert seen + second.ids == [entry.cursor for entry in read(client).items]


async def test_two_readers_share_one_follower(client: TestClient, store: Store, following: Follower) -> None:
    readers = [Reader(events(store.feed, following, START)) for _ in range(2)]
    waiting = [asyncio.create_task(reader.read_until(1)) for reader in readers]
    await asyncio.sleep(0.05)
    await asyncio.to_thread(publish, client, store, 1)
    await asyncio.gather(*waiting)
    assert readers[0].ids == readers[1].ids


async def test_a_stream_can_be_filtered(client: TestClient, store: Store, following: Follower) -> None:
    publish(client, store, 1)
    publish(client, store, 2, quarantine=True)
    reader = Reader(events(store.feed, following, START, Wanted(frozenset({Outcome.QUARANTINED}))))
    await reader.read_until(1)
    assert reader.ids == [read(client).items[1].cursor]


async def test_a_silent_stream_has_a_heartbeat(
    store: Store, following: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "HEARTBEAT_SECONDS", 0.01)
    stream = events(store.feed, following, START)
    assert [await anext(stream) for _ in range(3)] == ["retry: 3000\n\n", ": still here\n\n", ": still here\n\n"]


async def test_a_stream_ends_when_the_store_goes_away(
    store: Store, following: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(store.feed, "page", fail)
    assert [piece async for piece in events(store.feed, following, START)] == ["retry: 3000\n\n"]


async def test_the_follower_outlives_the_stores_absence(
    client: TestClient, store: Store, following: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "_RETRY_SECONDS", 0.01)
    newest, failures = store.feed.newest, iter([True, True])

    def fail_twice() -> str:
        if next(failures, False):
            raise StoreUnavailable("down")
        return newest()

    monkeypatch.setattr(store.feed, "newest", fail_twice)
    reader = Reader(events(store.feed, following, START))
    waiting = asyncio.create_task(reader.read_until(1))
    await asyncio.sleep(0.1)
    await asyncio.to_thread(publish, client, store, 1)
    await waiting


async def test_nobody_listening_costs_nothing(
    store: Store, following: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(store.feed, "newest", lambda: asked.append(1) or START)
    await asyncio.sleep(0.05)
    assert not asked
