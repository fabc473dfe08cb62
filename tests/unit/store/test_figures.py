import json
from pathlib import Path

import pytest
from conftest import article
from ledger_steps import LEASE_MS, advance, claim, failure, finish, record

import store as store_package
from schemas import (
    Answer,
    Covered,
    FeedSummary,
    Lane,
    Outcome,
    Relation,
    StageName,
    StageStatus,
)
from store import STAGES, Advance, Histogram, Store, Verdict
from store.figures import TOOK_BOUNDS_MS, published_figure, stage_durations, stage_figure, took


def at(store: Store, milliseconds: int) -> None:
    store.scripts.clock_ms = milliseconds


def publish(store: Store, number: int, relation: Relation | None = None, *covered: Covered) -> None:
    store.ledger.accept([article(number)])
    taken = claim(store)
    *early, last = STAGES
    for stage in early:
        advance(store, taken.refs[0], taken.token, stage)
    entry = FeedSummary(relation=relation)
    commit = Advance(taken.refs[0], record(last), None, Outcome.DONE, entry, covered=frozenset(covered))
    assert store.ledger.advance([commit], taken.token, LEASE_MS) == [Verdict.COMMITTED]


def test_nothing_has_been_counted_at_first(any_store: Store) -> None:
    total, last = any_store.figures.read()
    assert total.coverage is None
    assert total.passage == {Lane.LIVE: None, Lane.BULK: None}
    assert sum(total.outcomes.values()) == 0
    assert (last.minute.seconds, last.minute.accepted_per_second) == (0, None)


def test_submissions_are_counted_by_their_answer(any_store: Store) -> None:
    any_store.ledger.accept([article(1), article(2), article(1), article(1, text="Corrected.")])
    assert any_store.figures.read()[0].answers == {Answer.ACCEPTED: 2, Answer.REVISED: 1, Answer.EXISTING: 1}


def test_claims_and_what_they_held_are_counted(any_store: Store) -> None:
    any_store.ledger.accept([article(n) for n in range(5)])
    claim(any_store, limit=3)
    claim(any_store, limit=3)
    claim(any_store)
    total, _ = any_store.figures.read()
    assert (total.claims, total.claimed) == (2, 5), "a claim that found nothing is none"


def test_every_stage_is_counted_with_its_status_and_duration(any_store: Store) -> None:
    finish(any_store)
    total, _ = any_store.figures.read()
    assert {stage: passed[StageStatus.DONE] for stage, passed in total.stages.items()} == dict.fromkeys(StageName, 1)
    times = stage_durations(any_store.figures.counted(), StageName.GEOTAG)
    assert (times.count, times.sum_ms) == (1, 1.0)


def test_a_commit_that_came_twice_or_too_late_is_counted_once(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    for token in (taken.token, taken.token, "another"):
        advance(any_store, taken.refs[0], token, StageName.CLEAN)
    assert any_store.figures.read()[0].stages[StageName.CLEAN][StageStatus.DONE] == 1


def test_outcomes_count_what_happened_even_when_it_is_taken_back(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    any_store.ledger.quarantine(taken.refs[0], taken.token, failure(), FeedSummary())
    any_store.quarantine.retry(taken.refs[0])
    taken = claim(any_store)
    for stage in STAGES:
        advance(any_store, taken.refs[0], taken.token, stage)
    total, _ = any_store.figures.read()
    assert total.outcomes == {Outcome.DONE: 1, Outcome.PARTIAL: 0, Outcome.QUARANTINED: 1, Outcome.WITHDRAWN: 0}
    assert total.quarantined[StageName.CLEAN] == 1
    assert any_store.ledger.backlog().outcome(Outcome.QUARANTINED) == 0


def test_retries_are_counted_by_the_stage_that_had_the_fault(any_store: Store) -> None:
    any_store.ledger.accept([article(1)])
    taken = claim(any_store)
    any_store.ledger.delay(taken.refs[0], taken.token, 100, failure())
    any_store.ledger.delay(taken.refs[0], "stale", 100, failure())
    assert any_store.figures.read()[0].retries[StageName.CLEAN] == 1


def test_dead_workers_and_leases_that_ran_out_are_counted(any_store: Store) -> None:
    any_store.ledger.accept([article(1), article(2)])
    taken = claim(any_store, limit=1)
    any_store.ledger.give_back(taken.refs, taken.token, lost=True)
    claim(any_store)
    at(any_store, 1_000_000 + 2 * LEASE_MS)
    any_store.ledger.reap()
    total, _ = any_store.figures.read()
    assert (total.lost, total.expired) == (2, 1), "the culprit is claimed alone"


def test_coverage_is_the_share_of_results_in_which_something_was_found(any_store: Store) -> None:
    publish(any_store, 1, Relation.ORIGINAL, *Covered)
    publish(any_store, 2, Relation.NEAR, Covered.LANGUAGE, Covered.ENTITIES)
    publish(any_store, 3, Relation.NEAR, Covered.LANGUAGE)
    publish(any_store, 4)
    total, _ = any_store.figures.read()
    assert total.coverage
    assert total.coverage.model_dump() == {
        "articles": 4,
        "language": 0.75,
        "entities": 0.5,
        "places": 0.25,
        "focus": 0.25,
    }
    assert (total.relations[Relation.ORIGINAL], total.relations[Relation.NEAR], total.unrelated) == (1, 2, 1)


def test_the_time_to_an_outcome_is_counted_by_lane(any_store: Store) -> None:
    any_store.ledger.accept([article(1), article(2, lane=Lane.BULK)])
    taken = claim(any_store)
    at(any_store, 1_000_000 + 4_000)
    for ref in taken.refs:
        for stage in STAGES:
            advance(any_store, ref, taken.token, stage)
    live = any_store.figures.read()[0].passage[Lane.LIVE]
    assert live
    assert (live.articles, live.mean_seconds) == (1, 4)
    assert 2.5 < live.median_seconds <= 5
    assert took(any_store.figures.counted(), Lane.BULK).sum_ms == 4_000


@pytest.mark.parametrize("milliseconds", [0, 100, 101, 7_200_000, 7_200_001])
def test_every_time_finds_its_class(any_store: Store, milliseconds: int) -> None:
    any_store.ledger.accept([article(1)])
    taken = any_store.ledger.claim(limit=1, max_bytes=10**6, lease_ms=10**8, bulk_share=0.1)
    at(any_store, 1_000_000 + milliseconds)
    for stage in STAGES:
        advance(any_store, taken.refs[0], taken.token, stage)
    times = took(any_store.figures.counted(), Lane.LIVE)
    expected = sum(bound < milliseconds for bound in TOOK_BOUNDS_MS)
    assert times.counts.index(1) == expected


def test_the_classes_of_the_script_are_those_that_are_read() -> None:
    source = (Path(store_package.__file__).parent / "lua" / "publish.lua").read_text("utf-8")
    line = next(line for line in source.splitlines() if line.startswith("local TOOK"))
    assert json.loads("[" + line.partition("{")[2].partition("}")[0] + "]") == list(TOOK_BOUNDS_MS)


def test_what_a_quantile_says_lies_in_its_class() -> None:
    times = Histogram((10, 20, 30), (2, 2, 0, 0), 50)
    assert (times.quantile_ms(0.5), times.quantile_ms(0.75), times.quantile_ms(1)) == (10, 15, 20)
    assert Histogram((10,), (0, 3), 50).quantile_ms(0.5) == 10, "of what lies beyond, the last bound is known"


def test_names_are_made_of_what_is_counted() -> None:
    assert stage_figure(record(StageName.CLEAN)) == ("stage:clean:done:1", 1_000)
    slow = record(StageName.GEOTAG).model_copy(update={"milliseconds": 99_000.0, "status": StageStatus.SKIPPED})
    assert stage_figure(slow) == ("stage:geotag:skipped:inf", 99_000_000)
    assert published_figure(Outcome.DONE, None, frozenset()) == "result:done:-:-"
    assert published_figure(Outcome.PARTIAL, Relation.NEAR, frozenset(Covered)) == (
        "result:partial:near:entities+focus+language+places"
    )


def test_rates_of_late_forget_what_was_before(any_store: Store) -> None:
    any_store.figures.keep()
    publish(any_store, 1, Relation.ORIGINAL)
    at(any_store, 1_000_000 + 100_000)
    any_store.figures.keep()
    publish(any_store, 2, Relation.NEAR, Covered.LANGUAGE)
    any_store.ledger.accept([article(3), article(4), article(5)])
    at(any_store, 1_000_000 + 160_000)
    total, last = any_store.figures.read()
    assert total.answers[Answer.ACCEPTED] == 5
    assert (last.minute.seconds, last.quarter.seconds) == (60, 160)
    assert last.minute.figures.answers[Answer.ACCEPTED] == 4
    assert (last.minute.accepted_per_second, last.minute.finished_per_second) == (0.067, 0.017)
    assert last.minute.figures.coverage
    assert last.minute.figures.coverage.articles == 1
    assert last.quarter.figures.relations[Relation.ORIGINAL] == 1


def test_copies_of_figures_are_kept_for_a_quarter_of_an_hour_and_no_longer(any_store: Store) -> None:
    for seconds in range(0, 2_000, 5):
        at(any_store, 1_000_000 + seconds * 1_000)
        any_store.figures.keep()
    kept = any_store.client.zcard(f"{any_store.keys.figures}:past")
    assert 90 <= kept <= 97
    assert any_store.figures.read()[1].quarter.seconds == pytest.approx(900, abs=10)


def test_copies_from_before_a_clock_was_set_back_are_forgotten(any_store: Store) -> None:
    any_store.figures.keep()
    at(any_store, 400_000)
    publish(any_store, 1)
    assert any_store.figures.read()[1].minute.seconds == 0
    at(any_store, 430_000)
    assert any_store.figures.read()[1].minute.seconds == 30


def test_figures_that_begin_anew_do_not_go_below_zero(any_store: Store) -> None:
    publish(any_store, 1)
    any_store.figures.keep()
    any_store.client.delete(any_store.keys.figures)
    any_store.ledger.accept([article(2)])
    at(any_store, 1_000_000 + 50_000)
    assert any_store.figures.read()[1].minute.figures.answers == {
        Answer.ACCEPTED: 0,
        Answer.REVISED: 0,
        Answer.EXISTING: 0,
    }


@pytest.mark.integration
def test_a_full_store_still_answers_and_still_tells(real_store: Store) -> None:
    real_store.ledger.accept([article(1)])
    real_store.client.config_set("maxmemory", "1mb")
    try:
        [known] = real_store.ledger.accept([article(1)])
        total, _ = real_store.figures.read()
    finally:
        real_store.client.config_set("maxmemory", "0")
    assert known.answer is Answer.EXISTING
    assert total.answers[Answer.ACCEPTED] == 1
