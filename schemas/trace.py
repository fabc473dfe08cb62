"""A position in a trace: W3C Trace Context (Recommendation of 2021-11-23), the header ``traceparent``.

Every article belongs to a trace, whether spans are recorded or not: its id stands in logs and in the result.
"""

import random
import re
from dataclasses import dataclass
from typing import Final, Self

_TRACEPARENT: Final = re.compile(
    r"(?P<version>(?!ff)[0-9a-f]{2})-(?P<trace>(?!0{32})[0-9a-f]{32})-(?P<span>(?!0{16})[0-9a-f]{16})"
    r"-(?P<flags>[0-9a-f]{2})(?P<more>-.*)?"
)
_TRACE_ID: Final = re.compile(r"(?!0{32})[0-9a-f]{32}")
_SAMPLED: Final = 1


def _hex(bits: int) -> str:
    """Random digits. Not those of a UUID: some of its bits are fixed, and samplers take them for random ones."""
    return f"{random.getrandbits(bits) or 1:0{bits // 4}x}"


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace, and the span in it that later spans are children of."""

    trace_id: str
    """32 hexadecimal digits."""
    span_id: str = ""
    """16 hexadecimal digits; empty if no span has begun."""
    sampled: bool = False
    """Whether the trace is recorded, as the one who began that span says."""

    @classmethod
    def fresh(cls) -> Self:
        """A new trace."""
        return cls(_hex(128))

    @classmethod
    def read(cls, traceparent: str) -> Self | None:
        """Read a ``traceparent`` header; ``None`` if it is not valid."""
        found = _TRACEPARENT.fullmatch(traceparent)
        if found is None or (found["version"] == "00" and found["more"]):
            return None
        return cls(found["trace"], found["span"], bool(int(found["flags"], 16) & _SAMPLED))

    @classmethod
    def at(cls, trace_id: str, span_id: str = "") -> Self:
        """The trace with this id. Only spans of sampled traces are stored, so a span id means that it is sampled."""
        return cls(trace_id, span_id, sampled=bool(span_id))

    @property
    def traceparent(self) -> str:
        """The header for outgoing calls, with a new span id if there is none; empty if the trace id is not valid."""
        if not _TRACE_ID.fullmatch(self.trace_id):
            return ""
        return f"00-{self.trace_id}-{self.span_id or _hex(64)}-{self.sampled:02x}"

    def branch(self) -> Self:
        """A new trace whose id shows that it comes from this one: both ids have the same first half.

        The second half is random: samplers decide by it (Trace Context Level 2, 4.1).
        """
        return type(self)(self.trace_id[:16] + _hex(64))
