from datetime import UTC, datetime

import pytest
from conftest import article
from ledger_steps import claim, finish

from schemas import CleanText, Entities, Form, Quality, Ref
from store import RedisDuplicateIndex, Store, StoreUnavailable
from tasks.dedupe import DedupeStage
from tasks.pipeline import withdrawal
from tasks.stage import StageInput
from tasks.withdrawal import Withdrawal

NOW = datetime.fromtimestamp(1_000, UTC)
LATER = datetime.fromtimestamp(1_400, UTC)


@pytest.fixture
def ledger(store: Store) -> Store:
    store.scripts.clock_ms = 1_000_000
    return store


def test_every_index_is_told(ledger: Store) -> None:
    ref, told = finish(ledger), []
    Withdrawal(ledger, [told.append]).article(ref.article_id)
    assert set(told) == {ref}
    assert ledger.withdrawals.open() == []


def test_an_index_that_fails_is_told_again_until_it_has_heard(ledger: Store) -> None:
    ref = finish(ledger)

    def away(_: Ref) -> None:
        raise StoreUnavailable("away")

    with pytest.raises(StoreUnavailable):
        Withdrawal(ledger, [away]).article(ref.article_id)
    told: list[Ref] = []
    assert Withdrawal(ledger, [told.append]).finish(NOW) == 1
    assert told == [ref]


def test_what_a_running_batch_may_still_write_is_removed_later(ledger: Store) -> None:
    ledger.ledger.accept([article(1)])
    ref, told = claim(ledger).refs[0], []
    withdrawal = Withdrawal(ledger, [told.append])
    withdrawal.article(ref.article_id)
    assert (told, ledger.withdrawals.open()) == ([ref], [ref])
    assert withdrawal.finish(LATER) == 1
    assert told == [ref, ref]
    assert ledger.withdrawals.open() == []


def test_what_is_withdrawn_and_still_in_the_duplicate_index_is_found_and_removed(ledger: Store) -> None:
    ref = finish(ledger)
    index = RedisDuplicateIndex(ledger.client, ledger.keys.prefix)
    clean = CleanText(title="T", text="A text. " * 40, language="en", form=Form.TEXT, quality=Quality(words=80))
    DedupeStage(index).run([StageInput(ref=ref, accepted_at=NOW, clean=clean, entities=Entities())])
    ledger.withdrawals.withdraw(ref)
    assert ledger.verify().sound, "the keeper has not come by yet"
    ledger.withdrawals.close(ref)
    found = ledger.verify()
    assert [finding.kind for finding in found.findings] == ["withdrawn_but_indexed"]
    ledger.repair(found)
    assert withdrawal(ledger).finish(NOW) == 1
    assert ledger.verify().sound
