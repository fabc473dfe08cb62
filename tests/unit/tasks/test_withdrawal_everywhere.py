import time
from datetime import UTC, datetime

import pytest
from conftest import article
from ledger_steps import claim, finish

from schemas import CleanText, Entities, Form, Quality, Ref
from store import RedisDuplicateIndex, RedisStoryIndex, Store, StoreUnavailable
from store.duplicates import Probe
from store.stories import StoryProbe
from tasks.dedupe import DedupeStage
from tasks.pipeline import withdrawal
from tasks.stage import StageInput
from tasks.withdrawal import Withdrawal

NOW = datetime.fromtimestamp(1_000, UTC)
LATER = datetime.fromtimestamp(1_400, UTC)
CLEAN = CleanText(title="T", text="A text. " * 40, language="en", form=Form.TEXT, quality=Quality(words=80))


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


def test_an_article_that_only_longer_settings_still_keep_is_withdrawn_from_both_indexes(ledger: Store) -> None:
    ref, client, prefix = finish(ledger), ledger.client, ledger.keys.prefix
    months_ago = int(time.time()) - 100 * 86_400
    copies = RedisDuplicateIndex(client, prefix, retention_weeks=40, clock_seconds=months_ago)
    stories = RedisStoryIndex(client, prefix, window_days=300, clock_seconds=months_ago)
    DedupeStage(copies, stories).run([StageInput(ref=ref, accepted_at=NOW, clean=CLEAN, entities=Entities())])
    copies.clock_seconds = stories.clock_seconds = None
    assert known(copies, stories, ref) == (True, True)
    withdrawal(ledger).article(ref.article_id)
    assert known(copies, stories, ref) == (False, False)


def known(copies: RedisDuplicateIndex, stories: RedisStoryIndex, ref: Ref) -> tuple[bool, bool]:
    """Whether each index remembers what was decided for an article."""
    [copy] = copies.check([Probe(ref.article_id, ref.revision, ())])
    [story] = stories.check([StoryProbe(ref, ())])
    return copy.first is not None, story.known is not None


def test_what_is_withdrawn_and_still_in_the_duplicate_index_is_found_and_removed(ledger: Store) -> None:
    ref = finish(ledger)
    index = RedisDuplicateIndex(ledger.client, ledger.keys.prefix)
    DedupeStage(index).run([StageInput(ref=ref, accepted_at=NOW, clean=CLEAN, entities=Entities())])
    ledger.withdrawals.withdraw(ref)
    assert ledger.verify().sound, "the keeper has not come by yet"
    ledger.withdrawals.close(ref)
    found = ledger.verify()
    assert [finding.kind for finding in found.findings] == ["withdrawn_but_indexed"]
    ledger.repair(found)
    assert withdrawal(ledger).finish(NOW) == 1
    assert ledger.verify().sound
