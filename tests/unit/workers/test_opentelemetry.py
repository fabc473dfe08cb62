"""Spans by OpenTelemetry: ids, sampling, and collectors that are away."""

import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from cli.local.ports import free_port
from schemas import Trace
from tasks.tracing import UNTRACED, Kind
from workers._opentelemetry import OpenTelemetry
from workers.settings import Settings
from workers.tracing import _TALKATIVE, Bounded, NoTracing, Seldom, check_tracing, open_tracer

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
HERE = {"service.name": "dateline-test", "service.version": "1"}


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def memory() -> InMemorySpanExporter:
    return InMemorySpanExporter()


def tracer(memory: InMemorySpanExporter) -> OpenTelemetry:
    return OpenTelemetry(HERE, SimpleSpanProcessor(memory))


def only(memory: InMemorySpanExporter) -> ReadableSpan:
    [span] = memory.get_finished_spans()
    return span


def test_a_first_span_has_the_id_that_the_trace_already_has(memory: InMemorySpanExporter) -> None:
    span = tracer(memory).begin("accept", Trace(TRACE), Kind.PRODUCER)
    span.end({"dateline.revision": 2})
    found = only(memory)
    assert found.parent is None
    assert span.trace == Trace(TRACE, f"{found.context.span_id:016x}", sampled=True)
    assert (found.name, found.kind.name, dict(found.attributes or {})) == (
        "accept",
        "PRODUCER",
        {"dateline.revision": 2},
    )


def test_a_span_stands_under_the_one_that_it_is_given(memory: InMemorySpanExporter) -> None:
    tracer(memory).begin("clean", Trace(TRACE, SPAN, sampled=True)).end({})
    parent = only(memory).parent
    assert parent
    assert (f"{parent.trace_id:032x}", f"{parent.span_id:016x}", parent.is_remote) == (TRACE, SPAN, True)


def test_times_errors_and_links_are_those_that_were_told(memory: InMemorySpanExporter) -> None:
    link = Trace("a" * 32, "b" * 16, sampled=True)
    span = tracer(memory).begin("wait", Trace(TRACE), link=link, at_ns=1_000)
    span.end({}, error="RetryLater", at_ns=3_000)
    found = only(memory)
    assert (found.start_time, found.end_time) == (1_000, 3_000)
    assert (found.attributes, found.status.is_ok) == ({"error.type": "RetryLater"}, False)
    assert [f"{one.context.trace_id:032x}" for one in found.links] == ["a" * 32]


def test_a_span_of_a_request_without_one_is_not_linked(memory: InMemorySpanExporter) -> None:
    tracer(memory).begin("accept", Trace(TRACE), link=Trace("a" * 32)).end({})
    assert only(memory).links == ()


def test_what_the_sender_does_not_sample_is_not_recorded_and_its_ids_go_on(memory: InMemorySpanExporter) -> None:
    span = tracer(memory).begin("POST", Trace(TRACE, SPAN, sampled=False))
    span.end({})
    assert (span.trace.trace_id, span.trace.sampled) == (TRACE, False)
    assert memory.get_finished_spans() == ()


@pytest.mark.parametrize(("ratio", "least", "most"), [("0", 0, 0), ("0.1", 60, 140), ("1", 1_000, 1_000)])
def test_the_share_that_is_set_is_sampled(
    memory: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch, ratio: str, least: int, most: int
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", ratio)
    one, request = tracer(memory), Trace.fresh()
    sampled = sum(one.begin("accept", request.branch()).trace.sampled for _ in range(1_000))
    assert least <= sampled <= most


def test_the_environment_names_the_service_where_it_wants_to(
    memory: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracer(memory).begin("accept", Trace(TRACE)).end({})
    assert only(memory).resource.attributes["service.name"] == "dateline-test"
    memory.clear()
    monkeypatch.setenv("OTEL_SERVICE_NAME", "ours")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test")
    tracer(memory).begin("accept", Trace(TRACE)).end({})
    known = only(memory).resource.attributes
    assert (known["service.name"], known["deployment.environment"]) == ("ours", "test")
    assert known["service.version"] == "1"


def test_tracing_is_off_unless_it_is_set() -> None:
    assert open_tracer(Settings(_env_file=None), "x") is UNTRACED


def test_the_variable_that_switches_opentelemetry_off_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    assert open_tracer(Settings(_env_file=None, tracing=True), "x") is UNTRACED


def test_its_variables_may_stand_in_the_environment_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("OTEL_SDK_DISABLED=true\nDATELINE_PREFIX=other\n", "utf-8")
    monkeypatch.setenv("OTEL_SDK_DISABLED", "")
    monkeypatch.delenv("OTEL_SDK_DISABLED")
    assert open_tracer(Settings(_env_file=None, tracing=True), "x") is UNTRACED
    assert "DATELINE_PREFIX" not in os.environ


@pytest.mark.parametrize(
    ("variable", "value"), [("OTEL_BSP_MAX_QUEUE_SIZE", "16"), ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "many")]
)
def test_settings_that_opentelemetry_does_not_take_are_told_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """A worker's child that failed over them would run no stages."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(NoTracing, match="Mend the OTEL_ variable"):
        check_tracing(Settings(_env_file=None, tracing=True))


def test_the_check_leaves_no_thread_behind() -> None:
    before = set(threading.enumerate())
    check_tracing(Settings(_env_file=None, tracing=True))
    check_tracing(Settings(_env_file=None))
    assert set(threading.enumerate()) == before


def test_a_collector_that_is_away_is_told_of_once_a_minute() -> None:
    line = logging.makeLogRecord({"levelno": logging.WARNING})
    other = logging.makeLogRecord({"levelno": logging.ERROR})
    seldom, often = Seldom(), Seldom(every_s=0)
    assert [seldom.filter(each) for each in (line, line, other, line, other)] == [True, False, True, False, False]
    assert all(often.filter(line) for _ in range(3))


def test_a_tracer_that_exports_quiets_those_who_would_tell_of_every_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    before = {name: list(logging.getLogger(name).filters) for name in _TALKATIVE}
    opened = open_tracer(Settings(_env_file=None, tracing=True), "x")
    opened.close()
    for name, filters in before.items():
        logger = logging.getLogger(name)
        assert isinstance(logger.filters[-1], Seldom)
        assert sys.modules[name]._logger is logger, "OpenTelemetry's own name for it"
        logger.filters[:] = filters


@pytest.fixture(params=["closed", "silent"])
def nobody(request: pytest.FixtureRequest) -> Iterator[str]:
    """An address where nobody listens, or one that takes connections and never answers."""
    if request.param == "closed":
        yield f"http://127.0.0.1:{free_port()}"
        return
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_collector_that_is_away_costs_neither_time_nor_memory(
    nobody: str, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", nobody)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
    before = set(threading.enumerate())
    away = OpenTelemetry.exporting(HERE)
    bounded = Bounded(away, close_s=0.3)
    started = time.process_time()
    for _ in range(10_000):
        bounded.begin("clean", Trace(TRACE, SPAN, sampled=True)).end({"dateline.revision": 1})
    assert time.process_time() - started < 5, "half a millisecond each would be ten times what they take"
    started = time.monotonic()
    bounded.close()
    assert time.monotonic() - started < 2
    assert len([record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]) < 20
    # Its retries draw from the global `random`, which Hypothesis does not allow in tests that come after.
    for thread in set(threading.enumerate()) - before:
        thread.join(20)
        assert not thread.is_alive()
