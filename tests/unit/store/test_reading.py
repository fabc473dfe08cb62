import time
from datetime import UTC, datetime

import pytest
from conftest import article
from ledger_steps import claim, failure, finish

from schemas import FeedSummary, Lane, Outcome, Result, State, Status
from store import BadCursor, Query, Scope, Store


def test_a_pending_article_shows_its_state(any_store: Store) -> None:
    any_store.ledger.accept([article(1, external_id="x-1")])
    found = any_store.results.get(article(1, external_id="x-1").id)
    assert isinstance(found, Status)
    assert (found.state, found.external_id, found.trace_id) == (State.WAITING, "x-1", "trace-1")


def test_an_unknown_article_is_none(any_store: Store) -> None:
    assert any_store.results.get("nobody") is None
    assert any_store.results.get(finish(any_store).article_id, revision=7) is None


def test_a_finished_article_shows_outcome_and_stages(any_store: Store) -> None:
    found = any_store.results.get(finish(any_store).article_id)
    assert isinstance(found, Result)
    assert found.outcome is Outcome.DONE
    assert [record.stage.value for record in found.stages] == ["clean", "entities", "geotag", "dedupe"]
    assert found.cursor == any_store.feed.page().items[0].cursor


def test_an_old_revision_stays_readable(any_store: Store) -> None:
    ref = finish(any_store)
    any_store.ledger.accept([article(1, text="Corrected text.")])
    old = any_store.results.get(ref.article_id, revision=1)
    new = any_store.results.get(ref.article_id)
    assert isinstance(old, Result)
    assert isinstance(new, Status)
    assert (old.latest_revision, new.revision) == (2, 2)


def listed(store: Store, query: Query, limit: int) -> list[list[str]]:
    pages, cursor = [], None
    while True:
        page = store.listing.page(query, cursor, limit)
        pages.append([item.id for item in page.items])
        cursor = page.next_cursor
        if cursor is None:
            return pages


def test_pages_hold_every_article_once_newest_first_even_in_one_millisecond(any_store: Store) -> None:
    any_store.ledger.accept([article(n) for n in range(7)])
    any_store.scripts.clock_ms = 1_000_001
    any_store.ledger.accept([article(99)])
    pages = listed(any_store, Query(), limit=3)
    assert [len(page) for page in pages] == [3, 3, 2]
    assert pages[0][0] == article(99).id
    assert len({name for page in pages for name in page}) == 8


def test_pages_stay_stable_while_others_are_written(any_store: Store) -> None:
    any_store.ledger.accept([article(n) for n in range(4)])
    first = any_store.listing.page(Query(), None, 2)
    any_store.scripts.clock_ms = 1_000_005
    any_store.ledger.accept([article(50)])
    second = any_store.listing.page(Query(), first.next_cursor, 2)
    seen = [item.id for item in (*first.items, *second.items)]
    assert sorted(seen) == sorted(article(n).id for n in range(4))


def test_lists_filter_by_outcome_source_and_time(any_store: Store) -> None:
    ref = finish(any_store)
    any_store.scripts.clock_ms = 2_000_000
    any_store.ledger.accept([article(2, url="https://other.example/2")])

    def ids(**query: object) -> list[str]:
        return [item.id for item in any_store.listing.page(Query(**query)).items]  # type: ignore[arg-type]

    done, pending = ref.article_id, article(2, url="https://other.example/2").id
    assert ids(outcome=Outcome.DONE) == [done]
    assert ids(outcome="pending") == [pending]
    assert ids(source="other.example") == [pending]
    assert ids(source="other.example", outcome=Outcome.DONE) == []
    assert ids(source="news.example", outcome=Outcome.DONE) == [done]
    assert ids(since=datetime.fromtimestamp(1_500, UTC)) == [pending]
    assert ids(until=datetime.fromtimestamp(1_500, UTC)) == [done]


def test_the_articles_of_a_story_are_listed_by_time_like_all_others(any_store: Store) -> None:
    times = (1_000_000, 2_000_000, 3_000_000)
    for number, at in enumerate(times):
        any_store.scripts.clock_ms = at
        any_store.ledger.accept([article(number)])
        any_store.client.zadd(f"{any_store.keys.prefix}:sty:m:s1", {f"{article(number).id}:1": at})

    def numbers(**query: object) -> list[int]:
        page = any_store.listing.page(Query(story="s1", **query))  # type: ignore[arg-type]
        return [int(item.url.rsplit("/")[-1]) for item in page.items if item.url]

    second = datetime.fromtimestamp(2_000, UTC)
    assert numbers() == [2, 1, 0]
    assert numbers(since=second) == [2, 1]
    assert numbers(until=second) == [0]
    first = any_store.listing.page(Query(story="s1"), None, 2)
    rest = any_store.listing.page(Query(story="s1"), first.next_cursor, 2)
    assert [item.id for item in (*first.items, *rest.items)] == [article(number).id for number in (2, 1, 0)]


@pytest.mark.parametrize("cursor", ["!!", "abc", "MTIz", "é"])
def test_a_made_up_list_cursor_is_refused(any_store: Store, cursor: str) -> None:
    with pytest.raises(BadCursor):
        any_store.listing.page(Query(), cursor)


def test_the_feed_is_read_once_from_any_cursor(any_store: Store) -> None:
    refs = [finish(any_store, number) for number in range(5)]
    first = any_store.feed.page(limit=2)
    second = any_store.feed.page(first.next_cursor, limit=10)
    assert (first.more, second.more) == (True, False)
    assert [item.article_id for item in (*first.items, *second.items)] == [ref.article_id for ref in refs]
    assert any_store.feed.page(second.next_cursor).next_cursor == second.next_cursor == any_store.feed.newest()


def test_waiting_for_the_feed_ends_when_there_is_something(any_store: Store) -> None:
    assert not any_store.feed.wait("0-0", 10)
    finish(any_store)
    assert any_store.feed.wait("0-0", 10)
    assert not any_store.feed.wait(any_store.feed.newest(), 10)


@pytest.mark.parametrize("cursor", ["", "$", "0-0 x", "0-0\n", "١-٠", "-1-0", "abc"])
def test_a_made_up_feed_cursor_is_refused(any_store: Store, cursor: str) -> None:
    with pytest.raises(BadCursor):
        any_store.feed.page(cursor)


def test_a_feed_cursor_from_the_future_is_refused(any_store: Store) -> None:
    finish(any_store)
    tomorrow = int((time.time() + 2 * 86_400) * 1000)
    with pytest.raises(BadCursor, match="future"):
        any_store.feed.page(f"{tomorrow}-0")


def test_a_restored_store_takes_the_cursors_that_it_gave_out_before(any_store: Store) -> None:
    finish(any_store)
    lost = f"{int(time.time() * 1000) + 60_000}-7"
    assert any_store.feed.page(lost).next_cursor == lost


def test_a_feed_whose_clock_was_wrong_takes_its_own_cursors(any_store: Store) -> None:
    ahead = int((time.time() + 9 * 86_400) * 1000)
    entry = {"ref": "a:1", "outcome": "done", "at": 1, "entry": "{}"}
    any_store.client.xadd(any_store.keys.feed, entry, id=f"{ahead}-0")  # type: ignore[arg-type]
    assert not any_store.feed.page(f"{ahead}-0").items


def quarantined(store: Store) -> None:
    store.ledger.accept([article(1)])
    taken = claim(store)
    store.ledger.quarantine(taken.refs[0], taken.token, failure("Boom"), FeedSummary())


def test_the_quarantine_says_why(any_store: Store) -> None:
    quarantined(any_store)
    [entry] = any_store.quarantine.list()
    assert (entry.failure.error, entry.url, entry.source) == ("Boom", "https://news.example/1", "news.example")
    found = any_store.results.get(entry.ref.article_id)
    assert isinstance(found, Result)
    assert found.failure == entry.failure


def test_what_leaves_the_quarantine_moves_nothing_between_its_pages(any_store: Store) -> None:
    any_store.ledger.accept([article(number) for number in range(6)])  # in one step: all of one millisecond
    taken = claim(any_store)
    for ref in taken.refs:
        any_store.ledger.quarantine(ref, taken.token, failure("Boom"), FeedSummary())
    everything = [entry.ref for entry in any_store.quarantine.list()]
    seen, cursor = [], None
    for _ in range(3):
        page = any_store.quarantine.page(cursor, 2)
        seen += [entry.ref for entry in page.items]
        assert any_store.quarantine.drop(page.items[0].ref)
        assert any_store.quarantine.retry(page.items[1].ref)
        cursor = page.next_cursor
    assert (seen, cursor) == (everything, None)
    assert any_store.quarantine.list() == []


def test_a_retried_article_waits_again(any_store: Store) -> None:
    quarantined(any_store)
    [entry] = any_store.quarantine.list()
    assert any_store.quarantine.retry(entry.ref)
    assert not any_store.quarantine.retry(entry.ref)
    assert any_store.quarantine.list() == []
    assert any_store.ledger.backlog().waiting[Lane.LIVE] == 1
    assert any_store.verify().sound


def test_a_retried_article_begins_with_fresh_counters(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    any_store.ledger.give_back(taken.refs, taken.token, lost=True)
    taken = claim(any_store)
    any_store.ledger.delay(taken.refs[0], taken.token, 0, failure())
    any_store.ledger.reap()
    taken = claim(any_store)
    any_store.ledger.quarantine(taken.refs[0], taken.token, failure(), FeedSummary())
    any_store.quarantine.retry(taken.refs[0])
    [loaded] = any_store.ledger.load(claim(any_store).refs, ())
    assert loaded is not None
    assert (loaded.lost, loaded.retries) == (0, 0)


def test_a_dropped_article_is_withdrawn(any_store: Store) -> None:
    quarantined(any_store)
    [entry] = any_store.quarantine.list()
    assert any_store.quarantine.drop(entry.ref)
    assert not any_store.quarantine.drop(entry.ref)
    assert any_store.ledger.backlog().outcome(Outcome.WITHDRAWN) == 1
    assert [item.outcome for item in any_store.feed.page().items] == [Outcome.WITHDRAWN]
    assert any_store.verify().sound


def test_an_access_key_opens_only_with_its_secret(any_store: Store) -> None:
    assert not any_store.access.any()
    token, key = any_store.access.create("scraper", frozenset({Scope.SUBMIT}))
    assert any_store.access.find(token) == key
    for wrong in (token[:-1], token + "x", "dl_" + key.id, "", "dl__", f"xx_{key.id}_{token[16:]}", "dl_ffff_ab"):
        assert any_store.access.find(wrong) is None
    assert any_store.access.any()


def test_an_access_key_is_stored_without_its_secret(any_store: Store) -> None:
    token, _ = any_store.access.create("scraper", frozenset({Scope.SUBMIT}))
    stored = b"".join(any_store.client.hvals(any_store.keys.access))  # type: ignore[arg-type]
    assert token.split("_", 2)[2].encode() not in stored


def test_a_revoked_key_opens_nothing(any_store: Store) -> None:
    token, key = any_store.access.create("scraper", frozenset({Scope.READ}))
    assert [listed.id for listed in any_store.access.list()] == [key.id]
    assert any_store.access.revoke(key.id)
    assert not any_store.access.revoke(key.id)
    assert any_store.access.find(token) is None
