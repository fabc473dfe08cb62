import json

import pytest
from conftest import article
from ledger_steps import finish
from operators import Printed, in_quarantine, operating

from cli import quarantine, withdraw
from cli.errors import Trouble
from cli.exits import Exit
from schemas import Outcome
from store import Store


def test_drop_of_all_withdraws_all(store: Store) -> None:
    for number in range(3):
        in_quarantine(store, number)
    assert quarantine.change("drop", [], everything=True, as_json=False, client=operating(store)) is Exit.OK
    assert store.ledger.backlog().outcome(Outcome.WITHDRAWN) == 3


def test_withdraw_takes_all_revisions_back_and_may_be_repeated(store: Store, printed: Printed) -> None:
    ref = finish(store)
    store.ledger.accept([article(1, text="Another text.")])
    assert withdraw.withdraw([ref.article_id], as_json=False, store=store) is Exit.OK
    assert printed() == "2 revisions withdrawn.\n"
    assert withdraw.withdraw([ref.article_id], as_json=True, store=store) is Exit.OK
    assert json.loads(printed()) == {
        "withdrawn": 0,
        "revisions": {f"{ref.article_id}:1": "already", f"{ref.article_id}:2": "already"},
    }


def test_what_was_withdrawn_already_is_counted_beside_the_rest(store: Store, printed: Printed) -> None:
    ref = finish(store)
    store.ledger.accept([article(1, text="Another text.")])
    withdraw.withdraw([str(ref)], as_json=False, store=store)
    assert printed() == "1 revision withdrawn.\n"
    withdraw.withdraw([ref.article_id], as_json=False, store=store)
    assert printed() == "1 revision withdrawn; 1 was withdrawn already.\n"


def test_withdraw_of_one_revision_leaves_the_others(store: Store) -> None:
    ref = finish(store)
    store.ledger.accept([article(1, text="Another text.")])
    withdraw.withdraw([str(ref)], as_json=True, store=store)
    assert store.ledger.backlog().outcome(Outcome.WITHDRAWN) == 1
    assert store.ledger.backlog().pending == 1


def test_withdraw_of_nothing_says_so(store: Store) -> None:
    with pytest.raises(Trouble, match="no article"):
        withdraw.withdraw(["a" * 26], as_json=False, store=store)
