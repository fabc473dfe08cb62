"""Keeping a lease alive while a stage works on its batch."""

import threading
from collections.abc import Iterator
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
