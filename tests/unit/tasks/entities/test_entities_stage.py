"""The stage, on a recognizer that finds what it is told to find."""

from dataclasses import replace

import pytest
from entities_articles import ListedNames, article
from hypothesis import given
from hypothesis import strategies as st

from schemas import Entities, Part, StageName
from tasks.entities import EntitiesStage, RecognizerUnavailable
from tasks.entities.stage import MAX_READ
from tasks.stage import Failed, Skipped, StageInput

PEOPLE = ListedNames(PERSON="Ann Lee;Lee;Bo Oz", LOC="Oslo;Rome", ORG="UN;United Nations")


def run(*articles: StageInput) -> list[Entities | Skipped | Failed]:
    return list(EntitiesStage(PEOPLE).run(articles))


def entities(given: StageInput) -> Entities:
    (answer,) = run(given)
    assert isinstance(answer, Entities)
    return answer


def test_a_person_appears_once_with_all_mentions_under_the_fullest_name() -> None:
    (person,) = entities(article("Lee came. Ann Lee spoke, and Lee left.")).entities
    assert (person.id, person.name, person.count) == ("person:ann-lee", "Ann Lee", 3)
    assert [mention.text for mention in person.mentions] == ["Lee", "Ann Lee", "Lee"]


def test_mentions_of_the_title_come_first_and_point_into_the_title() -> None:
    (person,) = entities(article("Ann Lee spoke.", title="What Lee said")).entities
    assert [(mention.part, mention.start) for mention in person.mentions] == [(Part.TITLE, 5), (Part.TEXT, 0)]
    assert person.name == "Ann Lee"


def test_a_name_in_capitals_is_called_by_its_usual_writing() -> None:
    recognizer = ListedNames(LOC="KISUMU;Kisumu;UN")
    (answer,) = EntitiesStage(recognizer).run([article("KISUMU, Kenya. KISUMU and Kisumu. UN.")])
    assert isinstance(answer, Entities)
    assert [(entity.name, entity.count) for entity in answer.entities] == [("Kisumu", 3), ("UN", 1)]


def test_a_name_that_the_body_has_in_capitals_only_is_called_as_the_headline_writes_it() -> None:
    recognizer = ListedNames(LOC="DETROIT;Detroit")
    (answer,) = EntitiesStage(recognizer).run([article("DETROIT (AP) - It rained.", title="Rain in Detroit")])
    assert isinstance(answer, Entities)
    assert [entity.name for entity in answer.entities] == ["Detroit"]


@pytest.mark.parametrize("filler", ["word ", "word\n", "&"])
def test_a_text_without_end_is_read_up_to_a_limit_and_the_result_says_so(filler: str) -> None:
    text = "Ann Lee spoke. " + filler * (1_000_000 // len(filler)) + " Bo Oz spoke."
    found = entities(article(text))
    assert [entity.name for entity in found.entities] == ["Ann Lee"]
    assert found.read_to is not None
    assert MAX_READ // 2 <= found.read_to <= MAX_READ


def test_a_text_of_usual_length_is_read_whole() -> None:
    assert entities(article("Ann Lee spoke.")).read_to is None


def test_the_most_salient_entity_comes_first_and_a_title_counts() -> None:
    found = entities(article("Oslo. Rome. Oslo. Bo Oz.", title="Oslo")).entities
    assert [entity.name for entity in found] == ["Oslo", "Rome", "Bo Oz"]
    assert found[0].salience == 1.0
    assert all(0 <= entity.salience <= 1 for entity in found)


BODIES = ListedNames(ORG="Federal Security Service;FSB;Bundesamt;BfV", LOC="Springfield;IL")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Federal Security Service (FSB) came. FSB left.", {"Federal Security Service": 3}),
        ("The Bundesamt (BfV) came. Springfield (IL) burnt.", {"Bundesamt": 2, "Springfield": 1, "IL": 1}),
        ("The Bundesamt, FSB) came.", {"Bundesamt": 1, "FSB": 1}),
    ],
)
def test_an_acronym_in_brackets_is_the_name_before_it(text: str, names: dict[str, int]) -> None:
    (answer,) = EntitiesStage(BODIES).run([article(text)])
    assert isinstance(answer, Entities)
    assert {entity.name: entity.count for entity in answer.entities} == names


def test_nothing_found_is_an_answer() -> None:
    assert entities(article("nothing here")).entities == ()
    assert entities(article("")).entities == ()


@pytest.mark.parametrize("language", ["de", "uk", None])
def test_a_language_that_cannot_be_read_is_skipped_not_empty(language: str | None) -> None:
    assert run(article("Oslo", language=language)) == [Skipped("language")]


def test_an_article_without_clean_text_is_skipped() -> None:
    assert run(replace(article(""), clean=None)) == [Skipped("no_clean_text")]


def test_one_failing_article_does_not_spoil_its_neighbours_and_order_is_kept() -> None:
    first, second, third = run(article("Oslo"), article("poison"), article("Rome"))
    assert isinstance(first, Entities)
    assert isinstance(second, Failed)
    assert isinstance(third, Entities)
    assert [answer.entities[0].name for answer in (first, third)] == ["Oslo", "Rome"]


def test_the_stage_says_what_it_is_and_what_it_uses() -> None:
    stage = EntitiesStage(PEOPLE)
    assert (stage.name, tuple(stage.inputs), stage.artefacts) == (StageName.ENTITIES, ("clean",), {"listed": "1"})


@pytest.mark.parametrize("setting", ["", "spacy:", "gliner", "onnx:/nowhere"])
def test_a_recognizer_that_is_not_there_makes_the_stage_unavailable(setting: str) -> None:
    with pytest.raises(RecognizerUnavailable):
        EntitiesStage(setting).run([article("Oslo")])


WORDS = st.sampled_from(
    ["Ann Lee", "Lee", "Bo Oz", "Oslo", "Rome", "UN", "United Nations", "said", "ĳ", "🙂", "\n", "é", "ש"]
)


@given(st.lists(WORDS, max_size=40), st.lists(WORDS, max_size=8))
def test_every_mention_stands_where_its_offsets_say(words: list[str], headline: list[str]) -> None:
    text, title = " ".join(words), " ".join(headline)
    found = entities(article(text, title=title)).entities
    parts = {Part.TITLE: title, Part.TEXT: text}
    for entity in found:
        assert entity.count == len(entity.mentions)
        assert all(parts[mention.part][mention.start : mention.end] == mention.text for mention in entity.mentions)
    assert len({entity.id for entity in found}) == len(found)


@pytest.mark.parametrize("signal", ["boilerplate_only", "listing"])
def test_what_is_no_article_is_skipped_and_the_record_says_why(signal: str) -> None:
    given = article("Oslo")
    assert given.clean is not None
    marked = given.clean.model_copy(update={"quality": given.clean.quality.model_copy(update={signal: True})})
    assert run(replace(given, clean=marked)) == [Skipped(signal)]
