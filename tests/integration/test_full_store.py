"""A Redis that has reached its memory limit: submissions are refused, nothing is lost, and room heals it."""

import pytest
from conftest import RedisServer, article

from store import Store, StoreFull

pytestmark = pytest.mark.integration


def test_a_full_store_refuses_and_takes_again_when_there_is_room(own_redis_server: RedisServer) -> None:
    store = Store.open(own_redis_server.url())
    store.ledger.accept([article(1)])
    store.client.config_set("maxmemory", "1")
    with pytest.raises(StoreFull, match="retention"):
        store.ledger.accept([article(2)])
    assert store.ledger.backlog().accepted == 1
    store.client.config_set("maxmemory", "0")
    store.ledger.accept([article(2)])
    assert store.ledger.backlog().accepted == 2
    assert store.verify().sound
    store.close()
