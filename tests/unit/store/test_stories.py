"""The story index: asked of fakeredis, and of a real server."""

import time
from collections.abc import Iterator

import fakeredis
import pytest

from schemas import Ref, RetryLater
from store.stories import About, Member, Membership, RedisStoryIndex, StoryEntry, StoryProbe, StoryView

NOW = int(time.time())
MONTH = 30 * 86_400


@pytest.fixture(params=["fakeredis", pytest.param("server", marks=pytest.mark.integration)])
def index(request: pytest.FixtureRequest) -> Iterator[RedisStoryIndex]:
    client = fakeredis.FakeRedis()
    if request.param == "server":
        client = request.getfixturevalue("redis_server").client()
    yield RedisStoryIndex(client, clock_seconds=NOW)
    client.close()


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


def test_articles_of_two_months_ago_are_found_and_older_ones_are_not(index: RedisStoryIndex) -> None:
    alone(index, "a", 1)
    index.clock_seconds = NOW + 2 * MONTH
    assert [one.article_id for one in look(index, "b", 1).members] == ["a"]
    index.clock_seconds = NOW + 3 * MONTH
    assert look(index, "b", 1).members == ()


def test_a_longer_window_finds_what_is_older(index: RedisStoryIndex) -> None:
    half_a_year = RedisStoryIndex(index._client, window_days=180, clock_seconds=NOW)
    alone(half_a_year, "a", 1)
    half_a_year.clock_seconds = index.clock_seconds = NOW + 6 * MONTH
    assert [one.article_id for one in look(half_a_year, "b", 1).members] == ["a"]
    assert look(index, "b", 1).members == (), "the window of who asks decides, so that it can be changed at any time"
    half_a_year.clock_seconds = NOW + 7 * MONTH
    assert look(half_a_year, "b", 1).members == ()


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
