"""What an article was found to be a copy of stands when it is processed once more, whatever happened in between.

Through the real dedupe stage and indexes, in memory and on a real server.
"""

from collections.abc import Callable, Sequence

import pytest
from conftest import article
from stages import FakeStage

from schemas import Duplicates, Outcome, Ref, Relation, Result, StageName
from store import STAGES, Advance, Query, RedisDuplicateIndex, RedisStoryIndex, Reprocessing, Store, Verdict
from tasks import pipeline
from tasks.batch import Batch
from tasks.dedupe import DedupeStage
from tasks.runtime import Runtime
from tasks.stage_run import StageRun

WEEK = 604_800
BODY = " ".join(f"word{number}" for number in range(300))
NEARLY = BODY.replace("word100 ", "another ").replace("word200 ", "other ")
CUT = " ".join(BODY.split()[:90])
UNRELATED = " ".join(f"term{number}" for number in range(300))
TEXTS = (BODY, NEARLY, BODY, CUT, UNRELATED)
REPROCESSED = [StageName.CLEAN, StageName.ENTITIES, StageName.DEDUPE]


class Installation:
    """A store, and one process with the real dedupe stage behind fake ones."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.index = RedisDuplicateIndex(store.client, store.keys.prefix)
        stages = {name: FakeStage(name) for name in STAGES[:-1]}
        dedupe = DedupeStage(self.index, RedisStoryIndex(store.client, store.keys.prefix))
        self.process = Runtime(store, {**stages, StageName.DEDUPE: dedupe})

    def run(self) -> None:
        while self.store.ledger.backlog().pending:
            batch = Batch.of(self.process.claim())
            for stage in STAGES:
                batch = StageRun(self.process, stage, batch).execute()

    def push(self, *texts: str, first: int = 0) -> list[Ref]:
        refs = [
            self.store.ledger.accept([article(number, text=text)])[0].ref for number, text in enumerate(texts, first)
        ]
        self.run()
        return refs

    def reprocess(self, stage: StageName) -> None:
        step = self.store.reprocessor.step(Reprocessing(stage, Query()), None, 100, dry_run=False)
        assert step.verdicts == {"sent": len(step.matching)}
        self.run()

    def said_of(self, ref: Ref) -> Duplicates:
        found = self.store.results.get(ref.article_id, ref.revision)
        assert isinstance(found, Result)
        assert found.duplicates is not None
        return found.duplicates

    def told(self) -> dict[str, tuple[object, object]]:
        return {e.article_id: (e.relation, e.canonical_id) for e in self.store.feed.page(limit=100).items}


@pytest.fixture
def installation(any_store: Store) -> Installation:
    return Installation(any_store)


@pytest.fixture
def pushed(installation: Installation) -> list[Ref]:
    refs = installation.push(*TEXTS)
    relations = [installation.said_of(ref).relation for ref in refs]
    assert relations == [
        Relation.ORIGINAL, Relation.NEAR, Relation.EXACT, Relation.CONTAINED_IN, Relation.SAME_STORY,
    ]  # fmt: skip
    return refs


@pytest.mark.parametrize("stage", REPROCESSED)
def test_a_second_pass_says_the_same_of_everybody(
    installation: Installation, pushed: list[Ref], stage: StageName
) -> None:
    before, told = [installation.said_of(ref) for ref in pushed], installation.told()
    installation.reprocess(stage)
    assert [installation.said_of(ref) for ref in pushed] == before
    assert installation.told() == told
    assert installation.store.verify().sound


def test_a_second_pass_in_another_order_says_the_same(installation: Installation, pushed: list[Ref]) -> None:
    """Who comes first now would be the original, if anything were decided anew."""
    before = [installation.said_of(ref) for ref in pushed]
    for ref in reversed(pushed):
        dedupe = [StageName.DEDUPE.value]
        assert installation.store.scripts.run("reprocess", str(ref), 3, "done", *dedupe) == b"sent"
        installation.run()
    assert [installation.said_of(ref) for ref in pushed] == before


@pytest.mark.parametrize("weeks", [1, 4])
def test_decisions_stand_across_generations_and_new_copies_are_found(
    installation: Installation, pushed: list[Ref], weeks: int
) -> None:
    before = [installation.said_of(ref) for ref in pushed]
    installation.index.clock_seconds = _now(installation) + weeks * WEEK
    [late] = installation.push(BODY, first=50)
    assert installation.said_of(late).canonical_id == pushed[0].article_id
    installation.reprocess(StageName.DEDUPE)
    assert [installation.said_of(ref) for ref in pushed] == before
    assert installation.said_of(late).canonical_id == pushed[0].article_id


def forget_everything(installation: Installation) -> None:
    for name in list(installation.store.client.scan_iter(f"{installation.store.keys.prefix}:dup:*")):
        installation.store.client.delete(name)


def outlive_the_retention(installation: Installation) -> None:
    installation.index.clock_seconds = _now(installation) + 6 * WEEK


@pytest.mark.parametrize("forget", [forget_everything, outlive_the_retention])
@pytest.mark.parametrize("stage", REPROCESSED)
def test_decisions_stand_when_the_index_has_forgotten_them(
    installation: Installation, pushed: list[Ref], stage: StageName, forget: Callable[[Installation], None]
) -> None:
    """Else copies would become originals beside their original."""
    before, told = [installation.said_of(ref) for ref in pushed], installation.told()
    forget(installation)
    for _ in range(2):
        installation.reprocess(stage)
        assert [installation.said_of(ref) for ref in pushed] == before
        assert installation.told() == told
    assert b"decided" not in installation.store.client.hkeys(installation.store.keys.record(pushed[1]))


def test_after_a_withdrawal_the_copies_stay_copies_of_the_heir(installation: Installation, pushed: list[Ref]) -> None:
    first, second, third, fourth, other = pushed
    pipeline.withdrawal(installation.store).article(first.article_id)
    before = [installation.said_of(ref) for ref in pushed[1:]]
    assert [said.canonical_id for said in before] == [second.article_id] * 3 + [other.article_id]
    for stage in REPROCESSED:
        installation.reprocess(stage)
        assert [installation.said_of(ref) for ref in pushed[1:]] == before
    assert {said.cluster_id for said in before[:3]} == {first.article_id}
    pipeline.withdrawal(installation.store).article(second.article_id)
    assert [installation.said_of(ref).canonical_id for ref in (third, fourth)] == [third.article_id] * 2
    installation.reprocess(StageName.DEDUPE)
    assert [installation.said_of(ref).canonical_id for ref in (third, fourth)] == [third.article_id] * 2
    assert installation.store.verify().sound


def test_a_copy_that_waits_while_its_original_is_withdrawn_follows_the_heir(
    installation: Installation, pushed: list[Ref]
) -> None:
    first, second, third, fourth, _ = pushed
    for ref in (third, fourth):
        installation.store.scripts.run("reprocess", str(ref), 3, "done", StageName.DEDUPE.value)
    pipeline.withdrawal(installation.store).article(first.article_id)
    installation.run()
    assert {installation.said_of(ref).canonical_id for ref in (second, third, fourth)} == {second.article_id}


def test_a_copy_that_is_published_after_its_original_was_withdrawn_follows_the_heir(
    installation: Installation, pushed: list[Ref], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The withdrawal comes between the decision and its publication, when there is no result yet to be rewritten."""
    store, (first, second, *_) = installation.store, pushed
    ledger_advance = store.ledger.advance

    def advance(commits: Sequence[Advance], token: str, lease_ms: int) -> list[Verdict]:
        if commits[0].entry and not store.ledger.backlog().outcome(Outcome.WITHDRAWN):
            pipeline.withdrawal(store).article(first.article_id)
        return ledger_advance(commits, token, lease_ms)

    monkeypatch.setattr(store.ledger, "advance", advance)
    [late] = installation.push(BODY, first=70)
    assert store.withdrawals.open() == [first]
    pipeline.withdrawal(store).finish(store.ledger.backlog().at)
    assert store.withdrawals.open() == []
    assert installation.said_of(late).canonical_id == second.article_id
    assert installation.told()[late.article_id] == (Relation.EXACT, second.article_id)
    assert store.verify().sound


def test_copies_of_what_is_there_open_no_withdrawal(installation: Installation, pushed: list[Ref]) -> None:
    assert installation.store.withdrawals.open() == []
    assert installation.store.withdrawals.reopen([ref.article_id for ref in pushed]) == 0


def test_an_heir_keeps_the_copies_that_it_had_itself(installation: Installation) -> None:
    [old, of_old] = installation.push(UNRELATED, UNRELATED, first=10)
    [original] = installation.push(BODY, first=20)
    [heir, other] = [installation.store.ledger.accept([article(number, text=BODY)])[0].ref for number in (10, 30)]
    installation.run()
    assert heir == Ref(old.article_id, 2)
    pipeline.withdrawal(installation.store).article(original.article_id)
    assert installation.said_of(other).canonical_id == heir.article_id
    pipeline.withdrawal(installation.store).article(heir.article_id)
    assert installation.said_of(other).canonical_id == other.article_id
    assert installation.said_of(of_old).canonical_id != old.article_id, "it is told as well"


def _now(installation: Installation) -> int:
    seconds: int = installation.store.client.time()[0]
    return seconds
