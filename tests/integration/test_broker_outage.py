"""The defect that ``workers.broker_guard`` works around: the broker dies while a task runs beside a free slot."""

import signal
import time

import pytest
from conftest import RedisServer, Workers, article, eventually

from store import Store

pytestmark = pytest.mark.integration


def test_a_worker_survives_the_loss_of_its_broker_while_a_task_runs(
    real_store: Store, own_redis_server: RedisServer, workers: Workers
) -> None:
    worker = workers.start("fake_worker", broker_url=own_redis_server.url(1), worker_concurrency=2, lease=3)
    real_store.ledger.accept([article(1, text="entities:nap")])
    eventually(lambda: real_store.ledger.backlog().leased == 1, 20, "a running task")
    time.sleep(0.3)
    own_redis_server.stop(signal.SIGKILL)
    time.sleep(1.5)
    assert worker.poll() is None, workers.logs()[-2000:]
    own_redis_server.start()
    real_store.ledger.accept([article(2)])
    eventually(lambda: real_store.ledger.backlog().pending == 0, 20, "work after the outage")
    assert worker.poll() is None
    assert real_store.verify().sound
