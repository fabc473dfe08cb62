from conftest import article
from ledger_steps import LEASE_MS, advance, claim, failure, finish, record

from schemas import CleanText, Duplicates, FeedSummary, Form, Lane, Outcome, Quality, Ref, Relation, StageName
from store import STAGES, Advance, Store


def kinds(store: Store) -> set[str]:
    return {finding.kind for finding in store.verify().findings}


def test_a_sound_ledger_has_no_findings(any_store: Store) -> None:
    finish(any_store)
    any_store.ledger.accept([article(2), article(3)])
    claim(any_store, limit=1)
    verification = any_store.verify()
    assert verification.sound
    assert verification.articles == 3


def test_a_lost_place_in_the_lane_is_found(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    any_store.client.delete(any_store.keys.waiting(Lane.LIVE))
    assert kinds(any_store) == {"accounting", "not_where_its_state_says"}


def test_an_article_in_two_places_is_found(any_store: Store) -> None:
    ref = finish(any_store)
    any_store.client.zadd(any_store.keys.leased, {str(ref): 1})
    assert "done_but_listed_as_leased" in kinds(any_store)


def test_a_result_missing_from_the_feed_is_found(any_store: Store) -> None:
    finish(any_store)
    any_store.client.delete(any_store.keys.feed)
    assert kinds(any_store) == {"outcome_not_in_feed"}


def test_a_result_published_twice_is_found(any_store: Store) -> None:
    ref = finish(any_store)
    entry = {"ref": str(ref), "outcome": "done", "at": 1, "entry": "{}"}
    any_store.client.xadd(any_store.keys.feed, entry)  # type: ignore[arg-type]
    assert kinds(any_store) == {"published_twice"}


def test_a_vanished_record_is_found(any_store: Store) -> None:
    ref = finish(any_store)
    any_store.client.delete(any_store.keys.record(ref))
    assert kinds(any_store) == {"index_without_record", "feed_without_record"}


def test_a_wrong_counter_is_found(any_store: Store) -> None:
    finish(any_store)
    any_store.client.hincrby(any_store.keys.counts, Outcome.DONE.value, 1)
    assert kinds(any_store) == {"accounting", "outcome_count"}


def test_a_record_that_no_list_knows_is_found(any_store: Store) -> None:
    ref = finish(any_store)
    any_store.client.zrem(any_store.keys.every, str(ref))
    any_store.client.zrem(any_store.keys.by_source("news.example"), str(ref))
    assert kinds(any_store) == {"not_in_list_of_all", "not_in_list_of_source"}


def test_a_head_that_is_behind_is_found(any_store: Store) -> None:
    ref = finish(any_store)
    any_store.client.delete(any_store.keys.head(ref.article_id))
    assert kinds(any_store) == {"newer_than_its_head"}


def test_a_pending_article_without_its_body_is_found(any_store: Store) -> None:
    [accepted] = any_store.ledger.accept([article(1)])
    any_store.client.hdel(any_store.keys.record(accepted.ref), "body")
    assert kinds(any_store) == {"pending_without_body"}


def test_a_list_of_a_place_that_names_what_is_not_there_is_found(any_store: Store) -> None:
    any_store.client.zadd(any_store.keys.by_place(1), {"gone:1": 1})
    assert kinds(any_store) == {"index_without_record"}


def test_a_feed_that_goes_back_in_time_is_found(any_store: Store) -> None:
    ref, other = finish(any_store, 1), finish(any_store, 2)
    [first, _] = any_store.feed.page().items
    any_store.client.xdel(any_store.keys.feed, first.cursor)
    entry = {"ref": str(ref), "outcome": "done", "at": 1, "entry": "{}"}
    cursor = any_store.client.xadd(any_store.keys.feed, entry)  # type: ignore[arg-type]
    any_store.client.hset(any_store.keys.record(ref), "cursor", cursor)  # type: ignore[arg-type]
    assert other != ref
    assert kinds(any_store) == {"feed_out_of_order"}


def test_times_in_the_feed_never_go_back_though_the_clock_does(any_store: Store) -> None:
    finish(any_store, 1)
    any_store.scripts.clock_ms = 500_000
    finish(any_store, 2)
    first, second = any_store.feed.page().items
    assert second.finished_at == first.finished_at
    assert any_store.verify().sound


def damaged(store: Store) -> Ref:
    """A ledger with one article of each kind and much that is wrong with it; returns the one that is lost."""
    lost, misplaced, unpublished = finish(store, 1), finish(store, 2), finish(store, 3)
    store.ledger.accept([article(4), article(5)])
    held = claim(store, limit=1)
    store.client.delete(store.keys.record(lost))
    store.client.zrem(store.keys.by_outcome(Outcome.DONE), str(misplaced))
    store.client.zadd(store.keys.waiting(Lane.BULK), {str(misplaced): 1})
    store.client.xdel(store.keys.feed, store.feed.page().items[-1].cursor)
    store.client.zrem(store.keys.leased, str(held.refs[0]))
    store.client.delete(store.keys.waiting(Lane.LIVE))
    store.client.xadd(store.keys.feed, {"ref": str(misplaced), "outcome": "done", "at": 1_000_000, "entry": "{}"})  # type: ignore[arg-type]
    store.client.hincrby(store.keys.counts, Outcome.PARTIAL.value, 3)
    store.client.delete(store.keys.head(unpublished.article_id))
    return lost


def test_what_the_records_still_tell_is_repaired(any_store: Store) -> None:
    lost = damaged(any_store)
    before = any_store.verify()
    assert not before.sound
    repaired = any_store.repair(before)
    assert repaired.after.sound, repaired.after.findings
    assert repaired.lost == (str(lost),)
    assert repaired.after.articles == 4
    assert repaired.after.backlog.accepted == 5
    assert any_store.ledger.backlog().pending == 2
    assert sum(len(claim(any_store, limit=1).refs) for _ in range(3)) == 1, "the leased one waits for its lease"
    assert any_store.ledger.reap() == (1, 0)


def test_stories_are_held_against_their_members(any_store: Store) -> None:
    kept, withdrawn = finish(any_store, 1), finish(any_store, 2)
    any_store.client.zadd("dl:sty:m:one", {str(kept): 1, str(withdrawn): 2})
    any_store.client.hset("dl:sty:s:one", "size", 2)  # type: ignore[arg-type]
    assert any_store.verify().sound
    any_store.withdrawals.withdraw(withdrawn)
    assert any_store.verify().sound, "the keeper has not come by yet"
    any_store.withdrawals.close(withdrawn)
    assert kinds(any_store) == {"withdrawn_but_in_a_story"}
    any_store.repair(any_store.verify())
    assert any_store.withdrawals.open() == [withdrawn]
    any_store.client.zrem("dl:sty:m:one", str(withdrawn))
    assert kinds(any_store) == {"story_of_another_size"}


def test_repairing_a_sound_ledger_changes_nothing(any_store: Store) -> None:
    finish(any_store)
    before = any_store.client.hgetall(any_store.keys.counts)
    assert any_store.repair(any_store.verify()).mended == ()
    assert any_store.client.hgetall(any_store.keys.counts) == before


def test_a_missing_feed_entry_is_told_again_with_the_result(any_store: Store) -> None:
    ref = finish(any_store)
    any_store.client.delete(any_store.keys.feed)
    any_store.repair(any_store.verify())
    [entry] = any_store.feed.page().items
    assert (entry.article_id, entry.source) == (ref.article_id, "news.example")


def published(store: Store) -> FeedSummary:
    """An article of a story that another one was merged into, through all stages; what its feed entry told."""
    store.ledger.accept([article(1)])
    taken = claim(store)
    clean = CleanText(form=Form.TEXT, text="A body.", title="A title", language="en", quality=Quality(words=2))
    found = Duplicates(
        relation=Relation.SAME_STORY,
        canonical_id="c" * 26,
        cluster_id="c" * 26,
        story_id="s" * 26,
        merged_stories=("m" * 26,),
        score=0.4,
        jaccard=0.2,
        index_version=1,
    )
    told = FeedSummary.of(article(1).submission.url, "news.example", clean, found)
    for stage in STAGES[:-1]:
        output = clean.model_dump_json() if stage is StageName.CLEAN else None
        advance(store, taken.refs[0], taken.token, stage, output)
    last = Advance(taken.refs[0], record(STAGES[-1]), found.model_dump_json(), Outcome.DONE, told)
    store.ledger.advance([last], taken.token, LEASE_MS)
    return told


def test_what_is_told_again_names_the_story_as_it_did_before(any_store: Store) -> None:
    told = published(any_store)
    [before] = any_store.feed.page().items
    any_store.client.delete(any_store.keys.feed)
    any_store.repair(any_store.verify())
    [after] = any_store.feed.page().items
    assert (after.story_id, after.merged_stories) == (told.story_id, told.merged_stories)
    changed = {"cursor", "finished_at", "again"}
    assert after.model_dump(exclude=changed) == before.model_dump(exclude=changed)


def test_a_tombstone_that_is_told_again_still_says_which_stories_merged(any_store: Store) -> None:
    published(any_store)
    [entry] = any_store.feed.page().items
    any_store.withdrawals.withdraw(Ref(entry.article_id, entry.revision))
    [before] = any_store.feed.page().items
    any_store.client.delete(any_store.keys.feed)
    any_store.repair(any_store.verify())
    [after] = any_store.feed.page().items
    assert (after.outcome, after.merged_stories) == (Outcome.WITHDRAWN, ("m" * 26,))
    assert after.model_dump(exclude={"cursor", "finished_at"}) == before.model_dump(exclude={"cursor", "finished_at"})


def test_a_quarantine_that_is_told_again_says_whose_it_is(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    any_store.ledger.quarantine(taken.refs[0], taken.token, failure(), FeedSummary())
    any_store.client.delete(any_store.keys.feed)
    any_store.repair(any_store.verify())
    [entry] = any_store.feed.page().items
    assert (entry.outcome, entry.source) == (Outcome.QUARANTINED, "news.example")


def test_an_article_that_is_tried_again_leaves_the_feed_until_it_has_an_outcome(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    any_store.ledger.quarantine(taken.refs[0], taken.token, failure(), FeedSummary())
    any_store.quarantine.retry(taken.refs[0])
    assert any_store.feed.page().items == ()
    assert any_store.verify().sound
