"""The instruments of one process: made from the description, read by whoever scrapes it."""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol, TypeVar

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.core import Metric as Family
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from schemas import VERSION
from workers.metrics.description import METRICS, Kind, Metric, Origin

_Instrument = TypeVar("_Instrument", Counter, Gauge, Histogram)
CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
# A series more for each counter, which the text format shows as a gauge that nobody asked for.
prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]


class Source(Protocol):
    """Measures when it is asked."""

    def collect(self) -> Iterable[Family]:
        """What it measures."""
        ...


class Families:
    """Metrics that are read on demand, put together sample by sample."""

    def __init__(self) -> None:
        self._made: dict[str, Family] = {}

    def set(self, name: str, value: float, *labels: str) -> None:
        """Add one sample of a counter or a gauge."""
        family = self._family(METRICS[name])
        family.add_metric(labels, value)  # type: ignore[attr-defined] # which all families but the base have

    def distribute(self, name: str, bounds: Sequence[float], counts: Sequence[int], total: float, *labels: str) -> None:
        """Add one histogram.

        Args:
            name: Of the metric.
            bounds: Upper bounds of the classes, in its unit; the open class has none.
            counts: How many are in each class, the open one last.
            total: The sum of all values.
            labels: Values of its labels.
        """
        buckets, reached = [], 0
        for bound, count in zip((*map(str, map(float, bounds)), "+Inf"), counts, strict=True):
            reached += count
            buckets.append((bound, float(reached)))
        family = self._family(METRICS[name])
        family.add_metric(labels, buckets, sum_value=total)  # type: ignore[attr-defined]

    def all(self) -> list[Family]:
        """What has been put together, in the order in which it began."""
        return list(self._made.values())

    def _family(self, metric: Metric) -> Family:
        if metric.name not in self._made:
            kinds = {
                Kind.COUNTER: CounterMetricFamily,
                Kind.GAUGE: GaugeMetricFamily,
                Kind.HISTOGRAM: HistogramMetricFamily,
            }
            self._made[metric.name] = kinds[metric.kind](metric.name, metric.help, labels=metric.labels)
        return self._made[metric.name]


class Instruments:
    """What a process measures of itself.

    Args:
        origins: What the process is. Its version and what the operating system says of it always belong to it.
    """

    def __init__(self, *origins: Origin) -> None:
        self.registry = CollectorRegistry()
        self._origins = frozenset(origins) | {Origin.EVERY}
        self._made: dict[str, Counter | Gauge | Histogram] = {}
        ProcessCollector(registry=self.registry)
        self.gauge("dateline_build_info", VERSION).set(1)

    def counter(self, name: str, *labels: str) -> Counter:
        """The counter of this name and these labels."""
        return self._one(name, Counter, labels)

    def begin(self, name: str, *values: str) -> None:
        """Export a counter of one label as 0 at first: Prometheus does not count the first value of a new series."""
        for value in values:
            self.counter(name, value)

    def gauge(self, name: str, *labels: str) -> Gauge:
        """The gauge of this name and these labels."""
        return self._one(name, Gauge, labels)

    def histogram(self, name: str, *labels: str) -> Histogram:
        """The histogram of this name and these labels."""
        return self._one(name, Histogram, labels)

    def register(self, source: Source) -> None:
        """Add a source that is asked whenever this process is scraped."""
        self.registry.register(_Asked(source))

    def text(self, *more: Iterable[Family]) -> bytes:
        """Everything in Prometheus' text format, `CONTENT_TYPE`.

        Args:
            more: What was measured apart.
        """
        return generate_latest(_Joined([self.registry.collect(), *more]))

    def _one(self, name: str, kind: type[_Instrument], labels: tuple[str, ...]) -> _Instrument:
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = self._make(METRICS[name])
        if not isinstance(found, kind):
            raise TypeError(f"{name} is a {METRICS[name].kind}")
        return found.labels(*labels) if labels else found

    def _make(self, metric: Metric) -> Counter | Gauge | Histogram:
        if metric.origin not in self._origins:
            raise ValueError(f"{metric.name} is exported by {metric.origin}, not here")
        if metric.kind is Kind.HISTOGRAM:
            buckets = metric.buckets or Histogram.DEFAULT_BUCKETS
            return Histogram(metric.name, metric.help, metric.labels, registry=self.registry, buckets=buckets)
        made = Counter if metric.kind is Kind.COUNTER else Gauge
        return made(metric.name, metric.help, metric.labels, registry=self.registry)


class _Asked(Collector):
    """A source for the registry, which is asked when it is scraped and not when it is registered."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def describe(self) -> Iterable[Family]:
        return []

    def collect(self) -> Iterable[Family]:
        return self._source.collect()


class _Joined(Collector):
    def __init__(self, parts: Iterable[Iterable[Family]]) -> None:
        self._parts = parts

    def collect(self) -> Iterable[Family]:
        return (family for part in self._parts for family in part)
