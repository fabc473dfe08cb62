"""Renews a lease while a stage works on its batch, and returns the batch if the process has to stop."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from schemas import RetryLater
from store import Store
from tasks.batch import Batch

_log = structlog.get_logger(__name__)


@contextmanager
def renewed(store: Store, batch: Batch, lease_ms: int) -> Iterator[None]:
    """Renew the batch's lease now and every third of it until the block ends.

    A process that is stopped or dead renews nothing, so that the articles go back; one that hangs is ended by the
    hard time limit.
    """
    done = threading.Event()

    def renew() -> None:
        try:
            store.ledger.renew(batch.refs, batch.token, lease_ms)
        except RetryLater as error:
            _log.warning("lease.not_renewed", error=type(error).__name__, token=batch.token)

    def keep_renewing() -> None:
        while not done.wait(lease_ms / 3000):
            renew()

    renew()

    thread = threading.Thread(target=keep_renewing, name="dateline-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=1.0)


@contextmanager
def handed_back(store: Store, batch: Batch, *, overdue: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Return the batch to its lanes when the block cannot finish it.

    Either the store stayed full or away for longer than the block's patience, or this process is told to stop: a worker
    stops a child with SIGQUIT, which billiard turns into `SystemExit`. So the articles need not wait until their lease
    expires. A second signal would end the process at once: it waits.

    No delivery is counted as lost, unless the process is told to stop because of the batch: past the hard time limit
    the same signal comes, and an article that nobody is blamed for would be claimed again and again.

    Args:
        store: The store of the batch.
        batch: The batch.
        overdue: Whether the hard time limit is over.
    """
    try:
        yield
    except (SystemExit, RetryLater) as stop:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGQUIT})
        lost = isinstance(stop, SystemExit) and overdue()
        try:
            store.ledger.give_back(batch.refs, batch.token, lost=lost)
            _log.info("lease.handed_back", articles=len(batch.refs), token=batch.token, lost=lost)
        except RetryLater as error:
            _log.warning("lease.not_handed_back", error=type(error).__name__, token=batch.token)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        raise
