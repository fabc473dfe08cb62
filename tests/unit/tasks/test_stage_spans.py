"""The spans of stages, with fake stages and a tracer that remembers."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from conftest import article
from spans import Recording
from stages import fake_stages
from structlog.testing import capture_logs

from schemas import Trace
from store import STAGES, Store
from tasks import runtime
from tasks.batch import Batch
from tasks.runtime import Limits, Runtime
from tasks.stage_run import StageRun
from tasks.tracing import UNTRACED, Kind, spanned

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SECRET = "the very words of the article"


@pytest.fixture
def tracer() -> Recording:
    return Recording()


@pytest.fixture
def process(store: Store, tracer: Recording) -> Iterator[Runtime]:
    limits = Limits(retry_base_s=0.001, retry_cap_s=0.001, max_retries=1, max_deliveries=2, patience_s=0)
    prepared = Runtime(store=store, stages=fake_stages(), limits=limits, tracer=tracer)
    runtime.install(prepared)
    yield prepared
    runtime.install(None)


def submit(process: Runtime, *texts: str, span_id: str = SPAN) -> None:
    news = [article(n, text=f"{text} {SECRET}") for n, text in enumerate(texts)]
    process.store.ledger.accept([replace(new, trace_id=TRACE, span_id=span_id) for new in news])


def run(process: Runtime, *, claims: int = 1) -> None:
    for _ in range(claims):
        batch = Batch.of(process.claim())
        for stage in STAGES:
            batch = StageRun(process, stage, batch).execute()
        time.sleep(0.005)
        process.store.ledger.reap()


def test_each_stage_is_a_span_under_the_one_that_the_article_was_taken_in_by(
    process: Runtime, tracer: Recording
) -> None:
    submit(process, "one")
    run(process)
    assert tracer.names == ["wait", "clean", "entities", "geotag", "dedupe", "publish"]
    taken_in = Trace(TRACE, SPAN, sampled=True)
    assert {span.under for span in tracer.spans[:5]} == {taken_in}
    assert tracer.named("publish").under == tracer.named("dedupe").trace
    assert tracer.named("publish").attributes == {"dateline.outcome": "done"}
    assert [span.kind for span in tracer.spans[:2]] == [Kind.CONSUMER, Kind.INTERNAL]


def test_an_article_waits_from_its_acceptance_to_its_claim(process: Runtime, tracer: Recording) -> None:
    submit(process, "one")
    time.sleep(0.02)
    run(process)
    wait, clean = tracer.spans[:2]
    assert wait.began
    assert wait.ended == clean.began
    assert 0.015 < (wait.ended - wait.began) / 1e9 < 5


def test_all_of_a_batch_have_spans_of_their_own_and_name_the_lease(process: Runtime, tracer: Recording) -> None:
    submit(process, "one", "two", "three")
    run(process)
    cleans = [span for span in tracer.spans if span.name == "clean"]
    assert len({span.attributes["dateline.article_id"] for span in cleans}) == 3
    assert len({span.attributes["dateline.lease"] for span in cleans}) == 1
    assert {span.attributes["dateline.together"] for span in cleans} == {3}


def test_an_article_that_is_not_sampled_has_no_spans(process: Runtime, tracer: Recording) -> None:
    submit(process, "one", "geotag:quarantine", "geotag:retry", span_id="")
    run(process, claims=3)
    assert tracer.spans == []


def test_a_quarantined_article_ends_with_the_error_and_what_was_published(process: Runtime, tracer: Recording) -> None:
    submit(process, "entities:quarantine")
    run(process)
    assert tracer.names == ["wait", "clean", "entities", "publish"]
    failed = tracer.named("entities")
    assert failed.error == "Quarantine"
    assert tracer.named("publish").attributes == {"dateline.outcome": "quarantined"}
    assert tracer.named("publish").under == failed.trace


def test_a_stage_that_is_tried_again_has_a_span_for_each_try(process: Runtime, tracer: Recording) -> None:
    submit(process, "geotag:retry")
    run(process, claims=2)
    first, second = (span for span in tracer.spans if span.name == "geotag")
    assert first.error == second.error == "RetryLater"
    assert first.attributes["dateline.retry_ms"] == 0 or first.attributes["dateline.retry_ms"] == 1
    assert "dateline.retry_ms" not in second.attributes
    waits = [span for span in tracer.spans if span.name == "wait"]
    assert [span.attributes["dateline.attempt"] for span in waits] == [1, 2]
    assert [span.attributes["dateline.retries"] for span in waits] == [0, 1]


def test_what_a_stage_does_too_late_is_shown_and_publishes_nothing(process: Runtime, tracer: Recording) -> None:
    submit(process, "one")
    batch = Batch.of(process.claim())
    for stage in STAGES[:3]:
        batch = StageRun(process, stage, batch).execute()
    late = StageRun(process, STAGES[3], batch)
    todo, _ = late._load()
    answers = late._answers(todo)
    process.store.ledger.give_back(batch.refs, batch.token)
    late._commit(todo, answers, 1.0)
    assert tracer.named("dedupe").attributes["dateline.commit"] == "stale"
    assert "publish" not in tracer.names


def test_no_span_holds_a_word_of_the_article(process: Runtime, tracer: Recording) -> None:
    submit(process, "one", "entities:quarantine", "geotag:crash", "dedupe:retry", "clean:skip")
    run(process, claims=4)
    assert len(tracer.spans) > 15
    assert all(span.over for span in tracer.spans)
    assert SECRET not in repr(tracer.spans)
    assert "news.example" not in repr(tracer.spans)


def test_every_line_in_the_log_about_one_article_names_its_trace(process: Runtime) -> None:
    submit(process, "one", "entities:quarantine", "geotag:retry")
    with capture_logs() as lines:
        run(process, claims=2)
    about_one = [line for line in lines if "article_id" in line]
    assert {line["event"] for line in about_one} == {
        "article.finished",
        "stage.failed",
        "article.quarantined",
        "article.delayed",
    }
    assert {line["trace_id"] for line in about_one} == {TRACE}


def test_without_tracing_what_is_under_a_span_belongs_where_the_span_would() -> None:
    here = Trace(TRACE, SPAN, sampled=True)
    span = UNTRACED.begin("accept", here)
    span.end({})
    UNTRACED.close()
    assert span.trace == here


def test_an_error_that_leaves_a_block_ends_its_span_with_its_name(tracer: Recording) -> None:
    with pytest.raises(KeyError), spanned(tracer.begin("accept", Trace(TRACE)), {"dateline.revision": 1}):
        raise KeyError(SECRET)
    assert (tracer.named("accept").error, tracer.named("accept").attributes) == ("KeyError", {"dateline.revision": 1})
