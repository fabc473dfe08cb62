"""Spans by OpenTelemetry's SDK; the only module that imports it. `workers.tracing` does so when tracing is on."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from opentelemetry import trace as api
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

from schemas import VERSION, Trace
from tasks.tracing import Attributes, Kind

_KINDS: Final = {kind: api.SpanKind[kind.name] for kind in Kind}


class _OwnTraceIds(RandomIdGenerator):
    """Begins a trace with the id that it already has in logs and in the ledger."""

    def __init__(self) -> None:
        self._next = threading.local()

    def use(self, trace_id: str) -> None:
        """The next trace that this thread begins has this id."""
        self._next.trace_id = int(trace_id, 16)

    def generate_trace_id(self) -> int:
        """The id that `use` set."""
        given: int = self._next.trace_id
        return given


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A span of OpenTelemetry as a `Span`."""

    span: api.Span

    @property
    def trace(self) -> Trace:
        """The trace with this span, for its children."""
        own = self.span.get_span_context()
        return Trace(f"{own.trace_id:032x}", f"{own.span_id:016x}", own.trace_flags.sampled)

    def end(self, attributes: Attributes, *, error: str = "", at_ns: int | None = None) -> None:
        """End the span."""
        if not self.span.is_recording():
            return
        self.span.set_attributes(dict(attributes))
        if error:
            self.span.set_attribute("error.type", error)
            self.span.set_status(api.StatusCode.ERROR)
        self.span.end(at_ns)


class OpenTelemetry:
    """A tracer that gives spans to a processor, and samples as ``OTEL_TRACES_SAMPLER`` says.

    Args:
        resource: What is known of this process; ``OTEL_RESOURCE_ATTRIBUTES`` and ``OTEL_SERVICE_NAME`` go before it.
        processor: Receives spans that have ended.
    """

    def __init__(self, resource: Mapping[str, str], processor: SpanProcessor) -> None:
        self._ids = _OwnTraceIds()
        known = Resource(resource).merge(Resource.create())
        # Resource.create() always names a service, "unknown_service" where the environment does not.
        if str(known.attributes["service.name"]).startswith("unknown_service"):
            known = known.merge(Resource({"service.name": resource.get("service.name", "dateline")}))
        # Not closed at exit, which would wait half a minute for a collector that is away.
        self._provider = TracerProvider(resource=known, shutdown_on_exit=False, id_generator=self._ids)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("dateline", VERSION)

    @classmethod
    def exporting(cls, resource: Mapping[str, str]) -> Self:
        """A tracer that sends spans to a collector, from a thread of its own and a bounded queue.

        ``OTEL_EXPORTER_OTLP_*`` and ``OTEL_BSP_*`` say where, how often and how many at once.
        """
        return cls(resource, BatchSpanProcessor(OTLPSpanExporter()))

    def begin(
        self,
        name: str,
        under: Trace,
        kind: Kind = Kind.INTERNAL,
        *,
        link: Trace | None = None,
        at_ns: int | None = None,
    ) -> _Recorded:
        """Begin a span; see `tasks.tracing.Tracer`."""
        context = Context()
        if under.span_id:
            context = api.set_span_in_context(api.NonRecordingSpan(_context(under)), context)
        else:
            self._ids.use(under.trace_id)
        links = [api.Link(_context(link))] if link and link.span_id else None
        return _Recorded(self._tracer.start_span(name, context, _KINDS[kind], links=links, start_time=at_ns))

    def close(self) -> None:
        """Send what is left; may take as long as the collector does."""
        self._provider.shutdown()


def _context(trace: Trace) -> api.SpanContext:
    flags = api.TraceFlags(api.TraceFlags.SAMPLED if trace.sampled else api.TraceFlags.DEFAULT)
    return api.SpanContext(int(trace.trace_id, 16), int(trace.span_id, 16), is_remote=True, trace_flags=flags)
