"""Detects a deaf worker: it runs and has a free process, and messages wait, but it takes none.

Only the worker itself knows that one of its processes is free; from outside, a deaf worker beside busy ones looks
idle. So each worker checks itself once a second. A deaf one ends with the status `DEAF`, and its supervisor starts
another one.
"""

from dataclasses import dataclass
from typing import Final

DEAF: Final = 75
"""Exit status of a deaf worker: EX_TEMPFAIL of sysexits.h, "try again"."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The activity of a worker at one moment."""

    taken: int
    """Messages that it has taken since it started."""
    running: frozenset[str]
    """Ids of the tasks that its processes work on."""
    idle: int
    """Processes that are idle."""
    queued: int | None
    """Messages in the queues that it consumes; ``None`` when the broker does not answer."""


class Hearing:
    """Decides from successive glances whether the worker is deaf.

    Args:
        deaf_after_s: Seconds without any progress while messages wait and a process is idle. Longer than the longest
            pause between two tries to reach a broker that is back (32 s).
        stuck_after_s: Seconds without any progress while all processes work: more than a task may take.
    """

    def __init__(self, deaf_after_s: float, stuck_after_s: float) -> None:
        self._deaf_after_s = deaf_after_s
        self._stuck_after_s = stuck_after_s
        self._seen: tuple[int, frozenset[str]] | None = None
        self._since = 0.0

    def lost(self, glance: Glance, now: float) -> bool:
        """Whether the worker has stopped consuming.

        Args:
            glance: Its activity now.
            now: Seconds of a clock that only goes forward.
        """
        seen = glance.taken, glance.running
        excused = glance.queued is None or (glance.queued == 0 and not glance.running)
        if seen != self._seen or excused:
            self._seen, self._since = seen, now
        silent = now - self._since
        if glance.queued and glance.idle:
            return silent >= self._deaf_after_s
        return silent >= self._stuck_after_s
