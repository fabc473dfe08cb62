import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
import structlog
from celery import Celery
from conftest import article
from stages import FakeStage, fake_stages
from unit.store.test_places import NEAR_RIGA, RIGA, place

from schemas import Geotags, Lane, Outcome, Relation, Result, StageName, StageStatus, Status
from schemas.base import Model
from store import STAGES, Query, Store, StoreUnavailable, formats
from store.duplicates import RedisDuplicateIndex
from tasks import pipeline, runtime
from tasks.batch import Batch
from tasks.dedupe import DedupeStage
from tasks.runtime import Limits, Runtime
from tasks.stage import StageInput
from tasks.stage_run import StageRun

NO_PATIENCE = Limits(retry_base_s=0.001, retry_cap_s=0.001, max_retries=2, max_deliveries=2, patience_s=0)


@pytest.fixture
def process(store: Store) -> Iterator[Runtime]:
    """A process with fake stages."""
    prepared = Runtime(store=store, stages=fake_stages(), limits=NO_PATIENCE)
    runtime.install(prepared)
    yield prepared
    runtime.install(None)


def submit(process: Runtime, *texts: str) -> list[str]:
    articles = [article(number, text=text) for number, text in enumerate(texts)]
    process.store.ledger.accept(articles)
    return [new.id for new in articles]


def run_all(process: Runtime) -> list[Batch]:
    """One chain, without Celery; returns the batch after each stage."""
    batch = Batch.of(process.claim())
    batches = []
    for stage in STAGES:
        batch = StageRun(process, stage, batch).execute()
        batches.append(batch)
    return batches


def run_until_settled(process: Runtime, rounds: int = 40) -> None:
    for _ in range(rounds):
        run_all(process)
        time.sleep(0.003)
        process.store.ledger.reap()
        if process.store.ledger.backlog().pending == 0:
            return
    raise AssertionError(process.store.ledger.backlog())


def result(process: Runtime, article_id: str) -> Result:
    found = process.store.results.get(article_id)
    assert isinstance(found, Result), found
    return found


def test_a_batch_passes_all_stages_and_is_published(process: Runtime) -> None:
    ids = submit(process, "one", "two", "three")
    run_all(process)
    for article_id in ids:
        done = result(process, article_id)
        assert done.outcome is Outcome.DONE
        assert done.clean is not None
        assert done.duplicates is not None
        assert [record.status for record in done.stages] == [StageStatus.DONE] * 4
    assert process.store.verify().sound


def test_the_feed_entry_tells_title_language_and_relation(process: Runtime) -> None:
    submit(process, "one")
    run_all(process)
    [entry] = process.store.feed.page().items
    assert (entry.title, entry.language, entry.relation) == ("A title", "en", "original")


def test_a_stage_record_tells_status_version_attempts_and_time(process: Runtime) -> None:
    [article_id] = submit(process, "one")
    run_all(process)
    record = result(process, article_id).stages[0]
    assert (record.stage, record.version, record.attempts) == (StageName.CLEAN, 1, 1)
    assert record.milliseconds >= 0


def test_a_failing_article_is_quarantined_and_its_neighbours_go_on(process: Runtime) -> None:
    good, bad, other = submit(process, "one", "entities:quarantine", "three")
    run_all(process)
    assert result(process, good).outcome is result(process, other).outcome is Outcome.DONE
    failed = result(process, bad)
    assert failed.outcome is Outcome.QUARANTINED
    assert failed.failure is not None
    assert (failed.failure.stage, failed.failure.error) == (StageName.ENTITIES, "Quarantine")
    assert failed.clean is not None


def test_a_stage_that_crashes_on_a_batch_is_run_one_by_one(process: Runtime) -> None:
    good, bad, other = submit(process, "one", "geotag:crash", "three")
    run_all(process)
    assert result(process, good).outcome is result(process, other).outcome is Outcome.DONE
    assert result(process, bad).outcome is Outcome.QUARANTINED


def test_a_failure_tells_the_class_of_a_foreign_error_but_not_its_message(process: Runtime) -> None:
    [bad] = submit(process, "geotag:crash")
    run_all(process)
    failure = result(process, bad).failure
    assert failure is not None
    assert failure.error == "ValueError"
    assert "secret" not in failure.message


def test_a_missing_model_makes_the_outcome_partial_not_empty(process: Runtime) -> None:
    stage = process.stages[StageName.ENTITIES]
    assert isinstance(stage, FakeStage)
    stage.missing = True
    [article_id] = submit(process, "one")
    run_all(process)
    partial = result(process, article_id)
    assert partial.outcome is Outcome.PARTIAL
    assert partial.entities is None
    record = partial.stages[1]
    assert (record.status, record.reason) == (StageStatus.UNAVAILABLE, "The model is missing; install it.")


def test_a_skipped_stage_is_told_apart_from_nothing_found(process: Runtime) -> None:
    skipped, empty = submit(process, "entities:skip", "nothing here")
    run_all(process)
    assert result(process, skipped).stages[1].status is StageStatus.SKIPPED
    assert result(process, skipped).entities is None
    assert result(process, skipped).outcome is Outcome.DONE
    assert result(process, empty).entities is not None


def test_a_passing_fault_delays_the_article_and_keeps_the_reason(process: Runtime) -> None:
    [article_id] = submit(process, "entities:retry")
    run_all(process)
    found = process.store.results.get(article_id)
    assert isinstance(found, Status)
    assert found.state == "delayed"
    assert found.last_failure is not None
    assert found.last_failure.error == "RetryLater"


def test_retries_are_bounded_and_end_in_quarantine(process: Runtime) -> None:
    bad, good = submit(process, "entities:retry", "good")
    run_until_settled(process)
    assert result(process, good).outcome is Outcome.DONE
    failed = result(process, bad)
    assert failed.outcome is Outcome.QUARANTINED
    assert failed.failure is not None
    assert failed.failure.attempts == NO_PATIENCE.max_retries + 1


def test_an_outage_of_a_stage_delays_the_whole_batch(process: Runtime) -> None:
    submit(process, "dedupe:outage", "good")
    run_all(process)
    assert process.store.ledger.backlog().delayed == 2


def test_a_batch_past_the_time_limit_is_tried_one_by_one_and_the_culprit_ends(process: Runtime) -> None:
    slow, good = submit(process, "clean:slow", "good")
    run_until_settled(process)
    assert result(process, good).outcome is Outcome.DONE
    failure = result(process, slow).failure
    assert failure is not None
    assert failure.error == "ArticleTimeout"


def test_a_committed_stage_is_not_run_again_after_a_redelivery(process: Runtime) -> None:
    submit(process, "one")
    batch = Batch.of(process.claim())
    first = StageRun(process, StageName.CLEAN, batch).execute()
    again = StageRun(process, StageName.CLEAN, batch).execute()
    assert first == again
    stage = process.stages[StageName.CLEAN]
    assert isinstance(stage, FakeStage)
    assert len(stage.seen) == 1


def test_a_run_that_lost_its_lease_changes_nothing(process: Runtime) -> None:
    [article_id] = submit(process, "one")
    stale = Batch.of(process.claim())
    process.store.ledger.give_back(stale.refs, stale.token)
    run_all(process)
    assert StageRun(process, StageName.CLEAN, stale).execute().refs == ()
    assert result(process, article_id).outcome is Outcome.DONE
    assert process.store.verify().sound


def test_an_article_past_its_deliveries_is_quarantined_before_any_work(process: Runtime) -> None:
    [article_id] = submit(process, "one")
    for _ in range(NO_PATIENCE.max_deliveries):
        batch = process.claim()
        process.store.ledger.give_back(batch.refs, batch.token, lost=True)
    run_all(process)
    failure = result(process, article_id).failure
    assert failure is not None
    assert failure.error == "DeliveryLimit"
    stage = process.stages[StageName.CLEAN]
    assert isinstance(stage, FakeStage)
    assert stage.seen == []


def test_a_stored_output_that_cannot_be_read_is_quarantined(process: Runtime) -> None:
    [article_id] = submit(process, "one")
    batch = Batch.of(process.claim())
    batch = StageRun(process, StageName.CLEAN, batch).execute()
    process.store.client.hset(process.store.keys.record(batch.refs[0]), "output:clean", b"rubbish")
    StageRun(process, StageName.ENTITIES, batch).execute()
    row = process.store.quarantine.show(batch.refs[0])
    assert row is not None
    assert row.ref.article_id == article_id
    assert "cannot be read" in row.failure.message


def test_what_a_newer_version_began_is_left_alone_and_done_by_the_newer_one(
    process: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "FORMAT", 2)
    [article_id] = submit(process, "text")
    batch = Batch.of(process.claim())
    batch = StageRun(process, StageName.CLEAN, batch).execute()
    monkeypatch.setattr(formats, "FORMAT", 1)
    with structlog.testing.capture_logs() as logs:
        assert StageRun(process, StageName.ENTITIES, batch).execute().refs == ()
    assert [log["format"] for log in logs if log["event"] == "article.left_to_newer"] == [2]
    status = process.store.results.get(article_id)
    assert isinstance(status, Status)
    assert status.last_failure
    assert status.last_failure.error == "NewerFormat"
    assert "reads up to format 1" in status.last_failure.message
    monkeypatch.setattr(formats, "FORMAT", 2)
    run_until_settled(process)
    assert result(process, article_id).outcome is Outcome.DONE


def test_articles_wait_for_a_worker_that_can_read_the_index_and_are_never_given_up(process: Runtime) -> None:
    store = process.store
    index = RedisDuplicateIndex(store.client, store.keys.prefix)
    older = replace(process, stages={**process.stages, StageName.DEDUPE: DedupeStage(index)})
    runtime.install(older)
    now = f"{store.keys.prefix}:dup:now"
    store.client.hset(now, "format", 99)
    one, two = submit(older, "one text", "another text")
    for _ in range(3 * NO_PATIENCE.max_retries):
        run_all(older)
        time.sleep(0.003)
    waiting = [store.results.get(article_id) for article_id in (one, two)]
    assert all(isinstance(status, Status) and status.state in {"delayed", "waiting"} for status in waiting), waiting
    assert isinstance(waiting[0], Status)
    assert waiting[0].last_failure
    assert "index is in format 99" in waiting[0].last_failure.message
    store.client.hdel(now, "format")
    run_until_settled(older)
    assert [result(older, article_id).outcome for article_id in (one, two)] == [Outcome.DONE] * 2


def test_a_finished_stage_waits_for_a_store_that_does_not_answer(
    process: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    [article_id] = submit(process, "one")
    answers: list[Any] = [StoreUnavailable("gone"), StoreUnavailable("gone")]
    original = process.store.ledger.advance

    def flaky(*args: Any) -> Any:
        if answers:
            raise answers.pop()
        return original(*args)

    monkeypatch.setattr(process.store.ledger, "advance", flaky)
    monkeypatch.setattr("tasks.patience._RETRY_S", 0.001)
    patient = Runtime(store=process.store, stages=process.stages, limits=Limits())
    run_all(patient)
    assert result(process, article_id).outcome is Outcome.DONE


def test_patience_with_the_store_is_bounded(process: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(process, "one")

    def gone(*_: Any) -> Any:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(process.store.ledger, "advance", gone)
    with pytest.raises(StoreUnavailable):
        run_all(process)


def test_no_log_line_holds_article_text(process: Runtime) -> None:
    submit(process, "SECRETMARKER one", "SECRETMARKER geotag:crash", "SECRETMARKER entities:retry")
    with structlog.testing.capture_logs() as logs:
        run_all(process)
    assert logs
    assert any(log["event"] == "stage.failed" and log["frames"] for log in logs)
    assert "SECRETMARKER" not in repr(logs)


@pytest.fixture
def eager(process: Runtime) -> Celery:
    app = Celery("test", set_as_current=True)
    app.conf.update(task_always_eager=True, task_eager_propagates=True, task_ignore_result=True)
    return app


def test_one_wake_up_takes_an_article_the_whole_way(process: Runtime, eager: Celery) -> None:
    [article_id] = submit(process, "one")
    pipeline.wake_up(eager, Lane.LIVE)
    assert result(process, article_id).outcome is Outcome.DONE


@pytest.mark.usefixtures("process")
def test_a_wake_up_that_finds_nothing_ends_at_once(store: Store, eager: Celery) -> None:
    pipeline.wake_up(eager, Lane.LIVE)
    assert store.ledger.backlog().accepted == 0


def test_a_claim_wakes_the_next_worker_and_survives_a_broken_broker(store: Store, eager: Celery) -> None:
    calls: list[int] = []

    def broken() -> None:
        calls.append(1)
        raise OSError("no broker")

    prepared = Runtime(store=store, stages=fake_stages(), limits=NO_PATIENCE, wake_more=broken)
    runtime.install(prepared)
    [article_id] = submit(prepared, "one")
    pipeline.wake_up(eager, Lane.LIVE)
    runtime.install(None)
    assert calls == [1]
    assert result(prepared, article_id).outcome is Outcome.DONE


def test_a_process_that_was_not_set_up_says_so() -> None:
    runtime.install(None)
    with pytest.raises(runtime.NotReady, match="python -m workers"):
        runtime.current()


class Gazetteer(FakeStage):
    """A geotag stage that finds one place and teaches what it was given."""

    inputs = ("clean", "memory")  # type: ignore[assignment]

    def run(self, articles: Sequence[StageInput]) -> Sequence[Geotags]:
        return [Geotags(places=(place(**RIGA),)) for _ in articles]

    def lesson(self, article: StageInput, output: Model) -> str:
        return f"{article.memory.version if article.memory else 'none'} {isinstance(output, Geotags)}"


def test_what_geotag_finds_lists_the_article_and_teaches_its_source(process: Runtime) -> None:
    stages = {**process.stages, StageName.GEOTAG: Gazetteer(StageName.GEOTAG)}
    known = Runtime(store=process.store, stages=stages, limits=NO_PATIENCE)
    [article_id] = submit(known, "one")
    run_all(known)
    submit(known, "two")  # another revision, which teaches nothing new
    run_all(known)
    page = process.store.listing.page(Query(near=NEAR_RIGA))
    assert [item.id for item in page.items] == [article_id] * 2
    [memory] = process.store.sources.recall([("news.example", None)])
    assert memory.lessons == (b"0 True",)


def test_the_lines_of_originals_are_counted_as_their_source_s(process: Runtime) -> None:
    submit(process, *["Please support our work."] * 3)
    run_all(process)
    [frequent] = process.store.source_lines.frequent(["news.example"])
    assert len(frequent) == 1


@pytest.mark.parametrize("relation", ["near", "exact", "contained_in", "low_information"])
def test_copies_teach_nothing_of_their_source(process: Runtime, relation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dedupe = process.stages[StageName.DEDUPE]
    real = dedupe.run

    def copies(articles: Sequence[StageInput]) -> list[Model]:
        answers = [answer for answer in real(articles) if isinstance(answer, Model)]
        return [answer.model_copy(update={"relation": Relation(relation)}) for answer in answers]

    monkeypatch.setattr(dedupe, "run", copies)
    submit(process, *["Please support our work."] * 3)
    run_all(process)
    assert process.store.source_lines.frequent(["news.example"]) == [frozenset()]


def test_a_store_that_cannot_count_lines_costs_no_article(process: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(process.store.source_lines, "count", fail)
    [only] = submit(process, "Please support our work.")
    run_all(process)
    assert result(process, only).outcome is Outcome.DONE
