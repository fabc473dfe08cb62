import time

import pytest

from store import Hold, InProgress, Store, StoredAnswer
from store.idempotency import IdempotencyKeys

ANSWER = StoredAnswer(request_digest="d", status=202, headers={"location": "/"}, body="{}")


def held(keys: IdempotencyKeys, name: str = "name") -> Hold:
    found = keys.begin("caller", name)
    assert isinstance(found, Hold)
    return found


def test_the_first_request_may_answer_and_its_repeats_have_to_wait(any_store: Store) -> None:
    held(any_store.idempotency)
    assert isinstance(any_store.idempotency.begin("caller", "name"), InProgress)


def test_a_kept_answer_is_found_again(any_store: Store) -> None:
    any_store.idempotency.keep(held(any_store.idempotency), ANSWER, 60_000)
    assert any_store.idempotency.begin("caller", "name") == ANSWER


def test_callers_do_not_see_each_others_answers(any_store: Store) -> None:
    any_store.idempotency.keep(held(any_store.idempotency), ANSWER, 60_000)
    assert isinstance(any_store.idempotency.begin("other", "name"), Hold)


def test_the_names_of_caller_and_request_do_not_run_together(store: Store) -> None:
    store.idempotency.begin("a", "bc")
    assert isinstance(store.idempotency.begin("ab", "c"), Hold)


def test_a_released_key_is_free(any_store: Store) -> None:
    any_store.idempotency.release(held(any_store.idempotency))
    held(any_store.idempotency)


def test_an_answer_expires(store: Store) -> None:
    store.idempotency.keep(held(store.idempotency), ANSWER, 30)
    time.sleep(0.05)
    assert isinstance(store.idempotency.begin("caller", "name"), Hold)


def test_a_request_that_died_does_not_hold_its_key_for_ever(store: Store) -> None:
    hold = held(store.idempotency)
    assert 0 < store.client.pttl(store.keys.once(hold.place)) <= 120_000


@pytest.mark.parametrize("end", ["keep", "release"])
def test_who_lost_the_key_changes_nothing(any_store: Store, end: str) -> None:
    late = held(any_store.idempotency)
    any_store.client.delete(any_store.keys.once(late.place))
    any_store.idempotency.keep(held(any_store.idempotency), ANSWER, 60_000)
    if end == "keep":
        any_store.idempotency.keep(late, ANSWER.model_copy(update={"status": 200}), 60_000)
    else:
        any_store.idempotency.release(late)
    assert any_store.idempotency.begin("caller", "name") == ANSWER
