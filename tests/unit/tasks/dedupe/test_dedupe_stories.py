"""Stories through the whole stage: in memory, and on fakeredis."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import fakeredis
import pytest

from schemas import (
    CleanText,
    Duplicates,
    Entities,
    Entity,
    Form,
    Geotags,
    Label,
    Mention,
    Place,
    PlaceKind,
    PlaceMention,
    PlaceRole,
    Quality,
    Ref,
    Relation,
)
from store.stories import RedisStoryIndex, StoryEntry, StoryProbe
from tasks.dedupe import DedupeStage, MemoryIndex, MemoryStories, Told, Weighing, take, told
from tasks.dedupe._profile import (
    INDEXED_TERMS,
    MOST_TERMS,
    Counts,
    Profile,
    chosen,
    pack_profile,
    unpack_profile,
    weighed,
)
from tasks.dedupe._scene import Scene, pack_scene
from tasks.dedupe._setting import NOWHERE, Setting, pack_setting, unpack_setting
from tasks.dedupe._stories import StoryIndex
from tasks.dedupe._story_evidence import EVIDENCE, OPEN, UNDATED_EVIDENCE, Apart, shipped, side_of, story_evidence
from tasks.dedupe._story_terms import Kind, Reading, terms_of
from tasks.dedupe._trees import planted
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


def test_a_batch_is_weighed_as_if_its_articles_had_come_one_by_one() -> None:
    alone, together = MemoryStories(), MemoryStories()
    for one in BATCH:
        run(DedupeStage(MemoryIndex(), alone), one)
    run(DedupeStage(MemoryIndex(), together), *BATCH)
    question = StoryProbe(Ref("other", 1), tuple(profile_of(BATCH[2])))
    assert alone.check([question]) == together.check([question])


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


SCENE = Scene(days=(20_513, 20_510), clocks=(1_290,), streets=(7, 65_535), numbers=(1_200,))


def profile_of(one: StageInput, counts: Counts | None = None) -> Profile:
    assert one.clean is not None
    said = terms_of(Reading(one.clean), one.clean.published_at, title_only=False)
    return weighed(chosen(said), counts or Counts(0, {}))


def test_a_profile_survives_packing() -> None:
    profile = profile_of(article("long", FIRE, f"{FIRE_TEXT} {AGAIN_TEXT} {OTHER_TEXT}"))
    assert len(profile) == MOST_TERMS
    setting = pack_setting(Geotags(places=(place(7), place(8))), title_only=False)
    terms, scene, unpacked = unpack_profile(pack_profile(profile, SCENE, setting))
    assert list(terms.items()) == list(profile.items())
    assert scene == SCENE
    assert unpacked == unpack_setting(setting) != Setting()


def test_a_profile_from_before_scenes_and_settings_is_still_read() -> None:
    """And one from before places and persons: either has its terms behind the byte of its version."""
    terms = pack_profile(profile_of(BATCH[0]), Scene(), NOWHERE)[1 + len(pack_scene(Scene()) + NOWHERE) :]
    expected = (profile_of(BATCH[0]), Scene(), Setting())
    assert unpack_profile(b"\x02" + terms) == unpack_profile(b"\x03" + terms) == expected
    without_setting = b"\x04" + pack_scene(SCENE) + terms
    assert unpack_profile(without_setting) == (profile_of(BATCH[0]), SCENE, Setting())


def test_a_profile_of_another_version_or_cut_short_is_not_read() -> None:
    packed = pack_profile(profile_of(BATCH[0]), SCENE, NOWHERE)
    nothing: tuple[Profile, Scene, Setting] = ({}, Scene(), Setting())
    assert unpack_profile(b"\x01" + packed[1:]) == unpack_profile(b"\xff" + packed[1:]) == nothing
    assert unpack_profile(b"") == unpack_profile(packed[:1]) == unpack_profile(packed[:-1]) == nothing


def test_an_article_is_found_by_its_weightiest_terms_only() -> None:
    index = MemoryStories()
    run(DedupeStage(MemoryIndex(), index), BATCH[0])
    terms = tuple(profile_of(BATCH[0]))
    counts = index.check([StoryProbe(Ref("other", 1), terms)])[0].counts
    assert [counts[term] for term in terms] == [1] * INDEXED_TERMS + [0] * (len(terms) - INDEXED_TERMS)


def test_the_body_of_a_paywall_is_not_read() -> None:
    clean = BATCH[0].clean
    assert clean is not None
    said = terms_of(Reading(clean), NOON, title_only=True)
    assert all(said.in_title or said.kind is Kind.NAME for said in said.values())


def test_weekdays_and_dates_become_days_where_the_day_of_publication_is_known() -> None:
    text = "He died on Tuesday, days after the fire of February 27. The trial begins on 12 May 2026 or 30 February."
    clean = CleanText(title=None, text=text, language="en", form=Form.TEXT, quality=Quality(words=20))
    dated, undated = terms_of(Reading(clean), NOON, title_only=False), terms_of(Reading(clean), None, title_only=False)
    # 4 March 2026 was a Wednesday.
    days = {f"^{(date - datetime(1970, 1, 1, tzinfo=UTC)).days}" for date in (
        datetime(2026, 3, 3, tzinfo=UTC), datetime(2026, 2, 27, tzinfo=UTC), datetime(2026, 5, 12, tzinfo=UTC)
    )}  # fmt: skip
    assert {term for term, said in dated.items() if said.kind is Kind.DAY} == days
    assert "tuesda" not in dated
    assert "tuesda" in undated
    assert not any(said.kind is Kind.DAY for said in undated.values())


@pytest.mark.parametrize(
    "text", ["A 9-year-old girl was hurt.", "Lena Fischer, 9, was hurt.", "A girl aged 9 was hurt."]
)
def test_ages_are_terms_of_their_own(text: str) -> None:
    clean = CleanText(title=None, text=text, language="en", form=Form.TEXT, quality=Quality(words=5))
    said = terms_of(Reading(clean), None, title_only=False)
    assert said["~9"].kind is Kind.AGE
    assert "#9" not in said


def place(geoname_id: int, kind: PlaceKind = PlaceKind.CITY, confidence: float = 0.9, mentions: int = 1) -> Place:
    said = PlaceMention(start=0, end=7, text="Oakport", role=PlaceRole.MENTION, confidence=confidence)
    return Place(
        geoname_id=geoname_id, name="Oakport", kind=kind, latitude=1, longitude=1, confidence=confidence,
        mentions=(said,) * mentions,
    )  # fmt: skip


def person(name: str) -> Entity:
    mention = Mention(start=0, end=len(name), text=name)
    return Entity(id="person:one", label=Label.PERSON, name=name, mentions=(mention,), count=1, salience=0.5)


def test_sure_places_smaller_than_a_country_are_terms_by_their_ids() -> None:
    clean = BATCH[0].clean
    assert clean is not None
    places = (place(7, mentions=3), place(8, PlaceKind.COUNTRY), place(9, confidence=0.2), place(10, PlaceKind.ADMIN1))
    said = terms_of(Reading(clean, geotag=Geotags(places=places, gazetteer="1")), NOON, title_only=False)
    assert {term for term, one in said.items() if one.kind is Kind.PLACE} == {"+7", "+10"}
    assert said["+7"].often > said["+10"].often
    assert said["+7"].chance < said["+10"].chance


def test_a_person_is_known_by_the_name_that_all_use() -> None:
    clean = BATCH[0].clean
    assert clean is not None
    said = [
        terms_of(Reading(clean, Entities(entities=(person(name),))), NOON, title_only=False)
        for name in ("Fire Chief Maria Delgado", "Delgado")
    ]
    assert all(one["%delgado"].kind is Kind.PERSON for one in said)


def test_names_and_places_of_a_body_that_is_not_read_say_nothing() -> None:
    clean = BATCH[0].clean
    assert clean is not None
    reading = Reading(clean, Entities(entities=(person("Maria Delgado"),)), Geotags(places=(place(7),), gazetteer="1"))
    said = terms_of(reading, NOON, title_only=True)
    assert not any(one.kind in {Kind.PLACE, Kind.PERSON} for one in said.values())


@pytest.mark.parametrize(
    ("apart", "names"), [(Apart(3_600, False, (20_513, 20_513)), EVIDENCE), (None, UNDATED_EVIDENCE)]
)
def test_the_evidence_has_a_number_for_every_name(apart: Apart | None, names: tuple[str, ...]) -> None:
    weighing = shipped().dated if apart else shipped().undated
    fire, budget, again = (side_of(profile_of(one), Scene(), Setting()) for one in BATCH)
    facts, unlike = story_evidence(fire, again, apart), story_evidence(fire, budget, apart)
    assert len(facts) == len(names) == len(weighing.weights)
    assert weighing.odds(facts) > weighing.join > weighing.odds(unlike)


def test_without_dates_an_article_joins_its_story_too(stage: DedupeStage) -> None:
    undated = [
        replace(one, clean=one.clean.model_copy(update={"published_at": None}))
        for one in BATCH
        if one.clean is not None
    ]
    assert [run(stage, one)[0].story_id for one in undated] == ["fire", "budget", "fire"]


def asking_trees(weight: float) -> Weighing:
    trees = planted(0.0, [["x", 0.5, -2.0, 6.0]], ["x"])
    return Weighing((weight,), 0.0, join=0.0, alone=0.0, merge=1.0, everyone=0.5, trees=trees)


def test_trees_are_asked_where_the_weighed_sum_leaves_a_pair_open() -> None:
    assert asking_trees(2.0).odds((1.0,)) == (2.0 + 6.0) / 2
    assert asking_trees(OPEN).odds((1.0,)) == OPEN


def test_a_term_that_every_article_has_says_nothing() -> None:
    assert Counts(1_000, {7: 1_000}).rarity(7, 0.01) < 0.05
    assert Counts(1_000, {}).rarity(7, 1e-4) > 0.9


def test_how_rare_a_term_is_does_not_depend_on_how_much_was_indexed() -> None:
    assert Counts(0, {}).rarity(7, 0.01) == pytest.approx(Counts(10_000, {7: 100}).rarity(7, 0.01))


def weighing(alone: float = 0.0, everyone: float = 0.5) -> Weighing:
    return Weighing((), 0.0, join=0.0, alone=alone, merge=1.0, everyone=everyone)


def test_a_story_whose_other_articles_disagree_speaks_less_for_another_one() -> None:
    one_sided, united = [3.0, -9.0, -9.0, -9.0], [3.0, 2.0, 2.0, 2.0]
    assert weighing().agreement(one_sided) < 0 < weighing().agreement(united)
    assert weighing(everyone=0).agreement([3.0, 3.0, 3.0, -9.0]) == weighing(everyone=0).agreement([3.0, 3.0, 3.0]) == 3


def test_agreement_does_not_depend_on_the_order_of_its_pairs() -> None:
    assert weighing(1).agreement([1.0, 5.0, -2.0, 0.0]) == weighing(1).agreement([0.0, -2.0, 5.0, 1.0])


def test_few_pairs_have_to_agree_more_than_many() -> None:
    assert weighing(alone=2).agreement([1.0]) == -1
    assert weighing(alone=2).agreement([1.0] * 4) == 0
    assert weighing(alone=2).agreement([1.0] * 16) == 0.5


THIRD = "Inquiry into Brennan Paper warehouse fire that killed three Oakport firefighters"


def test_two_stories_merge_when_an_article_shows_that_they_are_one(stage: DedupeStage) -> None:
    """Two workers that saw nothing of each other have founded two."""
    index = stage._stories
    assert index is not None
    founders = [index_told(article(name, title, text)) for name, title, text in (
        ("fire", FIRE, FIRE_TEXT), ("again", AGAIN, AGAIN_TEXT)
    )]  # fmt: skip
    index.commit([founded(one) for one in founders])
    (answer,) = run(stage, article("third", THIRD, f"{FIRE_TEXT} {AGAIN_TEXT}", hours=30))
    assert {answer.story_id, *answer.merged_stories} == {"fire", "again"}
    (repeated,) = run(stage, article("third", THIRD, f"{FIRE_TEXT} {AGAIN_TEXT}", hours=30))
    assert repeated == answer
    (later,) = run(stage, article("later", AGAIN, f"{AGAIN_TEXT} {FIRE_TEXT[:90]}", hours=40))
    assert later.story_id == answer.story_id


def test_stories_that_do_not_resemble_each_other_stay_two(stage: DedupeStage) -> None:
    run(stage, BATCH[0], BATCH[1])
    (answer,) = run(stage, article("both", f"{FIRE}; {OTHER}", f"{FIRE_TEXT}\n\n{OTHER_TEXT}", hours=2))
    assert answer.story_id in {"fire", "budget"}
    assert answer.merged_stories == ()


def index_told(one: StageInput) -> Told:
    assert one.clean is not None
    alone = Duplicates(
        relation=Relation.ORIGINAL, canonical_id=one.ref.article_id, cluster_id=one.ref.article_id, score=0, jaccard=0,
        index_version=1,
    )  # fmt: skip
    return told(one, take(one.clean, None, one.source, one.accepted_at), alone)


def founded(one: Told) -> StoryEntry:
    own_id = one.article.ref.article_id
    return StoryEntry(one.member(own_id, weighed(one.sayings, Counts(0, {}))), one.indexed)
