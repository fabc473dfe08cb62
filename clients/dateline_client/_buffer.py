"""Articles that wait for their batch: bounded, and cut into batches by number, bytes and time. Does no I/O."""

from collections import deque
from dataclasses import dataclass
from typing import Any

from dateline_client._options import Options


@dataclass(frozen=True, slots=True)
class Queued:
    """One article as it will be sent, and the tag that its answer will have."""

    line: bytes
    tag: Any = None

    @property
    def size(self) -> int:
        """Bytes, the line break included."""
        return len(self.line) + 1


class Buffer:
    """Holds articles until their batch is due."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._waiting: deque[tuple[float, Queued]] = deque()
        self._waiting_bytes = 0
        self.on_its_way: list[Queued] = []
        """The batch that is being delivered."""
        self._on_its_way_bytes = 0

    def __len__(self) -> int:
        return len(self._waiting) + len(self.on_its_way)

    @property
    def articles(self) -> list[Queued]:
        """All that is not answered yet, in the order of submission."""
        return [*self.on_its_way, *(queued for _, queued in self._waiting)]

    def has_room(self, queued: Queued) -> bool:
        """Whether this one fits; into an empty buffer everything does."""
        held = self._waiting_bytes + self._on_its_way_bytes
        return not held or held + queued.size <= self._options.buffer_bytes

    def add(self, queued: Queued, now: float) -> None:
        """Let an article wait for its batch."""
        self._waiting.append((now, queued))
        self._waiting_bytes += queued.size

    def due_in(self, now: float) -> float | None:
        """Seconds until a batch is due, 0 when one is; ``None`` while nothing waits."""
        if not self._waiting:
            return None
        options = self._options
        full = len(self._waiting) >= options.batch_items or self._waiting_bytes >= options.batch_bytes
        return 0.0 if full else max(0.0, self._waiting[0][0] + options.batch_seconds - now)

    def take(self) -> list[Queued]:
        """The next batch; it counts as held until `done`."""
        batch: list[Queued] = []
        size = 0
        while self._waiting and len(batch) < self._options.batch_items:
            queued = self._waiting[0][1]
            if batch and size + queued.size > self._options.batch_bytes:
                break
            self._waiting.popleft()
            batch.append(queued)
            size += queued.size
        self._waiting_bytes -= size
        self.on_its_way, self._on_its_way_bytes = batch, size
        return batch

    def done(self) -> None:
        """The batch on its way was answered."""
        self.on_its_way, self._on_its_way_bytes = [], 0
