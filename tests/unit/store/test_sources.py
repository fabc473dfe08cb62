import pytest
from conftest import article
from ledger_steps import LEASE_MS, claim, record

from schemas import Ref
from store import STAGES, Advance, Found, SourceMemory, Store

HOST = "news.example"


def geotagged(store: Store, number: int, lesson: str, seen: int | None = 0, **fields: str) -> Ref:
    """An article that has passed the geotag stage and left a lesson."""
    store.ledger.accept([article(number, **fields)])
    taken = claim(store)
    commit(store, taken.refs[0], taken.token, lesson, seen)
    return taken.refs[0]


def commit(store: Store, ref: Ref, token: str, lesson: str, seen: int | None) -> None:
    for stage in STAGES[:3]:
        found = Found("", lesson, seen) if stage is STAGES[2] else None
        store.ledger.advance([Advance(ref, record(stage), None, found=found)], token, LEASE_MS)


def recall(store: Store, version: int | None = None, source: str = HOST) -> SourceMemory:
    [found] = store.sources.recall([(source, version)])
    return found


def test_a_new_source_has_an_empty_memory(any_store: Store) -> None:
    assert recall(any_store) == SourceMemory(0)
    assert any_store.sources.recall([]) == []


def test_each_article_of_a_source_adds_its_lesson(any_store: Store) -> None:
    geotagged(any_store, 1, "one")
    geotagged(any_store, 2, "two")
    geotagged(any_store, 3, "elsewhere", url="https://other.example/3")
    assert recall(any_store) == SourceMemory(2, (b"one", b"two"))
    assert recall(any_store, source="other.example").lessons == (b"elsewhere",)


def test_an_older_version_is_given_as_it_was(any_store: Store) -> None:
    for number in range(5):
        geotagged(any_store, number, f"lesson {number}")
    assert recall(any_store, 2) == SourceMemory(2, (b"lesson 0", b"lesson 1"))


def test_an_article_remembers_which_version_it_was_given_first(any_store: Store) -> None:
    ref = geotagged(any_store, 1, "one", seen=7)
    [loaded] = any_store.ledger.load([ref], ["clean"])
    assert loaded is not None
    assert loaded.memory == 7


def test_a_new_revision_or_another_run_is_not_counted_again(any_store: Store) -> None:
    ref = geotagged(any_store, 1, "one", seen=0)
    geotagged(any_store, 1, "one, corrected", seen=1, text="Corrected text.")
    any_store.client.hset(any_store.keys.record(ref), mapping={"stage": 0, "state": "leased", "token": "again"})
    commit(any_store, ref, "again", "one", 5)
    assert recall(any_store).lessons == (b"one",)
    [loaded] = any_store.ledger.load([ref], ["clean"])
    assert loaded is not None
    assert loaded.memory == 0


def test_an_article_that_teaches_nothing_is_counted_when_it_does(any_store: Store) -> None:
    geotagged(any_store, 1, "")
    assert recall(any_store) == SourceMemory(0)
    geotagged(any_store, 1, "now", text="Corrected text.")
    assert recall(any_store).lessons == (b"now",)


def test_the_window_ends_at_the_version(any_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.sources.WINDOW", 2)
    for number in range(5):
        geotagged(any_store, number, str(number))
    assert recall(any_store, 4) == SourceMemory(4, (b"2", b"3"))


def test_only_so_many_lessons_are_kept_and_versions_go_on(any_store: Store) -> None:
    any_store.client.rpush(any_store.keys.memory(HOST), *(str(n) for n in range(1_000)))
    geotagged(any_store, 1, "last")
    assert any_store.client.llen(any_store.keys.memory(HOST)) == 1_000
    assert recall(any_store).version == 1_001
    assert recall(any_store).lessons[-1] == b"last"
    assert recall(any_store, 3).lessons == (b"1", b"2")


def test_a_home_is_set_and_taken_back(any_store: Store) -> None:
    any_store.sources.set_home(HOST, 456172)
    assert any_store.sources.homes() == {HOST: 456172}
    assert recall(any_store).home == 456172
    any_store.sources.set_home(HOST, None)
    assert recall(any_store).home is None
