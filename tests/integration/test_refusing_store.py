"""A Redis that answers and takes no changes, in the middle of a chain: a full disk, or replicas that are missing."""

import resource
import time
from collections.abc import Callable

import httpx
import pytest
from conftest import RedisServer, Workers, article, eventually
from integration.test_api_server import answers, server
from unit.api.application import body

from schemas import Outcome
from store import Store, StoreUnavailable

pytestmark = pytest.mark.integration
ARTICLES = 60
Switch = Callable[[RedisServer, bool], None]


def full_disk(redis_server: RedisServer, refusing: bool) -> None:  # noqa: FBT001 - on or off
    """Its append-only file cannot grow by a byte, or can again."""
    assert redis_server.process
    most = 1 if refusing else resource.RLIM_INFINITY
    resource.prlimit(redis_server.process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def missing_replicas(redis_server: RedisServer, refusing: bool) -> None:  # noqa: FBT001 - on or off
    """It is told to have a replica, and has none."""
    client = redis_server.client()
    client.config_set("min-replicas-to-write", int(refusing))
    client.close()


def refuses(store: Store) -> bool:
    try:
        store.capacity.require_changes()
    except StoreUnavailable:
        return True
    return False


@pytest.mark.parametrize(
    ("switch", "why"), [(full_disk, "cannot write to its disk"), (missing_replicas, "fewer replicas")]
)
def test_nothing_is_lost_and_no_worker_ends_while_redis_takes_no_changes(
    own_store: Store, own_redis_server: RedisServer, workers: Workers, switch: Switch, why: str
) -> None:
    workers.server = own_redis_server
    worker = workers.start("fake_worker", lease=2, claim_articles=4)
    with server(own_redis_server, workers.folder) as (url, api):
        eventually(lambda: answers(url), 40, "the API")
        own_store.ledger.accept([article(number, text=f"clean:sleep {number}") for number in range(ARTICLES)])
        eventually(lambda: own_store.ledger.backlog().outcome(Outcome.DONE) > 0, 40, "the first outcome")
        switch(own_redis_server, True)
        eventually(lambda: refuses(own_store), 20, "the refusal")
        told = httpx.post(f"{url}/v1/articles", json=body(500))
        assert (told.status_code, told.json()["type"]) == (503, "urn:dateline:problem:unavailable")
        assert httpx.get(f"{url}/v1/health/accepting").status_code == 503
        assert httpx.get(f"{url}/v1/feed").status_code == 200, "reading goes on"
        assert why in (workers.folder / "api.log").read_text()
        time.sleep(3)  # longer than a lease
        assert (worker.poll(), api.poll()) == (None, None), workers.logs()[-3_000:]
        assert own_store.ledger.backlog().pending > 0, "the test was too slow to catch articles in work"
        switch(own_redis_server, False)
        eventually(lambda: answers(url), 40, "the API")
        assert httpx.post(f"{url}/v1/articles", json=body(500)).status_code == 202
    eventually(lambda: not own_store.ledger.backlog().pending, 60, "the last outcome")
    assert worker.poll() is None
    assert own_store.ledger.backlog().outcome(Outcome.DONE) == ARTICLES + 1
    verification = own_store.verify()
    assert verification.sound, verification.findings
