"""The story index: asked of fakeredis, and of a real server."""

import time
from collections.abc import Iterator

import fakeredis
import pytest
import redis

from schemas import Ref, RetryLater
from store.stories import About, Member, Membership, RedisStoryIndex, StoryEntry, StoryProbe, StoryView

NOW = int(time.time())
MONTH = 30 * 86_400


@pytest.fixture(params=["fakeredis", pytest.param("server", marks=pytest.mark.integration)])
def client(request: pytest.FixtureRequest) -> Iterator["redis.Redis"]:
    client = fakeredis.FakeRedis()
    if request.param == "server":
        client = request.getfixturevalue("redis_server").client()
    yield client
    client.close()


@pytest.fixture
def index(client: "redis.Redis") -> RedisStoryIndex:
    return RedisStoryIndex(client, clock_seconds=NOW)


def member(article_id: str, story_id: str | None = None, **about: object) -> Member:
    values = {"time": NOW, "outlet": f"{article_id}.example"} | about
    return Member(article_id, 1, story_id or article_id, About(**values), b"profile")  # type: ignore[arg-type]


def alone(index: RedisStoryIndex, article_id: str, *terms: int, **about: object) -> None:
    assert index.commit([StoryEntry(member(article_id, **about), terms)]) == [Membership(article_id)]


def join(
    index: RedisStoryIndex, article_id: str, founder: Member, *terms: int, merged: dict[str, Member] | None = None
) -> Membership:
    merged = merged or {}
    founders = {founder.story_id: founder, **merged}
    entry = StoryEntry(
        member(article_id, founder.story_id), terms, matched=founder.ref, founders=founders, merged=tuple(merged)
    )
    return index.commit([entry])[0]


def look(index: RedisStoryIndex, article_id: str, *terms: int, copy_of: str | None = None) -> StoryView:
    return index.check([StoryProbe(Ref(article_id, 1), terms, copy_of)])[0]


def test_an_empty_index_knows_nobody(index: RedisStoryIndex) -> None:
    view = look(index, "a", 1, 2)
    assert (view.articles, dict(view.counts), view.members, view.known) == (0, {1: 0, 2: 0}, (), None)


def test_who_shares_a_term_is_found_with_what_is_known_of_him(index: RedisStoryIndex) -> None:
    alone(index, "a", 1, 2, places=("5", "US"), entities=("jane doe",))
    view = look(index, "b", 2, 3)
    assert view.members == (member("a", places=("5", "US"), entities=("jane doe",)),)
    assert (view.articles, dict(view.counts)) == (1, {2: 1, 3: 0})


def test_rare_terms_count_more_than_common_ones(index: RedisStoryIndex) -> None:
    for number in range(6):
        alone(index, f"common{number}", 1, 2)
    alone(index, "rare", 9)
    assert look(index, "b", 1, 2, 9).members[0].article_id == "rare"


def test_at_most_thirty_two_members_are_returned(index: RedisStoryIndex) -> None:
    for number in range(60):
        alone(index, f"a{number}", number // 15)
    assert len(look(index, "b", 0, 1, 2, 3).members) == 32


def test_an_article_stays_in_its_story(index: RedisStoryIndex) -> None:
    alone(index, "a", 1)
    assert join(index, "b", member("a"), 1) == Membership("a")
    assert index.commit([StoryEntry(member("b", "other"), (1,))]) == [Membership("a")]
    assert look(index, "b", 1).known == Membership("a")


def test_a_later_revision_stays_in_the_story_and_announces_no_merger_again(index: RedisStoryIndex) -> None:
    alone(index, "a", 1)
    alone(index, "b", 2)
    assert join(index, "c", member("a"), 1, merged={"b": member("b")}) == Membership("a", ("b",))
    assert look(index, "c", 1).known == Membership("a", ("b",))
    assert index.check([StoryProbe(Ref("c", 2), (1,))])[0].known == Membership("a")


def test_members_of_a_story_that_merged_are_found_in_the_other_one(index: RedisStoryIndex) -> None:
    alone(index, "a", 1)
    alone(index, "b", 2)
    join(index, "b2", member("b"), 2)
    join(index, "c", member("a"), 1, merged={"b": member("b")})
    assert {one.story_id for one in look(index, "d", 1, 2).members} == {"a"}
    assert look(index, "b2").known == Membership("a")


def test_who_joins_a_story_that_has_just_merged_joins_the_other_one(index: RedisStoryIndex) -> None:
    alone(index, "a", 1)
    alone(index, "b", 2)
    join(index, "c", member("a"), 1, merged={"b": member("b")})
    assert join(index, "d", member("b"), 2).story_id == "a"


def test_a_copy_learns_the_story_of_its_original(index: RedisStoryIndex) -> None:
    alone(index, "a", 1)
    join(index, "b", member("a"), 1)
    original = look(index, "copy", copy_of="b").original
    assert original is not None
    assert (original.article_id, original.story_id) == ("b", "a")


def test_a_copy_of_what_is_not_known_has_no_original(index: RedisStoryIndex) -> None:
    assert look(index, "copy", copy_of="gone").original is None


def test_a_withdrawn_article_is_found_no_more(index: RedisStoryIndex) -> None:
    alone(index, "a", 1)
    join(index, "b", member("a"), 1)
    assert index.withdraw(Ref("b", 1))
    assert not index.withdraw(Ref("b", 1))
    view = look(index, "c", 1)
    assert [one.article_id for one in view.members] == ["a"]
    assert look(index, "b", 1).known is None


def numbers(client: "redis.Redis", story: str) -> dict[str, int]:
    """What is counted of a story: sources, places, entities."""
    fields = client.hgetall(f"dl:sty:s:{story}")
    return {name.decode(): int(value) for name, value in fields.items() if name[:2] in {b"o:", b"p:", b"e:"}}


@pytest.mark.parametrize("terms", [(1,), ()], ids=["an article", "a copy"])
@pytest.mark.parametrize("merged", [False, True], ids=["in its story", "after a merger"])
def test_what_only_a_withdrawn_article_says_is_told_of_its_story_no_more(
    client: "redis.Redis", index: RedisStoryIndex, terms: tuple[int, ...], *, merged: bool
) -> None:
    said: dict[str, object] = {"places": ("456172", "LV"), "entities": ("ada lune",)}
    own: dict[str, object] = {"places": ("456172", "EE"), "entities": ("per falk",), "time": NOW + 9}
    alone(index, "a", 1, **said)
    founder = member("a", **said)
    index.commit([StoryEntry(member("b", "a", **own), terms, matched=founder.ref, founders={"a": founder}, merged=())])
    if merged:
        alone(index, "z", 3)
        last = member("y", "z", entities=("late name",))
        founders = {"z": member("z"), "a": founder}
        index.commit([StoryEntry(last, (3,), matched=Ref("z", 1), founders=founders, merged=("a",))])
    story = "z" if merged else "a"
    assert numbers(client, story)["p:456172"] == 2
    assert index.withdraw(Ref("b", 1))
    left = numbers(client, story)
    assert (left["p:456172"], left["p:LV"], left["e:ada lune"], left["o:a.example"]) == (1, 1, 1, 1)
    assert left.keys().isdisjoint({"p:EE", "e:per falk", "o:b.example"})
    assert not client.exists("dl:sty:entity:per falk", "dl:sty:place:EE", f"dl:sty:c:{story}")
    assert client.hget(f"dl:sty:s:{story}", "last") == str(NOW).encode()


def test_withdrawn_articles_hide_no_others(index: RedisStoryIndex) -> None:
    for number in range(3):
        alone(index, f"kept{number}", 1, 2)
    for number in range(40):
        alone(index, f"gone{number}", number // 20 * 10 + 1, number // 20 * 10 + 2, 5 + number // 20)
        assert index.withdraw(Ref(f"gone{number}", 1))
    alone(index, "late", 12)
    assert [one.article_id for one in look(index, "b", 1, 2, 5, 11, 12).members] == ["late"]


def test_articles_of_one_call_are_answered_in_their_order_and_found_by_their_common_terms(
    index: RedisStoryIndex,
) -> None:
    entries = [StoryEntry(member(f"a{number}"), (7, 100 + number)) for number in range(40)]
    assert index.commit(entries) == [Membership(f"a{number}") for number in range(40)]
    probes = [StoryProbe(Ref(f"b{number}", 1), (100 + number,)) for number in range(40)]
    views = index.check([StoryProbe(Ref("a39", 1), ()), *probes, StoryProbe(Ref("c", 1), (), "a5")])
    assert views[0].known == Membership("a39")
    assert [view.members[0].article_id for view in views[1:-1]] == [f"a{number}" for number in range(40)]
    assert views[-1].original == member("a5")
    view = look(index, "d", 7)
    assert (view.counts, {one.article_id for one in view.members}) == ({7: 40}, {f"a{n}" for n in range(20, 40)})


def test_an_article_that_comes_twice_in_one_call_is_in_its_first_story(index: RedisStoryIndex) -> None:
    twice = [StoryEntry(member("a"), (1,)), StoryEntry(member("a", "other"), (1,))]
    assert index.commit(twice) == [Membership("a"), Membership("a")]
    assert look(index, "b", 1).counts == {1: 1}


def test_articles_of_two_months_ago_are_found_and_older_ones_are_not(index: RedisStoryIndex) -> None:
    alone(index, "a", 1)
    index.clock_seconds = NOW + 2 * MONTH
    assert [one.article_id for one in look(index, "b", 1).members] == ["a"]
    index.clock_seconds = NOW + 3 * MONTH
    assert look(index, "b", 1).members == ()


@pytest.mark.parametrize("days", [30, 60, 120, 180, 360])
def test_whenever_it_came_an_article_is_found_for_as_long_as_the_window(index: RedisStoryIndex, days: int) -> None:
    index = RedisStoryIndex(index._client, window_days=days)
    begins = NOW // MONTH * MONTH
    for month in range(8):
        index.clock_seconds = begins + month * MONTH + MONTH // 2
        alone(index, f"a{month}", 1)
        index.clock_seconds += days * 86_400
        assert f"a{month}" in [one.article_id for one in look(index, "b", 1).members]


def test_a_long_window_has_no_more_generations_than_a_short_one(index: RedisStoryIndex) -> None:
    half_a_year = RedisStoryIndex(index._client, window_days=180)
    for month in range(14):
        half_a_year.clock_seconds = NOW + month * MONTH
        alone(half_a_year, f"a{month}", 1)
    lines = index._client.hget("dl:sty:now", "generations").splitlines()  # type: ignore[union-attr]
    assert len(lines) == 3
    half_a_year.clock_seconds = NOW + 24 * MONTH
    assert look(half_a_year, "b", 1).members == ()


def test_a_longer_window_holds_for_what_comes_from_the_next_month_on(index: RedisStoryIndex) -> None:
    alone(index, "a", 1)
    half_a_year = RedisStoryIndex(index._client, window_days=180, clock_seconds=NOW + MONTH)
    alone(half_a_year, "b", 1)
    half_a_year.clock_seconds = NOW + 7 * MONTH
    assert [one.article_id for one in look(half_a_year, "c", 1).members] == ["b"]


def test_a_shorter_window_still_finds_what_a_longer_one_keeps(index: RedisStoryIndex) -> None:
    half_a_year = RedisStoryIndex(index._client, window_days=180, clock_seconds=NOW)
    for month in range(3):
        half_a_year.clock_seconds = NOW + month * MONTH
        alone(half_a_year, f"a{month}", 1)
    two_months = RedisStoryIndex(index._client, window_days=60, clock_seconds=NOW + 4 * MONTH)
    alone(two_months, "b", 1)
    assert [one.article_id for one in look(two_months, "c", 1).members] == ["b", "a2", "a1", "a0"]


def test_a_generation_that_has_given_out_all_its_places_is_followed_by_another(index: RedisStoryIndex) -> None:
    alone(index, "a", 1)
    line = index._client.hget("dl:sty:now", "generations").split()  # type: ignore[union-attr]
    line[2] = b"%d" % (1 << 18)
    index._client.hset("dl:sty:now", mapping={"sequence": (1 << 24) - 1, "generations": b" ".join(line) + b"\n"})
    for name in ("b", "c"):
        alone(index, name, 1)
    assert [one.article_id for one in look(index, "d", 1).members] == ["c", "b"]
    lines = index._client.hget("dl:sty:now", "generations").splitlines()  # type: ignore[union-attr]
    assert [line.split()[2:4] for line in lines] == [[b"524288", b"16777215"], [b"262144", b"0"]]


def test_everything_expires() -> None:
    client = fakeredis.FakeRedis()
    index = RedisStoryIndex(client)
    alone(index, "a", 1, places=("5",), entities=("jane",))
    join(index, "b", member("a"), 1)
    names = set(client.scan_iter("*")) - {b"dl:sty:now"}
    assert all(0 < client.ttl(name) <= 3 * MONTH for name in names)


def test_an_unreachable_server_is_tried_later() -> None:
    server = fakeredis.FakeServer()
    index = RedisStoryIndex(fakeredis.FakeRedis(server=server))
    server.connected = False
    with pytest.raises(RetryLater):
        look(index, "a", 1)


def test_nothing_asked_is_nothing_answered(index: RedisStoryIndex) -> None:
    assert (index.check([]), index.commit([])) == ([], [])
