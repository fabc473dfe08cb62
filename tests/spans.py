"""A tracer of a test's own: remembers spans, and samples all or none."""

from dataclasses import dataclass, field

from schemas import Trace
from tasks.tracing import Attributes, Kind


@dataclass
class Recorded:
    name: str
    kind: Kind
    under: Trace
    trace: Trace
    link: Trace | None
    began: int | None
    ended: int | None = None
    attributes: dict[str, object] = field(default_factory=dict)
    error: str = ""
    over: bool = False

    def end(self, attributes: Attributes, *, error: str = "", at_ns: int | None = None) -> None:
        assert not self.over, "a span ends once"
        self.over, self.ended, self.error = True, at_ns, error
        self.attributes.update(attributes)


@dataclass
class Recording:
    sampled: bool = True
    spans: list[Recorded] = field(default_factory=list)
    closed: int = 0

    def begin(
        self,
        name: str,
        under: Trace,
        kind: Kind = Kind.INTERNAL,
        *,
        link: Trace | None = None,
        at_ns: int | None = None,
    ) -> Recorded:
        own = Trace(under.trace_id, f"{len(self.spans) + 1:016x}", self.sampled)
        self.spans.append(Recorded(name, kind, under, own, link, at_ns))
        return self.spans[-1]

    def close(self) -> None:
        self.closed += 1

    @property
    def names(self) -> list[str]:
        return [span.name for span in self.spans]

    def named(self, name: str) -> Recorded:
        [span] = [span for span in self.spans if span.name == name]
        return span
