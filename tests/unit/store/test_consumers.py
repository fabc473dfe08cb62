from datetime import UTC, datetime

import pytest
from conftest import article
from unit.api.application import finish

from store import BadCursor, BadName, Store


def publish(store: Store, *numbers: int) -> list[str]:
    """Finish articles one after another; returns their cursors."""
    for number in numbers:
        store.ledger.accept([article(number)])
        finish(store)
    return [entry.cursor for entry in store.feed.page().items]


def forget_all(store: Store) -> None:
    store.ledger.forget(results_before_ms=10**15, bodies_before_ms=0)


def test_a_consumer_is_listed_with_what_it_reported(any_store: Store) -> None:
    any_store.consumers.report("b", "files", "5-1")
    any_store.consumers.report("a", "postgres", "7-0")
    any_store.consumers.report("b", "files", "9-0")
    found = any_store.consumers.list()
    assert [(one.name, one.kind, one.cursor, one.missed) for one in found] == [
        ("a", "postgres", "7-0", 0),
        ("b", "files", "9-0", 0),
    ]
    assert found[0].reported_at.timestamp() == 1_000


def test_what_the_retention_deletes_in_front_of_a_consumer_is_counted(any_store: Store) -> None:
    cursors = publish(any_store, 1, 2, 3)
    any_store.consumers.report("slow", "files", cursors[0])
    any_store.consumers.report("quick", "files", cursors[-1])
    any_store.consumers.report("new", "files", "0-0")
    forget_all(any_store)
    assert {one.name: one.missed for one in any_store.consumers.list()} == {"slow": 2, "quick": 0, "new": 3}
    assert any_store.consumers.report("slow", "files", cursors[0]) == 2


def test_cursors_of_one_millisecond_are_compared_by_their_number(any_store: Store) -> None:
    ahead = "99999999999999"
    any_store.client.xadd(any_store.keys.feed, {"ref": "x:1", "outcome": "done", "at": 1}, id=f"{ahead}-9")
    any_store.ledger.accept([article(1)])
    finish(any_store)
    any_store.consumers.report("before", "files", f"{ahead}-9")
    any_store.consumers.report("after", "files", f"{ahead}-10")
    forget_all(any_store)
    assert {one.name: one.missed for one in any_store.consumers.list()} == {"before": 1, "after": 0}


def test_what_was_missed_is_overlooked_once(any_store: Store) -> None:
    publish(any_store, 1, 2)
    any_store.consumers.report("slow", "files", "0-0")
    forget_all(any_store)
    assert any_store.consumers.overlook("slow") == 2
    assert any_store.consumers.overlook("slow") == 0
    assert any_store.consumers.report("slow", "files", "0-0") == 0
    assert any_store.consumers.overlook("nobody") is None


def test_what_is_read_and_not_safe_is_no_lag_and_is_missed_all_the_same(any_store: Store) -> None:
    [cursor] = publish(any_store, 1)
    any_store.consumers.report("a", "files", "0-0", cursor)
    [consumer] = any_store.consumers.list()
    assert (consumer.cursor, consumer.reached) == ("0-0", cursor)
    assert any_store.feed.lags([consumer.reached], datetime.now(UTC)) == {cursor: 0.0}
    forget_all(any_store)
    assert any_store.consumers.list()[0].missed == 1


def test_a_consumer_that_is_no_more_is_forgotten(any_store: Store) -> None:
    any_store.consumers.report("a", "files", "0-0")
    assert any_store.consumers.forget("a")
    assert not any_store.consumers.forget("a")
    assert any_store.consumers.list() == []


@pytest.mark.parametrize("name", ["", "a:b", "a b", "-a", "a" * 65, "a\n"])
def test_a_name_that_would_not_do_as_a_key_is_refused(store: Store, name: str) -> None:
    with pytest.raises(BadName):
        store.consumers.report(name, "files", "0-0")


def test_a_cursor_of_another_form_is_refused(store: Store) -> None:
    with pytest.raises(BadCursor):
        store.consumers.report("a", "files", "soon")
