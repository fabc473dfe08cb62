import pytest

from store import Actor, BadCursor, Store

ACTOR = Actor("0123456789ab", "night shift")


def test_a_call_is_told_with_who_what_when_and_what_came_of_it(any_store: Store) -> None:
    entry = any_store.audit.begin(ACTOR, "POST /x", "everything", "request-1")
    any_store.audit.end(entry, "200", "2 changed")
    [found] = any_store.audit.newest()
    assert (found.key_id, found.key_name) == ("0123456789ab", "night shift")
    assert (found.action, found.subject, found.request_id) == ("POST /x", "everything", "request-1")
    assert (found.outcome, found.result) == ("200", "2 changed")
    assert found.id == entry
    assert found.at.year >= 2026


def test_a_call_whose_server_died_is_told_as_one_with_unknown_end(any_store: Store) -> None:
    any_store.audit.begin(ACTOR, "POST /x", "")
    assert any_store.audit.newest()[0].outcome == "unknown"


def test_calls_are_told_newest_first_page_by_page(any_store: Store) -> None:
    for number in range(25):
        any_store.audit.end(any_store.audit.begin(ACTOR, f"call {number}", ""), "ok")
    told: list[str] = []
    before = None
    while page := any_store.audit.newest(10, before):
        told += [entry.action for entry in page]
        before = page[-1].id
        assert {entry.outcome for entry in page} == {"ok"}
    assert told == [f"call {number}" for number in reversed(range(25))]


def test_calls_that_overlap_keep_their_ends(any_store: Store) -> None:
    first = any_store.audit.begin(ACTOR, "first", "")
    second = any_store.audit.begin(ACTOR, "second", "")
    any_store.audit.end(second, "2")
    any_store.audit.end(first, "1")
    assert [(entry.action, entry.outcome) for entry in any_store.audit.newest()] == [("second", "2"), ("first", "1")]
    [older] = any_store.audit.newest(10, second)
    assert (older.action, older.outcome) == ("first", "1")


def test_a_long_subject_is_cut(store: Store) -> None:
    store.audit.begin(ACTOR, "a", "x" * 10_000)
    assert len(store.audit.newest()[0].subject) == 500


def test_what_is_no_id_of_the_log_is_refused(store: Store) -> None:
    with pytest.raises(BadCursor):
        store.audit.newest(10, "yesterday")
