"""What becomes of copies when an article is withdrawn: on fakeredis, and on a real server as well."""

from collections.abc import Iterator

import fakeredis
import pytest
from unit.store.test_duplicates import START, WEEK, found, put, redis_index

from schemas import Ref
from store.duplicates import Probe, RedisDuplicateIndex, Succession
from store.packed_ids import NO_ID, pack_id


@pytest.fixture(params=["fakeredis", pytest.param("server", marks=pytest.mark.integration)])
def shared(request: pytest.FixtureRequest) -> Iterator[RedisDuplicateIndex]:
    client = fakeredis.FakeRedis()
    if request.param == "server":
        client = request.getfixturevalue("redis_server").client()
    yield redis_index(client)
    client.close()


DECISION = bytes([2, 2]) + b"elevenbytes"
"""A version, the relation `near`, and what the index does not look at."""


def put_copy(index: RedisDuplicateIndex, article_id: str, of: str, *keys: int, cluster: bytes = b"") -> None:
    put(index, article_id, *keys, record=None, copy_of=of, decision=DECISION + cluster)


def test_a_withdrawn_article_is_found_no_more(shared: RedisDuplicateIndex) -> None:
    put(shared, "a", 1)
    assert shared.withdraw(Ref("a", 1)) is None
    assert found(shared, 1) == []
    assert shared.check([Probe("a", 1, ())])[0].first is None


def test_the_oldest_copy_takes_the_place_of_a_withdrawn_original(shared: RedisDuplicateIndex) -> None:
    put(shared, "a", 1, record=b"text")
    for copy in ("b", "c", "d"):
        put_copy(shared, copy, "a", 1)
    assert shared.withdraw(Ref("a", 1)) == Succession(Ref("a", 1), Ref("b", 1), (Ref("c", 1), Ref("d", 1)))
    assert list(shared.check([Probe("e", 1, (1,))])[0].records) == [pack_id("b") + b"text"]
    assert found(shared, 1, by="b") == []


def test_the_heir_is_an_original_of_the_same_cluster_from_then_on(shared: RedisDuplicateIndex) -> None:
    put(shared, "a", 1)
    put_copy(shared, "b", "a", 1)
    shared.withdraw(Ref("a", 1))
    assert shared.check([Probe("b", 1, ())])[0].first == NO_ID + bytes([2, 0]) + b"elevenbytes" + pack_id("a")


def test_the_other_copies_are_copies_of_the_heir_from_then_on_in_the_same_cluster(shared: RedisDuplicateIndex) -> None:
    put(shared, "a", 1)
    put_copy(shared, "b", "a", 1)
    put_copy(shared, "c", "a", 1)
    put_copy(shared, "d", "a", 1, cluster=pack_id("first"))
    shared.withdraw(Ref("a", 1))
    snapshots = shared.check([Probe("c", 1, ()), Probe("d", 1, ())])
    assert [snapshot.first for snapshot in snapshots] == [
        pack_id("b") + DECISION + pack_id("a"),
        pack_id("b") + DECISION + pack_id("first"),
    ]


def test_a_cluster_that_was_named_is_kept(shared: RedisDuplicateIndex) -> None:
    put(shared, "a", 1)
    put_copy(shared, "b", "a", 1, cluster=pack_id("first"))
    shared.withdraw(Ref("a", 1))
    first = shared.check([Probe("b", 1, ())])[0].first
    assert first is not None
    assert first.endswith(pack_id("first"))


def test_a_withdrawal_that_broke_off_can_be_run_again(shared: RedisDuplicateIndex) -> None:
    put(shared, "a", 1)
    put_copy(shared, "b", "a", 1)
    put_copy(shared, "c", "a", 1)
    assert shared.withdraw(Ref("a", 1)) == shared.withdraw(Ref("a", 1))
    assert found(shared, 1) == [b"a"]


def test_heirs_are_withdrawn_in_turn(shared: RedisDuplicateIndex) -> None:
    put(shared, "a", 1)
    for copy in ("b", "c"):
        put_copy(shared, copy, "a", 1)
    shared.withdraw(Ref("a", 1))
    assert shared.withdraw(Ref("b", 1)) == Succession(Ref("b", 1), Ref("c", 1), ())
    assert list(shared.check([Probe("e", 1, (1,))])[0].records) == [pack_id("c") + b"a"]
    assert shared.withdraw(Ref("c", 1)) is None
    assert found(shared, 1) == []


def test_a_withdrawn_copy_inherits_nothing(shared: RedisDuplicateIndex) -> None:
    put(shared, "a", 1)
    for copy in ("b", "c"):
        put_copy(shared, copy, "a", 1)
    assert shared.withdraw(Ref("b", 1)) is None
    assert shared.withdraw(Ref("a", 1)) == Succession(Ref("a", 1), Ref("c", 1), ())


def test_a_copy_whose_revision_is_another_text_inherits_nothing(shared: RedisDuplicateIndex) -> None:
    put(shared, "a", 1)
    put_copy(shared, "b", "a", 1)
    put(shared, "b", 2, revision=2)
    assert shared.withdraw(Ref("a", 1)) is None
    assert found(shared, 2) == [b"b"]


def test_an_old_revision_is_withdrawn_without_the_new_one(shared: RedisDuplicateIndex) -> None:
    put(shared, "a", 1)
    put(shared, "a", 2, revision=2)
    assert shared.withdraw(Ref("a", 1)) is None
    snapshots = shared.check([Probe("a", 1, ()), Probe("a", 2, ())])
    assert [snapshot.first for snapshot in snapshots] == [None, NO_ID + b"a/2"]
    assert found(shared, 2) == [b"a"]


def test_a_copy_of_next_week_takes_the_place_in_the_generation_of_the_original() -> None:
    index = redis_index()
    put(index, "a", 1)
    index.clock_seconds = START + WEEK
    put(index, "z", 9)
    put_copy(index, "b", "a", 1)
    assert index.withdraw(Ref("a", 1)) == Succession(Ref("a", 1), Ref("b", 1), ())
    assert list(index.check([Probe("e", 1, (1,))])[0].records) == [pack_id("b") + b"a"]
    put(index, "b", 3, revision=2)
    assert found(index, 1) == []
    assert found(index, 9) == [b"z"]


def test_who_was_never_indexed_can_be_withdrawn(shared: RedisDuplicateIndex) -> None:
    assert shared.withdraw(Ref("nobody", 3)) is None
