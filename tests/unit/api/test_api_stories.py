"""Stories over HTTP, on results that went through the real dedupe stage."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from ledger_steps import claim, record
from unit.api.application import body, serving
from unit.cli.results import result
from unit.tasks.dedupe.test_dedupe_stories import AGAIN, AGAIN_TEXT, FIRE, FIRE_TEXT, OTHER, OTHER_TEXT

from schemas import (
    CleanText,
    Duplicates,
    Entities,
    Entity,
    FeedPage,
    FeedSummary,
    Form,
    Label,
    Mention,
    Outcome,
    Quality,
    Ref,
    Result,
    StoryDetail,
    StoryPage,
)
from store import STAGES, Advance, RedisDuplicateIndex, RedisStoryIndex, Store, StoryQuery
from store.stories import About, Member, StoryEntry
from tasks import pipeline
from tasks.dedupe import DedupeStage
from tasks.stage import StageInput

TEXTS = ((FIRE, FIRE_TEXT), (OTHER, OTHER_TEXT), (AGAIN, AGAIN_TEXT), (FIRE, FIRE_TEXT))


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with serving(store) as found:
        yield found


@pytest.fixture
def ids(client: TestClient, store: Store) -> list[str]:
    """Two articles about a fire, one about a budget, and a copy of the first, published in this order."""
    posted = [
        client.post("/v1/articles", json=body(n, title=title, text=text, source_domain=f"outlet{n}.example"))
        for n, (title, text) in enumerate(TEXTS)
    ]
    publish(store)
    return [response.json()["id"] for response in posted]


def publish(store: Store, entities: Entities | None = None) -> None:
    stage = DedupeStage(RedisDuplicateIndex(store.client), RedisStoryIndex(store.client))
    taken = claim(store)
    for ref in taken.refs:
        submission = store.results.submission(ref)
        assert submission is not None
        clean = CleanText(
            title=submission.title, text=submission.text or "", language="en", form=Form.TEXT, quality=Quality(words=50)
        )
        status = store.results.get(ref.article_id)
        assert status is not None
        [answer] = stage.run(
            [StageInput(ref, status.accepted_at, source=status.source, clean=clean, entities=entities)]
        )
        assert isinstance(answer, Duplicates)
        named = entities.model_dump_json() if entities else None
        outputs = [clean.model_dump_json(), named, None, answer.model_dump_json()]
        entry = FeedSummary(
            relation=answer.relation,
            canonical_id=answer.canonical_id,
            story_id=answer.story_id,
            merged_stories=answer.merged_stories,
        )
        for name, output in zip(STAGES, outputs, strict=True):
            last = name is STAGES[-1]
            advance = Advance(ref, record(name), output, Outcome.DONE, entry if last else None)
            store.ledger.advance([advance], taken.token, 60_000)


def stories(client: TestClient, query: str = "") -> StoryPage:
    response = client.get(f"/v1/stories{query}")
    assert response.status_code == 200, response.text
    return StoryPage.model_validate_json(response.content)


def test_a_story_says_who_tells_it_since_when_and_under_which_headline(client: TestClient, ids: list[str]) -> None:
    (story,) = stories(client).items
    assert (story.id, story.size, story.headline) == (ids[0], 3, FIRE)
    assert {source.value for source in story.sources} == {"outlet0.example", "outlet2.example", "outlet3.example"}
    assert story.source_count == 3
    assert story.first_at <= story.last_at


def test_a_story_is_read_with_its_articles(client: TestClient, ids: list[str]) -> None:
    story = StoryDetail.model_validate_json(client.get(f"/v1/stories/{ids[0]}").content)
    assert {article.article_id for article in story.articles} == {ids[0], ids[2], ids[3]}
    assert client.get(story.articles[0].status_url).status_code == 200


def test_a_result_names_its_story(client: TestClient, ids: list[str]) -> None:
    results = [Result.model_validate_json(client.get(f"/v1/articles/{one}").content) for one in ids]
    assert [one.duplicates.story_id for one in results if one.duplicates] == [ids[0], ids[1], ids[0], ids[0]]


def test_the_feed_names_the_story(client: TestClient, ids: list[str]) -> None:
    page = FeedPage.model_validate_json(client.get("/v1/feed").content)
    assert [entry.story_id for entry in page.items] == [ids[0], ids[1], ids[0], ids[0]]


@pytest.mark.parametrize("story_id", ["a" * 26, "x", "..%2fetc"])
def test_a_story_that_is_not_there_is_a_404(client: TestClient, story_id: str) -> None:
    assert client.get(f"/v1/stories/{story_id}").status_code == 404


def test_what_one_article_tells_alone_is_no_story(client: TestClient, ids: list[str]) -> None:
    assert client.get(f"/v1/stories/{ids[1]}").status_code == 404


@pytest.mark.parametrize("query", ["?order=oldest", "?limit=0", "?place=x", "?country=USA", "?entity=", "?colour=red"])
def test_an_impossible_question_is_a_422(client: TestClient, query: str) -> None:
    assert client.get(f"/v1/stories{query}").status_code == 422


@pytest.mark.parametrize("cursor", ["x", "%F0%9F%92%A9", "YQ"])
def test_a_wrong_cursor_is_a_problem_of_the_client(client: TestClient, cursor: str) -> None:
    assert client.get(f"/v1/stories?cursor={cursor}").status_code in {400, 422}


def put(store: Store, story: str, size: int, **about: object) -> None:
    """A story of so many articles."""
    index = RedisStoryIndex(store.client)
    founder = Member(story, 1, story, About(1_000, "o.example", **about), b"")  # type: ignore[arg-type]
    for number in range(1, size):
        member = Member(f"{story[:24]}{number:02}", 1, story, founder.about, b"")
        index.commit([StoryEntry(member, (), matched=Ref(story, 1), founders={story: founder})])


def test_stories_are_paged_by_time_and_by_size(client: TestClient, store: Store) -> None:
    names = {letter * 26: size for letter, size in zip("abcde", (2, 5, 3, 6, 4), strict=True)}
    for name, size in names.items():
        put(store, name, size)
    largest, cursor = [], ""
    while True:
        page = stories(client, f"?order=largest&limit=2{cursor}")
        largest += [story.id for story in page.items]
        if page.next_cursor is None:
            break
        cursor = f"&cursor={page.next_cursor}"
    assert largest == sorted(names, key=lambda name: -names[name])
    assert {story.id for story in stories(client).items} == set(names)


def test_stories_are_found_by_place_country_and_entity(client: TestClient, store: Store) -> None:
    put(store, "a" * 26, 2, places=("703448", "UA"), entities=("jane doe",))
    put(store, "b" * 26, 3, places=("2950159", "DE"), entities=("jane doe", "nato"))
    assert [story.id[0] for story in stories(client, "?place=703448").items] == ["a"]
    assert [story.id[0] for story in stories(client, "?country=de").items] == ["b"]
    assert [story.id[0] for story in stories(client, "?entity=Jane%20Doe&order=largest").items] == ["b", "a"]
    assert [story.id[0] for story in stories(client, "?entity=Jane%20Doe&country=UA").items] == ["a"]
    assert stories(client, "?entity=nobody").items == ()
    (story,) = stories(client, "?place=703448").items
    assert (story.places[0].geoname_id, story.countries[0].value, story.entities[0].value) == (703448, "UA", "jane doe")


def test_a_story_is_found_by_a_name_that_is_longer_than_the_index_keeps(client: TestClient, store: Store) -> None:
    name = "Commission of Inquiry into the Construction of Warehouses, Silos and Harbour Sheds of the Northern Coast"
    entity = Entity(
        id="ORG:inquiry",
        label=Label.ORG,
        name=name,
        mentions=(Mention(start=0, end=4, text="Fire"),),
        count=1,
        salience=1,
    )
    for number, (title, text) in enumerate(TEXTS[::2]):
        source = f"outlet{number}.example"
        client.post("/v1/articles", json=body(number, title=title, text=text, source_domain=source))
    publish(store, Entities(entities=(entity,)))
    (story,) = stories(client).items
    assert [one.value for one in story.entities] == [name]
    for asked in (name, name.upper(), name[:80], f" {name} "):
        assert [found.id for found in stories(client, f"?entity={quote(asked)}").items] == [story.id]


def test_a_story_names_places_and_entities_as_its_articles_do_read_alone_and_in_a_list(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "a" * 26, 12, places=("3936456", "99", "PE"), entities=("ada lima", "nobody"))
    put(store, "b" * 26, 2, places=("3936456",))
    knows = Ref("a" * 24 + "09", 1)
    monkeypatch.setattr(store.results, "many", lambda refs: [result(knows.article_id)] if knows in refs else [])
    alone, (listed,) = store.stories.get("a" * 26), store.stories.page(StoryQuery(entity="nobody")).items
    for story in (alone, listed):
        assert story is not None
        assert {place.geoname_id: place.name for place in story.places} == {3936456: "Lima", 99: None}
        assert [entity.value for entity in story.entities] == ["Ada Lima", "nobody"]
    (other,) = (story for story in store.stories.page(StoryQuery()).items if story.id == "b" * 26)
    assert [place.name for place in other.places] == [None]


def test_a_list_asks_no_more_articles_once_every_name_is_known(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, "a" * 26, 12, places=("3936456",), entities=("ada lima",))
    asked: list[int] = []

    def many(refs: Sequence[Ref]) -> list[Result]:
        asked.append(len(refs))
        return [result(refs[0].article_id)]

    monkeypatch.setattr(store.results, "many", many)
    (story,) = store.stories.page(StoryQuery()).items
    assert (story.places[0].name, story.entities[0].value, asked) == ("Lima", "Ada Lima", [1])


def test_the_id_of_a_story_that_merged_leads_to_the_other_one(client: TestClient, store: Store) -> None:
    put(store, "a" * 26, 3, entities=("nato",))
    put(store, "b" * 26, 2, entities=("nato",))
    last = Member("c" * 26, 1, "a" * 26, About(2_000, "c.example"), b"")
    RedisStoryIndex(store.client).commit([StoryEntry(last, (), merged=("b" * 26,))])
    merged = StoryDetail.model_validate_json(client.get(f"/v1/stories/{'b' * 26}").content)
    assert (merged.id, merged.size, len(merged.articles)) == ("a" * 26, 6, 6)
    assert [story.id for story in stories(client, "?entity=nato").items] == ["a" * 26]


def test_a_withdrawn_article_leaves_its_story(client: TestClient, store: Store, ids: list[str]) -> None:
    pipeline.withdrawal(store).article(ids[0])
    story = StoryDetail.model_validate_json(client.get(f"/v1/stories/{ids[0]}").content)
    assert story.size == 2
    assert {article.article_id for article in story.articles} == {ids[2], ids[3]}
    assert {source.value for source in story.sources} == {"outlet2.example", "outlet3.example"}
    pipeline.withdrawal(store).article(ids[2])
    assert client.get(f"/v1/stories/{ids[0]}").status_code == 404
    assert stories(client).items == ()


def test_copies_can_be_left_out_of_lists_and_of_the_feed(client: TestClient, ids: list[str]) -> None:
    listed = client.get("/v1/articles?originals=true").json()["items"]
    assert {one["id"] for one in listed} == set(ids[:3])
    assert {one["id"] for one in client.get("/v1/articles").json()["items"]} == set(ids)
    told = client.get("/v1/feed?originals=true").json()["items"]
    assert [one["article_id"] for one in told] == ids[:3]
