"""How articles are batched and delivered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Limits of batches and of patience. The defaults suit a scraper that is one of many.

    Attributes:
        lane: ``bulk``, or ``live`` to go before backfills.
        format: How articles are written when not as Dateline's submissions: ``trafilatura``, ``newspaper4k``,
            ``news-please``, ``jsonld``, ``ninjs``, ``rss`` or ``auto``.
        batch_items: Articles in a batch at most.
        batch_bytes: Bytes of JSON in a batch at most, unless one article alone is larger.
        batch_seconds: How long an article waits at most for its batch to fill.
        buffer_bytes: Bytes of JSON that may wait in memory, the batch on its way included; beyond that `submit` waits.
        patience: Seconds to go on trying while the server is busy or out of reach, counted from its last answer.
        timeout: Seconds to wait for one answer.
        compress: Whether batches are sent gzipped.
    """

    lane: str = "bulk"
    format: str | None = None
    batch_items: int = 500
    batch_bytes: int = 1024 * 1024
    batch_seconds: float = 2.0
    buffer_bytes: int = 16 * 1024 * 1024
    patience: float = 900.0
    timeout: float = 60.0
    compress: bool = True

    @property
    def path(self) -> str:
        """Where batches go."""
        return f"/v1/articles:batch?lane={self.lane}" + (f"&format={self.format}" if self.format else "")
