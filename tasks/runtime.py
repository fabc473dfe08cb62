"""What a process needs to run stages: the store, the stages themselves, the limits. Made once, after the fork."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from schemas import DatelineError, Lane, StageName
from schemas.base import Model
from store import Claim, Store
from tasks.stage import Stage
from tasks.tracing import UNTRACED, Tracer


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of claims, leases and retries; each is a setting of the same name."""

    claim_articles: int = 32
    claim_bytes: int = 400_000
    bulk_share: float = 0.125
    lane: Lane | None = None
    lease_ms: int = 30_000
    max_deliveries: int = 4
    max_retries: int = 6
    retry_base_s: float = 2.0
    retry_cap_s: float = 300.0
    hard_limit_s: float = 150.0
    """Seconds after which a task's process is ended."""
    patience_s: float = 60.0
    """How long a finished stage waits for a store that does not answer before its work is given up."""


class NotReady(DatelineError):
    """A task ran in a process that was not set up for it."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything that tasks of this process share."""

    store: Store
    stages: Mapping[StageName, Stage[Model]]
    limits: Limits = field(default_factory=Limits)
    worker: str = "local"
    wake_more: Callable[[], object] = lambda: None
    """Called after a claim, so that the next wake-up does not wait for the keeper."""
    tracer: Tracer = UNTRACED
    """Where the spans of its stages go."""
    canary: "Runtime | None" = None
    """The same stages with a ledger and indexes of their own, for the canary."""

    def claim(self) -> Claim:
        """Lease the next batch from the lanes."""
        limits = self.limits
        return self.store.ledger.claim(
            limit=limits.claim_articles,
            max_bytes=limits.claim_bytes,
            lease_ms=limits.lease_ms,
            bulk_share=limits.bulk_share,
            lane=limits.lane,
        )


_installed: list[Runtime] = []


def install(runtime: Runtime | None) -> None:
    """Set, or with ``None`` remove, the runtime of this process."""
    _installed[:] = [] if runtime is None else [runtime]


def current(*, canary: bool = False) -> Runtime:
    """The runtime of this process, or the one that it keeps for the canary.

    Raises:
        NotReady: None was installed.
    """
    if not _installed:
        raise NotReady("This process runs no stages; start one with `python -m workers`.")
    runtime = _installed[0]
    if not canary:
        return runtime
    if runtime.canary is None:
        raise NotReady("This process has nothing to run a canary with; it is no worker.")
    return runtime.canary
