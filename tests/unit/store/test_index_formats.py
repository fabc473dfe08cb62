"""How the index of duplicates is written, and what becomes of one that another version has written."""

import time
from collections.abc import Iterator

import fakeredis
import pytest
import redis
from unit.store.test_duplicates import START, WEEK, bodies, entry, fence, found, posting_hashes, put, redis_index
from unit.store.test_stories import MONTH, NOW, alone, look, member

from schemas import Ref
from store import NewerFormat
from store._scripts import INDEX_FORMAT
from store.duplicates import Probe, RedisDuplicateIndex, Refused, Succession
from store.packed_ids import NO_ID, pack_id
from store.stories import RedisStoryIndex, StoryEntry, StoryProbe

THIS_WEEK = START // WEEK
DECIDED = b"\x03\x00" + b"s" * 11
FIRST = b"\0\0\0\1"
"""A revision."""


def written_by_format_1(client: "redis.Redis", week: int = THIS_WEEK, base: int = 0) -> None:
    """What the last version with format 1 left after `old` (keys 1 and 2), its `copy`, and `other` (key 3)."""
    root = f"dl:dup:{week}"
    client.hset("dl:dup:now", mapping={"generation": week, "sequence": base + 2})
    client.hset(root, mapping={"buckets": 2, "base": base})
    ids = {
        pack_id("old"): FIRST + b"\0\0\1" + NO_ID + DECIDED,
        pack_id("copy"): FIRST + b"\0\0\0" + pack_id("old") + DECIDED + pack_id("old"),
        pack_id("other"): FIRST + b"\0\0\2" + NO_ID + DECIDED,
    }
    client.hset(f"{root}:a:0", mapping=ids)  # type: ignore[arg-type]
    postings = {b"\0\0\1": b"\0\0\1", b"\0\0\2": b"\0\0\1", b"\0\0\3": b"\0\0\2"}
    client.hset(f"{root}:p:0", mapping=postings)  # type: ignore[arg-type]
    client.rpush(f"{root}:r:0", pack_id("old") + b"old", pack_id("other") + b"other")
    client.rpush(f"{root}:c:".encode() + pack_id("old"), pack_id("copy") + FIRST)
    for name in client.scan_iter(f"{root}*"):
        client.expireat(name, (week + 5) * WEEK)


@pytest.fixture(params=["fakeredis", pytest.param("server", marks=pytest.mark.integration)])
def client(request: pytest.FixtureRequest) -> Iterator["redis.Redis"]:
    client: redis.Redis = fakeredis.FakeRedis()
    if request.param == "server":
        client = request.getfixturevalue("redis_server").client()
    yield client
    client.close()


def names(client: "redis.Redis") -> set[bytes]:
    return set(client.scan_iter("*"))


def test_copies_of_what_format_1_indexed_are_found_and_its_decisions_stand(client: "redis.Redis") -> None:
    written_by_format_1(client)
    index = redis_index(client)
    assert found(index, 2, 3) == [b"old", b"other"]
    assert index.check([Probe("other", 1, (3,))])[0].first == NO_ID + DECIDED


def test_a_generation_of_format_1_goes_on_as_an_older_worker_reads_it(client: "redis.Redis") -> None:
    written_by_format_1(client)
    before = names(client)
    index = redis_index(client)
    put(index, "new", 2)
    assert client.hget(f"dl:dup:{THIS_WEEK}:p:0", b"\0\0\2") == b"\0\0\1\0\0\3"
    assert client.hget(f"dl:dup:{THIS_WEEK}:a:0", pack_id("new"))
    assert names(client) == before, "nothing that an older worker would not look at"
    assert client.hget("dl:dup:now", "format") is None
    assert found(index, 2) == [b"old", b"new"]


def test_what_format_1_indexed_can_be_withdrawn(client: "redis.Redis") -> None:
    written_by_format_1(client)
    index = redis_index(client)
    assert index.withdraw(Ref("old", 1)) == Succession(Ref("old", 1), Ref("copy", 1), ())
    snapshot = index.check([Probe("reader", 1, (1,))])[0]
    assert snapshot.records == (pack_id("copy") + b"old",)


def test_the_week_after_one_of_format_1_is_in_the_new_format_and_both_are_searched(client: "redis.Redis") -> None:
    written_by_format_1(client)
    index = redis_index(client)
    index.clock_seconds = START + WEEK
    put(index, "new", 2)
    assert found(index, 2) == [b"old", b"new"]
    assert index.withdraw(Ref("old", 1)) == Succession(Ref("old", 1), Ref("copy", 1), ())
    assert not client.exists(f"dl:dup:{THIS_WEEK + 1}"), "an older worker does not take it for its own"
    assert client.hget("dl:dup:now", "format") == b"%d" % INDEX_FORMAT


def test_a_week_that_an_older_worker_has_opened_stays_in_its_format(client: "redis.Redis") -> None:
    """The week turns while two versions work side by side, and the older one is first."""
    index = redis_index(client)
    index.clock_seconds = START - WEEK
    put(index, "before", 3)
    written_by_format_1(client, base=1)
    index.clock_seconds = START
    assert found(index, 2, 3) == [b"old", b"before", b"other"]
    put(index, "new", 2)
    assert client.hget(f"dl:dup:{THIS_WEEK}:p:0", b"\0\0\2") == b"\0\0\1\0\0\3"


def test_format_1_is_forgotten_when_it_has_expired(client: "redis.Redis") -> None:
    written_by_format_1(client)
    index = redis_index(client)
    index.clock_seconds = START + 5 * WEEK
    put(index, "new", 2)
    assert found(index, 2) == [b"new"]
    assert client.hget("dl:dup:now", "generations").count(b"\n") == 1  # type: ignore[union-attr]


def test_stories_of_format_1_go_on_where_an_older_worker_finds_them(client: "redis.Redis") -> None:
    month = f"dl:sty:{NOW // MONTH}"
    client.hset("dl:sty:now", mapping={"generation": NOW // MONTH, "sequence": 0})
    client.hset(month, mapping={"buckets": 2, "base": 0})
    client.expire(month, 3 * MONTH)
    index = RedisStoryIndex(client, clock_seconds=NOW)
    alone(index, "a", 1)
    assert look(index, "b", 1).members == (member("a"),)
    assert {name for name in client.scan_iter("*:sty:*") if not name.startswith(month.encode())} == {b"dl:sty:now"}
    index.clock_seconds = NOW + MONTH
    alone(index, "c", 2)
    assert look(index, "b", 1, 2).members == (member("c"), member("a"))


@pytest.mark.parametrize("name", ["dup", "sty"])
def test_an_index_that_a_newer_version_writes_is_left_to_it(client: "redis.Redis", name: str) -> None:
    duplicates = RedisDuplicateIndex(client)
    stories = RedisStoryIndex(client)
    work = {
        "dup": [
            lambda: duplicates.check([Probe("a", 1, (1,))]),
            lambda: duplicates.commit([entry("a", 1, at=at)]),
            lambda: duplicates.withdraw(Ref("a", 1)),
        ],
        "sty": [
            lambda: stories.check([StoryProbe(Ref("a", 1), (1,))]),
            lambda: stories.commit([StoryEntry(member("a"), (1,))]),
            lambda: stories.withdraw(Ref("a", 1)),
        ],
    }
    at = fence(duplicates)
    client.hset(f"dl:{name}:now", "format", INDEX_FORMAT + 1)
    before = names(client)
    for each in work[name]:
        with pytest.raises(NewerFormat, match=f"index is in format {INDEX_FORMAT + 1}.*up to format {INDEX_FORMAT};"):
            each()
    assert names(client) == before


def test_a_full_posting_list_costs_the_others_in_its_bucket_nothing(client: "redis.Redis") -> None:
    index = redis_index(client, buckets=1)
    for number in range(20):
        put(index, f"a{number:02}", 1, 100 + number, 200)
    assert [found(index, 100 + number) for number in range(20)] == [[b"a%02d" % number] for number in range(20)]
    assert found(index, 1) == found(index, 200) == [b"a%02d" % number for number in range(5, 13)]


def test_a_bucket_that_was_written_anew_still_expires_with_its_week() -> None:
    client = fakeredis.FakeRedis()
    index = redis_index(client, buckets=1)
    for number in range(17):
        put(index, f"a{number}", 1)
    [bucket] = client.scan_iter("*:p:*")
    assert time.time() < client.expiretime(bucket) == (THIS_WEEK + 5) * WEEK


def test_a_key_is_not_seen_across_the_edge_of_two_entries(client: "redis.Redis") -> None:
    index = redis_index(client, buckets=1)
    put(index, "a", 0xAABBCC)
    put(index, "b", 0xDDEEFF)
    assert client.get(next(client.scan_iter("*:p:*"))) == bytes.fromhex("aabbcc 000001 ddeeff 000002")
    inside = [0xBBCC00, 0xCC0000, 0x000001, 0x0001DD, 0x01DDEE, 0xEEFF00, 0xFF0000, 0x000002]
    assert [found(index, key) for key in inside] == [[]] * len(inside)
    put(index, "c", 0x0001DD)
    assert found(index, 0x0001DD) == [b"c"]
    assert bodies(index.check([Probe("reader", 1, (0xDDEEFF,))])[0].records) == [b"b"]


def test_a_crowded_week_goes_on_in_more_buckets_and_stays_one_index(client: "redis.Redis") -> None:
    index = redis_index(client, buckets=1)
    at = fence(index)
    for number in range(200):
        put(index, f"a{number}", number, 7_000 + number % 40)
    assert posting_hashes(client) == [32, 4, 1]
    assert [found(index, number) for number in range(200)] == [[b"a%d" % number] for number in range(200)]
    assert len(found(index, 7_000)) == 5, "from all three"
    [first] = index.commit([entry("late", 0, at=at)])
    assert isinstance(first, Refused), "an older fence is held against all of them"
    assert index.check([Probe("a0", 1, (0,))])[0].first == NO_ID + b"a0/1"
    put(index, "a0", 5_000, revision=2)
    assert found(index, 0) == []
    assert index.withdraw(Ref("a40", 1)) is None
    assert found(index, 40) == []


def test_a_crowded_generation_expires_with_its_week() -> None:
    client = fakeredis.FakeRedis()
    index = redis_index(client, buckets=1)
    for number in range(40):
        put(index, f"a{number}", number)
    everything = names(client) - {b"dl:dup:now"}
    assert {client.expiretime(name) for name in everything} == {(THIS_WEEK + 5) * WEEK}


def test_a_week_of_format_1_is_never_crowded(client: "redis.Redis") -> None:
    written_by_format_1(client)
    index = redis_index(client)
    for number in range(100):
        put(index, f"a{number}", 1_000 + number)
    assert client.hget("dl:dup:now", "generations") is None
