from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest
from conftest import article
from unit.api.application import finish
from unit.workers.metrics.test_metrics_instruments import samples

from schemas import FeedPage, Result
from store import Store, StoreUnavailable
from workers.sinks import runner as module
from workers.sinks.errors import FeedTrimmed, SinkAway, SinkError
from workers.sinks.runner import Runner, current_results


@dataclass
class Memory:
    """A sink that keeps what it is given, and fails as it is told."""

    name: str = "memory"
    kind: str = "test"
    cursor: str = "0-0"
    kept: list[Result] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    resumed: int = 0
    closed: bool = False

    @property
    def reached(self) -> str:
        return self.cursor

    def resume(self) -> str:
        self.resumed += 1
        return self.cursor

    def take(self, page: FeedPage, results: Sequence[Result]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.kept += results
        self.cursor = page.next_cursor

    def idle(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AWAY_S", 0.001)


def publish(store: Store, *numbers: int) -> None:
    store.ledger.accept([article(number) for number in numbers])
    finish(store)


def test_a_sink_is_given_everything_once_in_the_order_of_the_feed(store: Store) -> None:
    publish(store, *range(250))
    sink = Memory()
    Runner(store, sink).run(once=True)
    assert [one.cursor for one in sink.kept] == [one.cursor for one in store.feed.page(limit=1_000).items]
    assert sink.closed
    [consumer] = store.consumers.list()
    assert (consumer.name, consumer.kind, consumer.cursor) == ("memory", "test", store.feed.newest())


def test_large_articles_are_taken_a_few_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAGE_BYTES", 2_500)
    store.ledger.accept([article(number, text="x" * size) for number, size in enumerate((900, 900, 900, 5_000, 10))])
    finish(store)
    sink, pages = Memory(), []
    take = sink.take
    sink.take = lambda page, results: (pages.append(len(results)), take(page, results))[1]  # type: ignore[method-assign]
    Runner(store, sink).run(once=True)
    assert pages == [2, 1, 1, 1]
    assert sink.cursor == store.feed.newest()


def test_it_goes_on_behind_the_sinks_cursor(store: Store) -> None:
    publish(store, 1, 2, 3)
    sink = Memory(cursor=store.feed.page(limit=2).next_cursor)
    Runner(store, sink).run(once=True)
    assert [one.cursor for one in sink.kept] == [store.feed.newest()]


def test_a_sink_that_was_away_is_asked_again_where_it_is(store: Store) -> None:
    publish(store, 1, 2)
    sink = Memory(failures=[SinkAway("The server went away.")])
    Runner(store, sink).run(once=True)
    assert len(sink.kept) == 2
    assert sink.resumed == 2


def test_what_a_sink_took_and_whom_it_waited_for_is_counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(store, 1, 2)
    errors, read = [StoreUnavailable("x")], store.feed.page
    monkeypatch.setattr(store.feed, "page", lambda *args: _raised(errors.pop()) if errors else read(*args))
    runner = Runner(store, Memory(failures=[SinkAway("The server went away.")]))
    runner.run(once=True)
    told = samples(runner.instruments.text())
    assert told["dateline_sink_results_total", (("kind", "test"),)] == 2
    assert told["dateline_sink_away_total", (("who", "store"),)] == 1
    assert told["dateline_sink_away_total", (("who", "sink"),)] == 1


def _raised(error: Exception) -> FeedPage:
    raise error


def test_a_store_that_is_away_is_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(store, 1, 2)
    sink, errors, read = Memory(), [StoreUnavailable("x"), StoreUnavailable("x")], store.feed.page

    def failing(*args: object) -> FeedPage:
        if errors:
            raise errors.pop()
        return read(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(store.feed, "page", failing)
    Runner(store, sink).run(once=True)
    assert len(sink.kept) == 2
    assert sink.resumed == 1


def test_a_store_that_is_away_at_the_start_is_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(store, 1)
    sink, errors, report = Memory(), [StoreUnavailable("x")], store.consumers.report

    def failing(*args: str) -> int:
        if errors:
            raise errors.pop()
        return report(*args)

    monkeypatch.setattr(store.consumers, "report", failing)
    Runner(store, sink).run(once=True)
    assert len(sink.kept) == 1


def test_who_is_told_to_stop_before_the_store_answers_stops(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Event()

    def away(*_: str) -> int:
        stop.set()
        raise StoreUnavailable("x")

    monkeypatch.setattr(store.consumers, "report", away)
    sink = Memory()
    Runner(store, sink, stop=stop).run()
    assert not sink.kept


def test_a_sink_that_will_not_go_on_ends_it(store: Store) -> None:
    publish(store, 1)
    with pytest.raises(SinkError, match="disk"):
        Runner(store, Memory(failures=[SinkError("The disk is full; make room.")])).run(once=True)


def test_what_the_retention_took_is_refused_with_a_number_and_a_next_step(store: Store) -> None:
    publish(store, 1, 2, 3)
    sink = Memory(cursor=store.feed.page(limit=1).next_cursor)
    store.consumers.report("memory", "test", sink.cursor)
    store.ledger.forget(results_before_ms=10**15, bodies_before_ms=0)
    with pytest.raises(FeedTrimmed, match=r"deleted 2 outcomes.*dateline sink overlook memory") as refused:
        Runner(store, sink).run(once=True)
    assert refused.value.missed == 2
    store.consumers.overlook("memory")
    publish(store, 4)
    Runner(store, sink).run(once=True)
    assert len(sink.kept) == 1


def test_an_outcome_that_another_entry_tells_anew_is_passed_over(store: Store) -> None:
    publish(store, 1, 2)
    page = store.feed.page()
    store.withdrawals.withdraw(store.withdrawals.revisions(page.items[0].article_id)[0])
    assert [one.id for one in current_results(store, page.items)] == [page.items[1].article_id]
    later = store.feed.page(page.next_cursor)
    assert [one.outcome for one in current_results(store, later.items)] == ["withdrawn"]


def test_the_heartbeat_is_touched(store: Store, tmp_path: Path) -> None:
    beat = tmp_path / "beat"
    Runner(store, Memory(), heartbeat=beat).run(once=True)
    assert beat.exists()
