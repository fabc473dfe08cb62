"""The contract of a duplicate index: asked of the one in memory, and of the one on Redis, on a real server as well."""

import random
import time
from collections.abc import Iterator, Sequence

import fakeredis
import pytest
import redis

from schemas import RetryLater
from store.duplicates import Committed, Entry, Fence, Known, Probe, RedisDuplicateIndex, Refused
from store.packed_ids import NO_ID, pack_id, unpack_id
from tasks.dedupe import DuplicateIndex, MemoryIndex

WEEK = 604_800
START = int(time.time()) // WEEK * WEEK
"""This week: Redis itself forgets at once what should have expired before today."""


def redis_index(client: "redis.Redis | None" = None, **options: int) -> RedisDuplicateIndex:
    return RedisDuplicateIndex(client or fakeredis.FakeRedis(), clock_seconds=START, **options)


@pytest.fixture(params=["memory", "fakeredis", pytest.param("server", marks=pytest.mark.integration)])
def index(request: pytest.FixtureRequest) -> Iterator[DuplicateIndex]:
    if request.param == "memory":
        yield MemoryIndex()
        return
    client = fakeredis.FakeRedis()
    if request.param == "server":
        client = request.getfixturevalue("redis_server").client()
    yield redis_index(client)
    client.close()


def found(index: DuplicateIndex, *keys: int, by: str = "reader", revision: int = 1) -> list[bytes]:
    return bodies(index.check([Probe(by, revision, keys)])[0].records)


def bodies(records: Sequence[bytes]) -> list[bytes]:
    """Records without the ids that they begin with."""
    return [record[unpack_id(record)[1] :] for record in records]


def fence(index: DuplicateIndex) -> Fence:
    return index.check([Probe("reader", 1, ())])[0].fence


def entry(article_id: str, *keys: int, at: Fence, revision: int = 1, **options: object) -> Entry:
    values: dict[str, object] = {"decision": f"{article_id}/{revision}".encode(), "record": article_id.encode()}
    values |= options
    copy_of, kept = str(values.pop("copy_of", "")), values["record"]
    values["decision"] = (pack_id(copy_of) if copy_of else NO_ID) + bytes(values["decision"])  # type: ignore[arg-type]
    values["record"] = None if kept is None else pack_id(article_id) + bytes(kept)  # type: ignore[call-overload]
    return Entry(article_id, revision, keys, at, **values)  # type: ignore[arg-type]


def posting_hashes(client: "redis.Redis") -> list[int]:
    """Buckets of each generation, newest first."""
    lines = client.hget("dl:dup:now", "generations").decode().splitlines()  # type: ignore[union-attr]
    return [int(line.split()[2]) for line in lines]


def put(index: DuplicateIndex, article_id: str, *keys: int, **options: object) -> None:
    answers = index.commit([entry(article_id, *keys, at=fence(index), **options)])
    assert answers == [Committed()]


def test_an_empty_index_finds_nothing(index: DuplicateIndex) -> None:
    (snapshot,) = index.check([Probe("a", 1, (1, 2))])
    assert (snapshot.records, snapshot.first) == ((), None)


def test_what_was_committed_is_found_by_each_of_its_keys(index: DuplicateIndex) -> None:
    put(index, "a", 1, 2)
    assert [found(index, key) for key in (1, 2, 3)] == [[b"a"], [b"a"], []]


def test_candidates_that_share_more_keys_come_first_then_older_ones(index: DuplicateIndex) -> None:
    for article_id, keys in {"one": (1,), "three": (1, 2, 3), "two": (1, 2), "again": (1, 2)}.items():
        at = Fence(10**6, fence(index).generation)
        index.commit([entry(article_id, *keys, at=at, considered=("one", "three", "two"))])
    assert found(index, 1, 2, 3) == [b"three", b"two", b"again", b"one"]


def test_at_most_eight_candidates_are_returned(index: DuplicateIndex) -> None:
    for number in range(12):
        put(index, f"a{number}", 1)
    assert len(found(index, 1)) == 8


def test_a_posting_list_keeps_the_fifteen_newest(index: DuplicateIndex) -> None:
    for number in range(16):
        put(index, f"a{number}", 1, 100 + number)
    assert b"a0" not in found(index, 1)
    assert found(index, 1)[0] == b"a1"
    assert found(index, 100) == [b"a0"]


def test_an_article_is_never_a_candidate_for_itself(index: DuplicateIndex) -> None:
    put(index, "a", 1)
    assert found(index, 1, by="a", revision=2) == []


def test_a_copy_is_remembered_but_not_indexed(index: DuplicateIndex) -> None:
    put(index, "a", 1, record=None)
    assert found(index, 1) == []
    assert index.check([Probe("a", 1, (1,))])[0].first == NO_ID + b"a/1"


def test_something_newer_with_a_shared_key_refuses_a_commit(index: DuplicateIndex) -> None:
    at = fence(index)
    put(index, "first", 1, 2)
    (answer,) = index.commit([entry("second", 2, 3, at=at)])
    assert isinstance(answer, Refused)
    assert bodies(answer.records) == [b"first"]
    assert index.commit([entry("second", 2, 3, at=answer.fence)]) == [Committed()]


def test_something_newer_without_a_shared_key_refuses_nothing(index: DuplicateIndex) -> None:
    at = fence(index)
    put(index, "first", 1)
    assert index.commit([entry("second", 2, at=at)]) == [Committed()]


def test_a_copy_is_committed_whatever_is_newer(index: DuplicateIndex) -> None:
    at = fence(index)
    put(index, "first", 1)
    assert index.commit([entry("second", 1, at=at, record=None)]) == [Committed()]


def test_mates_that_were_considered_refuse_nothing(index: DuplicateIndex) -> None:
    at = fence(index)
    mates = [entry("first", 1, at=at), entry("second", 1, at=at, considered=("first",))]
    assert index.commit(mates) == [Committed(), Committed()]


def test_commits_of_a_batch_see_each_other_in_order(index: DuplicateIndex) -> None:
    at = fence(index)
    answers = index.commit([entry(f"a{n}", 1, at=at) for n in range(3)])
    assert [type(answer) for answer in answers] == [Committed, Refused, Refused]


def test_the_first_decision_of_a_revision_stands(index: DuplicateIndex) -> None:
    at = fence(index)
    put(index, "a", 1, decision=b"first")
    assert index.commit([entry("a", 1, at=at, decision=b"second")]) == [Known(NO_ID + b"first")]
    assert index.check([Probe("a", 1, (1,))])[0].first == NO_ID + b"first"


def test_each_revision_has_its_own_decision(index: DuplicateIndex) -> None:
    put(index, "a", 1)
    put(index, "a", 1, revision=2)
    snapshots = index.check([Probe("a", 1, ()), Probe("a", 2, ()), Probe("a", 3, ())])
    assert [snapshot.first for snapshot in snapshots] == [NO_ID + b"a/1", NO_ID + b"a/2", None]


def test_a_new_revision_takes_the_place_of_the_old_one(index: DuplicateIndex) -> None:
    put(index, "a", 1, record=b"old")
    put(index, "a", 1, 2, record=b"new", revision=2)
    assert found(index, 1) == [b"new"]


def test_a_new_revision_that_is_a_copy_removes_the_old_one(index: DuplicateIndex) -> None:
    put(index, "a", 1)
    put(index, "a", 2, revision=2, record=None)
    assert found(index, 1, 2) == []


def test_a_late_old_revision_changes_nothing_but_its_own_decision(index: DuplicateIndex) -> None:
    put(index, "a", 1, record=b"new", revision=10)
    put(index, "a", 1, record=b"old", revision=9)
    assert found(index, 1) == [b"new"]


def test_keys_of_any_size_are_accepted(index: DuplicateIndex) -> None:
    put(index, "a", 0, 2**64 - 1)
    assert found(index, 2**64 - 1) == [b"a"]


def test_many_probes_are_answered_in_their_order(index: DuplicateIndex) -> None:
    put(index, "a", 1)
    put(index, "b", 2)
    snapshots = index.check([Probe("x", 1, (2,)), Probe("y", 1, (1,)), Probe("z", 1, ())])
    assert [bodies(snapshot.records) for snapshot in snapshots] == [[b"b"], [b"a"], []]


def test_nothing_asked_is_nothing_answered(index: DuplicateIndex) -> None:
    assert (list(index.check([])), list(index.commit([]))) == ([], [])


# What only the index on Redis does.


@pytest.mark.parametrize("weeks_later", [1, 4])
def test_candidates_and_decisions_are_found_across_generations(weeks_later: int) -> None:
    index = redis_index()
    put(index, "a", 1)
    index.clock_seconds = START + weeks_later * WEEK
    put(index, "b", 1, 2)
    assert found(index, 1) == [b"a", b"b"]
    assert index.check([Probe("a", 1, ())])[0].first == NO_ID + b"a/1"


def test_after_the_retention_an_article_is_forgotten() -> None:
    index = redis_index()
    put(index, "a", 1)
    index.clock_seconds = START + 5 * WEEK
    assert found(index, 1) == []
    put(index, "a", 1)


def test_a_race_across_the_boundary_of_two_generations_has_one_winner() -> None:
    index = redis_index()
    at = fence(index)
    index.clock_seconds = START + WEEK
    put(index, "first", 1)
    (answer,) = index.commit([entry("second", 1, at=at)])
    assert isinstance(answer, Refused)
    assert bodies(answer.records) == [b"first"]


def test_what_was_committed_just_before_the_boundary_still_refuses_after_it() -> None:
    index = redis_index()
    at = fence(index)
    put(index, "first", 1)
    index.clock_seconds = START + WEEK
    assert isinstance(index.commit([entry("second", 1, at=at)])[0], Refused)


def test_a_revision_supersedes_one_of_an_earlier_generation() -> None:
    index = redis_index()
    put(index, "a", 1, record=b"old")
    index.clock_seconds = START + WEEK
    put(index, "a", 1, record=b"new", revision=2)
    assert found(index, 1) == [b"new"]


def test_a_clock_that_goes_back_does_not_open_an_older_generation() -> None:
    index = redis_index()
    put(index, "a", 1)
    index.clock_seconds = START - WEEK
    assert fence(index).generation == START // WEEK
    assert found(index, 1) == [b"a"]


def test_everything_of_a_generation_expires_together() -> None:
    client = fakeredis.FakeRedis()
    index = redis_index(client)
    index.clock_seconds = None
    put(index, "a", 1, 2)
    put(index, "b", 1, record=None)
    names = set(client.scan_iter("*")) - {b"dl:dup:now"}
    assert {name.split(b":")[1] for name in names} == {b"dup"}
    assert len({client.expiretime(name) for name in names}) == 1
    assert 4 * WEEK <= client.ttl(names.pop()) <= 5 * WEEK


def test_every_key_begins_with_the_prefix() -> None:
    client = fakeredis.FakeRedis()
    put(RedisDuplicateIndex(client, "{news}", clock_seconds=START), "a", 1)
    assert all(name.startswith(b"{news}:") for name in client.scan_iter("*"))


def test_a_server_that_lost_its_last_writes_refuses_once() -> None:
    client = fakeredis.FakeRedis()
    index = redis_index(client)
    put(index, "first", 1)
    ahead = Fence(fence(index).sequence + 5, fence(index).generation)
    (answer,) = index.commit([entry("second", 1, at=ahead)])
    assert isinstance(answer, Refused)
    assert index.commit([entry("second", 1, at=answer.fence)]) == [Committed()]


def test_another_number_of_buckets_takes_effect_with_the_next_generation() -> None:
    client = fakeredis.FakeRedis()
    put(redis_index(client, buckets=16), "a", 12345)
    wider = redis_index(client, buckets=64)
    assert found(wider, 12345) == [b"a"]
    assert posting_hashes(client) == [16]
    wider.clock_seconds = START + WEEK
    put(wider, "b", 12345)
    assert found(wider, 12345) == [b"a", b"b"]


def test_a_server_that_forgot_the_scripts_is_taught_again() -> None:
    client = fakeredis.FakeRedis()
    index = redis_index(client)
    put(index, "a", 1)
    client.script_flush()
    assert found(index, 1) == [b"a"]


def test_an_unreachable_server_is_tried_later() -> None:
    server = fakeredis.FakeServer()
    index = redis_index(fakeredis.FakeRedis(server=server))
    server.connected = False
    with pytest.raises(RetryLater):
        index.check([Probe("a", 1, (1,))])
    with pytest.raises(RetryLater):
        index.commit([entry("a", 1, at=Fence(0, 0))])


def test_a_client_that_decodes_is_refused() -> None:
    with pytest.raises(ValueError, match="decode_responses"):
        RedisDuplicateIndex(fakeredis.FakeRedis(decode_responses=True))


def test_a_retention_of_no_weeks_is_refused() -> None:
    with pytest.raises(ValueError, match="retention_weeks"):
        redis_index(retention_weeks=0)


def test_a_week_after_a_full_one_has_more_posting_hashes() -> None:
    client = fakeredis.FakeRedis()
    index = redis_index(client, buckets=1)
    for number in range(40):
        put(index, f"a{number}", number)
    index.clock_seconds = START + WEEK
    put(index, "next", 99)
    assert posting_hashes(client) == [8, 4, 1]


@pytest.mark.parametrize("buckets", [1, 65_536, 131_072, 262_144])
def test_keys_are_told_apart_by_all_their_bits_however_many_posting_hashes(buckets: int) -> None:
    index = redis_index(fakeredis.FakeRedis(), buckets=buckets)
    key = 0xAB_CDEF_0123
    put(index, "a", key)
    assert found(index, key) == [b"a"]
    others = [key ^ 1 << bit for bit in range(24 if buckets == 1 else 40)]
    assert [found(index, other) for other in others] == [[]] * len(others)


def test_a_commit_that_knows_the_sizes_of_buckets_finds_what_one_that_reads_them_finds(index: DuplicateIndex) -> None:
    """Buckets are few, so that most have grown between check and commit; every fourth commit is late."""
    chance = random.Random(7)
    reading = redis_index(buckets=2)
    late: list[tuple[str, tuple[int, ...], Fence, Fence]] = []
    for number in range(120):
        keys = tuple(chance.sample(range(40), 3))
        probe = [Probe(f"a{number}", 1, keys)]
        late.append((f"a{number}", keys, index.check(probe)[0].fence, reading.check(probe)[0].fence))
        while len(late) > number % 4:
            article_id, own, at, same = late.pop(0)
            mates = (f"a{number - 1}", f"a{number - 2}")
            answer = index.commit([entry(article_id, *own, at=at, considered=mates)])[0]
            (known,) = reading.commit([entry(article_id, *own, at=Fence(same[0], same[1]), considered=mates)])
            assert (type(answer), getattr(answer, "records", ())) == (type(known), getattr(known, "records", ()))
    assert [found(index, key) for key in range(40)] == [found(reading, key) for key in range(40)]


def test_a_refused_commit_leaves_the_buckets_as_they_were() -> None:
    client = fakeredis.FakeRedis()
    index = redis_index(client)
    put(index, "before", 5)
    at = index.check([Probe("second", 1, (1, 2, 3))])[0].fence
    put(index, "first", 3)
    buckets = {name: client.get(name) for name in client.scan_iter("*:p:*")}
    (answer,) = index.commit([entry("second", 1, 2, 3, at=at)])
    assert isinstance(answer, Refused)
    assert bodies(answer.records) == [b"first"]
    assert {name: client.get(name) for name in client.scan_iter("*:p:*")} == buckets


def test_many_articles_are_answered_in_their_order(index: DuplicateIndex) -> None:
    at = fence(index)
    entries = [entry(f"a{number}", 1_000 + number, at=at) for number in range(40)]
    assert index.commit(entries) == [Committed()] * 40
    snapshots = index.check([Probe("reader", 1, (1_000 + number,)) for number in range(40)])
    assert [bodies(each.records) for each in snapshots] == [[b"a%d" % number] for number in range(40)]
