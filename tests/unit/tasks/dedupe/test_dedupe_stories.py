"""Stories through the whole stage: in memory, and on fakeredis."""

from datetime import UTC, datetime, timedelta

import fakeredis
import pytest

from schemas import CleanText, Duplicates, Form, Quality, Ref, Relation
from store.stories import RedisStoryIndex
from tasks.dedupe import DedupeStage, MemoryIndex, MemoryStories
from tasks.dedupe._profile import MOST_TERMS, pack_profile, profile_of, unpack_profile
from tasks.dedupe._stories import StoryIndex
from tasks.dedupe._story_evidence import EVIDENCE, Rarity, odds, shipped, story_evidence
from tasks.stage import StageInput

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
FIRE = "Warehouse fire in Oakport kills three firefighters"
FIRE_TEXT = (
    "Three firefighters died on Wednesday when the roof of a burning warehouse in Oakport collapsed, Fire Chief Maria "
    "Delgado said. The blaze at the Brennan Paper warehouse on Quayside Road began at 4.15 a.m. and took 120 "
    "firefighters nine hours to control. Chief Delgado named the dead as Tom Ashworth, Lena Fischer and Raj Patel."
)
AGAIN = "Oakport mourns three firefighters killed in Brennan Paper fire"
AGAIN_TEXT = (
    "Oakport came to a standstill to mourn Tom Ashworth, Lena Fischer and Raj Patel, the firefighters who were killed "
    "when the Brennan Paper warehouse on Quayside Road burned down. Maria Delgado, the fire chief, said an inquiry "
    "into the collapse of the roof had begun. Investigators suspect an electrical fault."
)
OTHER = "Parliament in Lisbon passes budget after long night"
OTHER_TEXT = (
    "Portuguese lawmakers passed the budget for next year on Thursday after a debate of 14 hours. Finance Minister "
    "Joana Costa promised lower taxes for families and more money for hospitals. The opposition called it reckless."
)


def article(article_id: str, title: str, text: str, hours: float = 0, revision: int = 1) -> StageInput:
    clean = CleanText(
        title=title,
        text=text,
        language="en",
        form=Form.TEXT,
        published_at=NOON + timedelta(hours=hours),
        quality=Quality(words=len(text.split())),
    )
    return StageInput(Ref(article_id, revision), NOON, source=f"{article_id}.example", clean=clean)


@pytest.fixture(params=["memory", "redis"])
def stage(request: pytest.FixtureRequest) -> DedupeStage:
    stories: StoryIndex = MemoryStories()
    if request.param == "redis":
        stories = RedisStoryIndex(fakeredis.FakeRedis())
    return DedupeStage(MemoryIndex(), stories)


def run(stage: DedupeStage, *articles: StageInput) -> list[Duplicates]:
    answers = stage.run(articles)
    assert all(isinstance(answer, Duplicates) for answer in answers)
    return answers  # type: ignore[return-value]


BATCH = (
    article("fire", FIRE, FIRE_TEXT),
    article("budget", OTHER, OTHER_TEXT, hours=1),
    article("again", AGAIN, AGAIN_TEXT, hours=20),
)


def test_a_second_article_about_an_event_joins_its_story(stage: DedupeStage) -> None:
    answers = [run(stage, one)[0] for one in BATCH]
    assert [answer.story_id for answer in answers] == ["fire", "budget", "fire"]
    assert [answer.relation for answer in answers] == [Relation.ORIGINAL, Relation.ORIGINAL, Relation.SAME_STORY]
    assert not answers[2].is_copy
    assert answers[2].canonical_id == "again"


def test_articles_of_one_batch_see_each_other(stage: DedupeStage) -> None:
    assert [answer.story_id for answer in run(stage, *BATCH)] == ["fire", "budget", "fire"]


def test_running_a_batch_again_gives_the_first_stories(stage: DedupeStage) -> None:
    first = run(stage, *BATCH)
    assert run(stage, *BATCH) == first
    assert run(stage, *reversed(BATCH)) == first[::-1]


def test_a_copy_is_in_the_story_of_its_original(stage: DedupeStage) -> None:
    run(stage, BATCH[0])
    first, second = run(stage, article("copy", FIRE, FIRE_TEXT, hours=2), article("copy2", FIRE, FIRE_TEXT, hours=2))
    assert {first.relation, second.relation} == {Relation.EXACT}
    assert (first.story_id, second.story_id) == ("fire", "fire")
    assert run(stage, BATCH[2])[0].story_id == "fire"


def test_the_copy_of_a_mate_in_its_batch_is_in_his_story(stage: DedupeStage) -> None:
    answers = run(stage, BATCH[0], article("copy", FIRE, FIRE_TEXT))
    assert [answer.story_id for answer in answers] == ["fire", "fire"]


def test_a_new_revision_stays_in_the_story(stage: DedupeStage) -> None:
    run(stage, *BATCH)
    (answer,) = run(stage, article("again", OTHER, OTHER_TEXT, revision=2))
    assert answer.story_id == "fire"


def test_the_same_words_months_later_are_another_story(stage: DedupeStage) -> None:
    run(stage, BATCH[0])
    late = article("late", "Warehouse fire in Springfield kills two", OTHER_TEXT, hours=24 * 50)
    assert run(stage, late)[0].story_id == "late"


def test_without_a_story_index_there_are_no_stories() -> None:
    (answer,) = run(DedupeStage(MemoryIndex()), BATCH[0])
    assert answer.story_id is None


@pytest.mark.parametrize("text", ["", "a", "…", "市長は火曜日に辞任した。", "x " * 50_000, "7" * 100_000])
def test_no_text_breaks_a_profile(stage: DedupeStage, text: str) -> None:
    first, second = run(stage, article("a", "", text), article("b", "", text))
    assert first.story_id == "a"
    assert second.story_id in {"a", "b"}


def test_a_profile_survives_packing() -> None:
    clean = BATCH[0].clean
    assert clean is not None
    profile = profile_of(clean, None, title_only=False)
    assert len(profile) == MOST_TERMS
    assert list(unpack_profile(pack_profile(profile)).items()) == list(profile.items())


def test_the_body_of_a_paywall_is_not_read() -> None:
    clean = BATCH[0].clean
    assert clean is not None
    assert all(term.in_title or term.is_name for term in profile_of(clean, None, title_only=True).values())


def test_the_evidence_has_a_number_for_every_name() -> None:
    profiles = [profile_of(one.clean, None, title_only=False) for one in BATCH if one.clean]
    facts = story_evidence(profiles[0], profiles[2], Rarity(0, {}), 3_600)
    assert len(facts) == len(EVIDENCE) == len(shipped().weights)
    unlike = story_evidence(profiles[0], profiles[1], Rarity(0, {}), 3_600)
    assert odds(facts, shipped()) > shipped().join > odds(unlike, shipped())


def test_a_term_that_every_article_has_says_nothing() -> None:
    assert Rarity(1_000, {7: 1_000}).of(7) < 0.05
    assert Rarity(1_000, {}).of(7) > 0.9
