import pytest
from prometheus_client.parser import text_string_to_metric_families

from schemas import VERSION
from workers.metrics import METRICS, Families, Instruments, Kind, Metric, Origin


def samples(text: bytes) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Name and labels to value."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_every_process_tells_its_version_and_what_the_system_knows_of_it() -> None:
    told = samples(Instruments(Origin.API).text())
    assert told["dateline_build_info", (("version", VERSION),)] == 1
    assert told["process_resident_memory_bytes", ()] > 0


def test_what_is_counted_is_told() -> None:
    instruments = Instruments(Origin.API)
    instruments.counter("dateline_http_requests_total", "GET", "/v1/feed", "200").inc()
    instruments.counter("dateline_http_requests_total", "GET", "/v1/feed", "200").inc()
    instruments.histogram("dateline_http_response_seconds", "/v1/feed").observe(0.002)
    told = samples(instruments.text())
    labels = (("method", "GET"), ("route", "/v1/feed"), ("status", "200"))
    assert told["dateline_http_requests_total", labels] == 2
    assert told["dateline_http_response_seconds_bucket", (("le", "0.0025"), ("route", "/v1/feed"))] == 1
    assert not any(name.endswith("_created") for name, _ in told)


def test_what_is_not_described_cannot_be_measured() -> None:
    instruments = Instruments(Origin.API)
    with pytest.raises(KeyError):
        instruments.counter("dateline_surprises_total")
    with pytest.raises(KeyError):
        Families().set("dateline_surprises_total", 1)


def test_a_process_exports_what_is_its_own_and_nothing_else() -> None:
    with pytest.raises(ValueError, match="exported by worker"):
        Instruments(Origin.API).counter("dateline_worker_tasks_total", "clean", "passed")


def test_a_counter_is_no_gauge() -> None:
    with pytest.raises(TypeError, match="counter"):
        Instruments(Origin.KEEPER).gauge("dateline_keeper_wakeups_total")


def test_metrics_that_are_measured_apart_are_told_with_the_rest() -> None:
    families = Families()
    families.distribute("dateline_article_duration_seconds", (0.1, 0.25), (2, 1, 4), 9.5, "live")
    told = samples(Instruments(Origin.API).text(families.all()))
    name = "dateline_article_duration_seconds"
    assert told[f"{name}_bucket", (("lane", "live"), ("le", "0.25"))] == 3
    assert told[f"{name}_bucket", (("lane", "live"), ("le", "+Inf"))] == told[f"{name}_count", (("lane", "live"),)] == 7
    assert told[f"{name}_sum", (("lane", "live"),)] == 9.5


def test_a_source_is_asked_at_each_scrape_and_not_before() -> None:
    class Source:
        asked = 0

        def collect(self) -> list[object]:
            self.asked += 1
            families = Families()
            families.set("dateline_worker_processes", self.asked)
            return families.all()  # type: ignore[return-value]

    source, instruments = Source(), Instruments(Origin.WORKER)
    instruments.register(source)  # type: ignore[arg-type]
    assert source.asked == 0
    instruments.text()
    assert samples(instruments.text())["dateline_worker_processes", ()] == 2


@pytest.mark.parametrize("metric", METRICS.values(), ids=list(METRICS))
def test_names_follow_the_conventions(metric: Metric) -> None:
    assert metric.name.startswith("dateline_")
    assert metric.name.endswith("_total") == (metric.kind is Kind.COUNTER)
    assert metric.help.endswith(".")
    if metric.kind is Kind.HISTOGRAM:
        assert metric.name.endswith("_seconds")
    assert not {"id", "host", "url", "source", "article", "le"} & set(metric.labels)
