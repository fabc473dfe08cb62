"""The judge of a chaos run has to notice every promise that is broken."""

from collections.abc import Callable

import pytest
from conftest import article
from ledger_steps import advance, claim

from benchmarks.chaos.judging import judged, whole_feed
from schemas import Duplicates, Ref, Relation, StageName
from store import STAGES, Store


def finished(store: Store, number: int, relation: Relation) -> Ref:
    store.ledger.accept([article(number)])
    taken = claim(store)
    found = Duplicates(relation=relation, canonical_id="c", cluster_id="c", score=0, jaccard=0, index_version=1)
    for stage in STAGES:
        output = found.model_dump_json() if stage is StageName.DEDUPE else None
        advance(store, taken.refs[0], taken.token, stage, output)
    return taken.refs[0]


@pytest.fixture
def pair(store: Store) -> tuple[Ref, Ref]:
    return finished(store, 1, Relation.ORIGINAL), finished(store, 2, Relation.EXACT)


def broken(store: Store, pair: tuple[Ref, Ref]) -> set[str]:
    return {name for name, count in judged(store, pair, [pair], whole_feed(store)).items() if count}


def test_a_good_run_is_good(store: Store, pair: tuple[Ref, Ref]) -> None:
    assert broken(store, pair) == set()


def lose(store: Store, pair: tuple[Ref, Ref]) -> None:
    store.client.xdel(store.keys.feed, whole_feed(store)[0].cursor)


def double(store: Store, pair: tuple[Ref, Ref]) -> None:
    entry = {"ref": str(pair[0]), "outcome": "done", "at": 10**13, "entry": "{}"}
    store.client.xadd(store.keys.feed, entry)  # type: ignore[arg-type]


def reverse(store: Store, pair: tuple[Ref, Ref]) -> None:
    first = whole_feed(store)[0].cursor
    store.client.xdel(store.keys.feed, first)
    entry = {"ref": str(pair[0]), "outcome": "done", "at": 1, "entry": "{}"}
    cursor = store.client.xadd(store.keys.feed, entry)  # type: ignore[arg-type]
    store.client.hset(store.keys.record(pair[0]), "cursor", cursor)  # type: ignore[arg-type]


def leave_behind(store: Store, pair: tuple[Ref, Ref]) -> None:
    store.ledger.accept([article(3)])


def elect_two(store: Store, pair: tuple[Ref, Ref]) -> None:
    kept = store.client.hget(store.keys.record(pair[0]), "output:dedupe")
    store.client.hset(store.keys.record(pair[1]), "output:dedupe", kept)  # type: ignore[arg-type]


def count_once_more(store: Store, pair: tuple[Ref, Ref]) -> None:
    store.client.hincrby(store.keys.figures, "result:done:-:-", 1)


@pytest.mark.parametrize(
    ("damage", "noticed"),
    [
        (lose, {"lost", "unsound"}),
        (double, {"published_twice", "unsound"}),
        (reverse, {"out_of_order", "unsound"}),
        (leave_behind, {"unaccounted"}),
        (elect_two, {"double_originals"}),
        (count_once_more, {"miscounted"}),
    ],
)
def test_every_broken_promise_is_noticed(
    store: Store, pair: tuple[Ref, Ref], damage: Callable[[Store, tuple[Ref, Ref]], None], noticed: set[str]
) -> None:
    damage(store, pair)
    assert broken(store, pair) == noticed


def test_a_reader_who_missed_something_is_noticed(store: Store, pair: tuple[Ref, Ref]) -> None:
    assert judged(store, pair, [], whole_feed(store)[1:])["out_of_order"]
