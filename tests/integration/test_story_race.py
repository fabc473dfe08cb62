"""Articles about one event that arrive at once, twice each, on a real server: every rerun is told the same story."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from random import Random
from threading import Barrier

import pytest
from conftest import RedisServer

from schemas import CleanText, Duplicates, Form, Quality, Ref
from store import Store
from store.stories import RedisStoryIndex
from tasks.dedupe import DedupeStage, MemoryIndex
from tasks.stage import StageInput

pytestmark = pytest.mark.integration

EVENTS, OUTLETS = 8, 4
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HEADLINES = (
    "{4} at {0} {3} in {1} kills {2}",
    "{1} mourns {2}, victim of the {0} {3} {4}",
    "Inquiry into death of {2} at {0} {3}",
    "{2} died of {4} at the {0} {3}",
)


def words(seed: str, count: int) -> list[str]:
    """Made-up words that no other seed gives."""
    source = Random(seed)
    return ["".join(source.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(count)]


def told(number: int, outlet: int) -> StageInput:
    """What an outlet tells of an event: names, place, cause and trade are the event's, the other words its own.

    In an index that has seen nothing yet, all words are as rare as in the language at large: of like events told in the
    same words the first ones would be one story.
    """
    works, town, victim, chief, road = (word.capitalize() for word in words(f"event {number}", 5))
    building, cause, trade, part = words(f"kind of event {number}", 4)
    own = " ".join(words(f"outlet {number} {outlet}", 25))
    text = (
        f"The {works} {building} on {road} in {town} is closed after a {cause}. {own}. Tom {victim}, a {trade}, died "
        f"under its {part}, Maria {chief} said. {victim} had served {town} for years, {chief} added."
    )
    clean = CleanText(
        title=HEADLINES[outlet % len(HEADLINES)].format(works, town, victim, building, cause),
        text=text,
        language="en",
        form=Form.TEXT,
        published_at=NOON,
        quality=Quality(words=len(text.split())),
    )
    return StageInput(Ref(f"article-{number}-{outlet}", 1), NOON, source=f"outlet{outlet}.example", clean=clean)


@pytest.fixture
def stages(redis_server: RedisServer) -> Iterator[list[DedupeStage]]:
    """A stage for each outlet's worker, with a connection of its own. Copies are no matter here."""
    clients = [redis_server.client() for _ in range(OUTLETS)]
    yield [DedupeStage(MemoryIndex(), RedisStoryIndex(client)) for client in clients]
    for client in clients:
        client.close()


def run(stage: DedupeStage, article: StageInput) -> Duplicates:
    (answer,) = stage.run([article])
    assert isinstance(answer, Duplicates)
    return answer


def test_reruns_are_told_the_first_story_and_the_next_article_unites_what_raced(
    redis_server: RedisServer, stages: list[DedupeStage]
) -> None:
    start = Barrier(OUTLETS)

    def work(outlet: int) -> list[tuple[Duplicates, Duplicates]]:
        found = []
        for number in range(EVENTS):
            start.wait(timeout=30)
            article = told(number, outlet)
            found.append((run(stages[outlet], article), run(stages[outlet - 1], article)))
        return found

    with ThreadPoolExecutor(OUTLETS) as pool:
        answers = [pair for rows in pool.map(work, range(OUTLETS)) for pair in rows]
    # Meanwhile stories may merge, and a rerun is told the one that its story is in by now: nothing else may differ.
    listing = Store(redis_server.client()).stories
    firsts = listing.merged_into([first.story_id or "" for first, _ in answers])
    assert firsts == listing.merged_into([second.story_id or "" for _, second in answers])
    assert all(first.merged_stories == second.merged_stories for first, second in answers)
    for number in range(EVENTS):
        last = run(stages[0], told(number, OUTLETS))
        members = {ref.article_id for ref in listing.members(last.story_id or "")}
        assert members == {f"article-{number}-{outlet}" for outlet in range(OUTLETS + 1)}
