"""The canary on the way of articles: through real queues and workers, and not among the articles."""

from datetime import timedelta

import pytest
from conftest import Workers, article, eventually

from schemas import Lane
from store import Store
from tasks.pipeline import wake_for_canary
from workers.app import create_app
from workers.canary import Canary
from workers.settings import Settings

pytestmark = pytest.mark.integration


def test_a_canary_gets_through_beside_the_articles_and_leaves_no_trace_among_them(
    real_store: Store, workers: Workers
) -> None:
    app = create_app(Settings(broker_url=workers.server.url(1)))  # type: ignore[arg-type]
    canary = Canary(
        real_store.beside("canary"), lambda: wake_for_canary(app), timedelta(seconds=20), timedelta(seconds=1)
    )
    assert not canary.look().ready, "no worker runs"
    workers.start("fake_worker")
    real_store.ledger.accept([article(n, lane=Lane.BULK) for n in range(50)])
    eventually(lambda: canary.look().ready, 30, "a canary")
    eventually(lambda: real_store.ledger.backlog().pending == 0, 30, "the articles")
    assert real_store.ledger.backlog().accepted == 50
    assert len(real_store.feed.page(limit=100).items) == 50
    assert real_store.verify().sound
    app.close()
