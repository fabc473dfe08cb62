"""A worker that is alive but does not consume ends itself, so that whatever supervises it starts another one."""

import pytest
from celery import Celery
from conftest import Workers, article, eventually

from store import Store
from tasks.pipeline import QUEUES
from workers.hearing import DEAF

pytestmark = pytest.mark.integration


def test_a_worker_that_consumes_no_more_ends_and_its_successor_does_the_work(
    real_store: Store, workers: Workers
) -> None:
    worker = workers.start("fake_worker", deaf_after=2)
    real_store.ledger.accept([article(1)])
    eventually(lambda: real_store.ledger.backlog().pending == 0, 30, "a worker at work")
    _deafen(workers)
    real_store.ledger.accept([article(2)])
    assert worker.wait(timeout=30) == DEAF, workers.logs()[-2000:]
    assert "worker.consumes_no_more" in workers.logs()
    workers.start("fake_worker", deaf_after=2)
    eventually(lambda: real_store.ledger.backlog().pending == 0, 30, "the work of its successor")


def _deafen(workers: Workers) -> None:
    """Take all queues from the worker: it runs, beats and keeps, but consumes nothing."""
    options = {"global_keyprefix": "dl."}
    with Celery(broker=workers.server.url(1), broker_transport_options=options, set_as_current=False) as app:
        for name in QUEUES:
            app.control.cancel_consumer(name)
