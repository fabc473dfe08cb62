"""Where something stands in a trace: W3C Trace Context (Recommendation of 2021-11-23), the header ``traceparent``.

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
    """A trace, and the span in it that what follows belongs under."""

    trace_id: str
    """32 hexadecimal digits."""
    span_id: str = ""
    """16 hexadecimal digits; empty where nobody has begun a span."""
    sampled: bool = False
    """Whether whoever began that span records the trace."""

    @classmethod
    def fresh(cls) -> Self:
        """A trace of its own."""
        return cls(_hex(128))

    @classmethod
    def read(cls, traceparent: str) -> Self | None:
        """What a header says; ``None`` where it says nothing that is valid."""
        found = _TRACEPARENT.fullmatch(traceparent)
        if found is None or (found["version"] == "00" and found["more"]):
            return None
        return cls(found["trace"], found["span"], bool(int(found["flags"], 16) & _SAMPLED))

    @classmethod
    def at(cls, trace_id: str, span_id: str = "") -> Self:
        """The trace with this id, and the span in it that was written down because it is sampled."""
        return cls(trace_id, span_id, sampled=bool(span_id))

    @property
    def traceparent(self) -> str:
        """The header for whoever is called. Where there is no span, its id is a new one; empty where the id is none."""
        if not _TRACE_ID.fullmatch(self.trace_id):
            return ""
        return f"00-{self.trace_id}-{self.span_id or _hex(64)}-{self.sampled:02x}"

    def branch(self) -> Self:
        """A trace of its own that can be told from its id to come from this one: they have the first half in common.

        The second half is random, which is the one that samplers decide by (Trace Context Level 2, 4.1).
        """
        return type(self)(self.trace_id[:16] + _hex(64))
