"""Two operators who empty one quarantine at once, through a real server: every article goes back once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import Literal

import pytest
from conftest import RedisServer, article, eventually
from integration.test_api_server import answers, server
from ledger_steps import LEASE_MS, failure

from cli import quarantine
from cli.api_client import ApiClient
from cli.connection import ApiAddress
from cli.exits import Exit
from schemas import FeedSummary, Lane, Outcome, Ref
from store import Store

pytestmark = pytest.mark.integration
MANY = 1_200
"""More than fit into one page of the list and into one order."""


@pytest.fixture
def url(redis_server: RedisServer, tmp_path: Path) -> Iterator[str]:
    with server(redis_server, tmp_path) as (url, _):
        eventually(lambda: answers(url), 40, "the server")
        yield url


@pytest.fixture
def failed(real_store: Store) -> list[Ref]:
    real_store.ledger.accept([article(number, lane=Lane.BULK) for number in range(MANY)])
    taken = real_store.ledger.claim(limit=MANY, max_bytes=10**9, lease_ms=LEASE_MS, bulk_share=0)
    for ref in taken.refs:
        real_store.ledger.quarantine(ref, taken.token, failure(), FeedSummary())
    return list(taken.refs)


def at_once(*acts: Callable[[], object]) -> list[object]:
    barrier = Barrier(len(acts))

    def begin(act: Callable[[], object]) -> object:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))


def everything(url: str, action: Literal["retry", "drop"]) -> Callable[[], object]:
    def act() -> Exit:
        with closing(ApiClient(ApiAddress(url, None))) as client:
            return quarantine.change(action, [], everything=True, as_json=True, client=client)

    return act


def test_two_re_drives_at_once_send_every_article_once(
    real_store: Store, url: str, failed: list[Ref], capsys: pytest.CaptureFixture[str]
) -> None:
    assert at_once(everything(url, "retry"), everything(url, "retry")) == [Exit.OK, Exit.OK]
    backlog = real_store.ledger.backlog()
    assert (backlog.waiting[Lane.BULK], backlog.outcome(Outcome.QUARANTINED)) == (MANY, 0)
    told = [int(line.partition('"changed": ')[2].partition(",")[0]) for line in capsys.readouterr().out.splitlines()]
    assert sum(told) == MANY
    assert all(loaded and loaded.attempts == 0 for loaded in real_store.ledger.load(failed, []))
    assert real_store.verify().sound
    orders = [entry for entry in real_store.audit.newest(100) if entry.action.endswith("quarantine:retry")]
    assert {entry.outcome for entry in orders} == {"200"}
    assert len(orders) >= 3, "each order of at most a thousand is written down"


def test_a_re_drive_beside_a_drop_gives_every_article_one_fate(real_store: Store, url: str, failed: list[Ref]) -> None:
    at_once(everything(url, "retry"), everything(url, "drop"), everything(url, "drop"))
    backlog = real_store.ledger.backlog()
    fates = (backlog.waiting[Lane.BULK], backlog.outcome(Outcome.WITHDRAWN), backlog.outcome(Outcome.QUARANTINED))
    assert (sum(fates), fates[2], backlog.accepted) == (len(failed), 0, MANY)
    verification = real_store.verify()
    assert verification.sound, verification.findings


def test_a_re_drive_that_is_repeated_after_its_answer_was_lost_sends_nothing_twice(
    real_store: Store, url: str, failed: list[Ref]
) -> None:
    names = [str(ref) for ref in failed[:10]]
    with closing(ApiClient(ApiAddress(url, None))) as client:
        assert quarantine.change("retry", names, everything=False, as_json=True, client=client) is Exit.OK
        again = real_store.ledger.claim(limit=32, max_bytes=10**6, lease_ms=LEASE_MS, bulk_share=0)
        assert quarantine.change("retry", names, everything=False, as_json=True, client=client) is Exit.FOUND
    assert sorted(map(str, again.refs)) == sorted(names)
    backlog = real_store.ledger.backlog()
    assert (backlog.leased, backlog.waiting[Lane.BULK]) == (10, 0)
    assert real_store.verify().sound
