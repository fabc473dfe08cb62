from collections.abc import Iterator
from pathlib import Path

import pytest
from geotag_articles import clean_text, mark, occurrences, open_gazetteer
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import CleanText, Dateline, Entities, Entity, Label, Mention, Part
from tasks.geotag import Decision, Gazetteer, Role, read, shipped_gazetteer


@pytest.fixture
def gazetteer(tmp_path: Path) -> Iterator[Gazetteer]:
    opened = open_gazetteer(tmp_path)
    yield opened
    opened.close()


def places(decisions: list[Decision]) -> dict[str, int | None]:
    return {d.spots[0].text: d.place.id if d.place else None for d in decisions if d.role is not Role.DEMONYM}


def test_one_name_with_its_qualifier_is_split_at_the_comma(gazetteer: Gazetteer) -> None:
    clean = clean_text("A plant in Springfield, North State, resumed work.")
    decisions = read(clean, mark(clean, LOC=["Springfield, North State"]), gazetteer)
    assert places(decisions) == {"Springfield": 5, "North State": 3}
    assert [clean.text[s.start : s.end] for d in decisions for s in d.spots] == ["Springfield", "North State"]


def test_a_qualifier_in_parentheses_is_split_off(gazetteer: Gazetteer) -> None:
    clean = clean_text("They met in Springfield (South State) today.")
    assert places(read(clean, mark(clean, LOC=["Springfield (South State)"]), gazetteer)) == {
        "Springfield": 6,
        "South State": 4,
    }


def test_a_name_that_has_a_comma_of_its_own_stays_whole() -> None:
    clean = clean_text("He spoke in Washington, D.C. on Monday.")
    assert places(read(clean, mark(clean, LOC=["Washington, D.C."]), shipped_gazetteer())) == {
        "Washington, D.C.": 4140963
    }


@pytest.mark.parametrize(
    ("text", "names", "springfield"),
    [
        ("In Springfield, North State, it rained.", ["Springfield", "North State"], 5),
        ("In Springfield, South State, it rained.", ["Springfield", "South State"], 6),
        ("In Springfield, Sylvania, it rained.", ["Springfield", "Sylvania"], 7),
        ("In Springfield (North State) it rained.", ["Springfield", "North State"], 5),
        ("It rained in North State's Springfield.", ["Springfield", "North State"], 5),
        ("It rained in Springfield in northern Freedonia.", ["Springfield", "Freedonia"], 6),
        ("SPRINGFIELD, N.S. (AP) — It rained.", ["SPRINGFIELD"], 5),
        ("SPRINGFIELD, N.S. (AP) — It rained.", ["SPRINGFIELD", "N.S."], 5),
    ],
)
def test_a_qualifier_decides_between_namesakes(
    gazetteer: Gazetteer, text: str, names: list[str], springfield: int
) -> None:
    clean = clean_text(text)
    decision = read(clean, mark(clean, LOC=names), gazetteer)
    chosen = next(d for d in decision if d.spots[0].key == "springfield")
    assert chosen.place is not None
    assert chosen.place.id == springfield
    assert "qualifier" in chosen.evidence


def test_a_list_qualifies_nothing(gazetteer: Gazetteer) -> None:
    clean = clean_text("Envoys of Freedonia, Sylvania and others met.")
    assert places(read(clean, mark(clean, LOC=["Freedonia", "Sylvania"]), gazetteer)) == {"Freedonia": 1, "Sylvania": 2}


def test_a_mention_without_qualifier_takes_the_sense_of_the_qualified_one(gazetteer: Gazetteer) -> None:
    clean = clean_text("It began in Springfield, North State. Later Springfield was calm.")
    decisions = read(clean, mark(clean, LOC=["Springfield", "North State"]), gazetteer)
    springfield = next(d for d in decisions if d.spots[0].key == "springfield")
    assert len(springfield.spots) == 2
    assert springfield.place is not None
    assert springfield.place.id == 5


def test_two_qualifiers_are_two_senses(gazetteer: Gazetteer) -> None:
    clean = clean_text("From Springfield, North State, to Springfield, Sylvania.")
    decisions = read(clean, mark(clean, LOC=["Springfield", "North State", "Sylvania"]), gazetteer)
    assert [d.place.id for d in decisions if d.spots[0].key == "springfield" and d.place] == [5, 7]


def test_a_name_inside_a_person_or_an_organisation_is_no_place(gazetteer: Gazetteer) -> None:
    clean = clean_text("The Springfield Tigers lost.")
    entities = mark(clean, ORG=["Springfield Tigers"])
    inside = Mention(start=4, end=15, text="Springfield")
    loc = Entity(id="l", label=Label.LOC, name="Springfield", mentions=(inside,), count=1, salience=0)
    assert read(clean, Entities(entities=(*entities.entities, loc)), gazetteer) == []


def test_a_surname_that_is_also_a_town_stays_a_person(gazetteer: Gazetteer) -> None:
    clean = clean_text("Ann Harbor spoke. Ann Harbor left. The crowd liked Harbor.")
    entities = mark(clean, PERSON=["Ann Harbor"], LOC=["Harbor"])
    (decision,) = read(clean, entities, gazetteer)
    assert decision.place is None
    assert decision.reason == "person_name"


def test_a_body_that_was_once_marked_as_a_place_is_none(gazetteer: Gazetteer) -> None:
    clean = clean_text("The Ministry spoke. At the Ministry nobody knew.")
    first, second = occurrences(clean, "Ministry")
    org = Entity(id="o", label=Label.ORG, name="Ministry", mentions=(first,), count=1, salience=0)
    loc = Entity(id="l", label=Label.LOC, name="Ministry", mentions=(second,), count=1, salience=0)
    (decision,) = read(clean, Entities(entities=(org, loc)), gazetteer)
    assert decision.reason == "not_a_place"


def test_a_name_that_is_person_and_place_at_the_same_spot_stays_a_candidate(gazetteer: Gazetteer) -> None:
    clean = clean_text("Sylvania.")
    entities = mark(clean, LOC=["Sylvania"])
    same = entities.entities[0].model_copy(update={"label": Label.ORG, "id": "o"})
    assert places(read(clean, Entities(entities=(*entities.entities, same)), gazetteer)) == {"Sylvania": 2}


def test_demonyms_are_no_places_and_count_as_context(gazetteer: Gazetteer) -> None:
    clean = clean_text("The Sylvanian army and Sylvanian police entered Springfield.")
    decisions = read(clean, mark(clean, NORP=["Sylvanian"], LOC=["Springfield"]), gazetteer)
    assert places(decisions) == {"Springfield": 7}


def test_an_adjective_that_was_marked_as_a_place_is_read_as_a_demonym(gazetteer: Gazetteer) -> None:
    clean = clean_text("Freedonian and Western allies met.")
    decisions = read(clean, mark(clean, LOC=["Freedonian", "Western"]), gazetteer)
    assert [(d.role, d.reason) for d in decisions] == [(Role.DEMONYM, None), (Role.TOPONYM, "not_a_place")]


def test_a_state_of_the_past_is_unresolved_and_leaves_the_rest_alone(gazetteer: Gazetteer) -> None:
    clean = clean_text("Delegates of the Old Empire and of Sylvania met.")
    decisions = read(clean, mark(clean, LOC=["Old Empire", "Sylvania"]), gazetteer)
    assert places(decisions) == {"Old Empire": None, "Sylvania": 2}


def test_a_building_never_becomes_a_distant_namesake(gazetteer: Gazetteer) -> None:
    clean = clean_text("She studies at Springfield University near Harbor Airport.")
    decisions = read(clean, mark(clean, LOC=["Springfield University"], FAC=["Harbor Airport"]), gazetteer)
    found = places(decisions)
    assert found["Harbor Airport"] == 11
    assert (found["Springfield University"] or 0) < -500_000_000, "a site of its own, where the Springfield nearby is"
    clean = clean_text("She studies at Springfield University and flew to Freedonia.")
    decisions = read(clean, mark(clean, LOC=["Springfield University", "Freedonia"]), gazetteer)
    assert places(decisions) == {"Springfield University": None, "Freedonia": 1}
    assert decisions[0].reason == "site_not_known"


def test_a_facility_that_is_called_like_a_town_is_not_the_town(gazetteer: Gazetteer) -> None:
    clean = clean_text("They dined at the Harbor.")
    assert places(read(clean, mark(clean, FAC=["Harbor"]), gazetteer)) == {"Harbor": None}


def test_an_abbreviation_needs_its_written_form(gazetteer: Gazetteer) -> None:
    clean = clean_text("Floods hit N.S. while Ns slept.")
    decisions = read(clean, mark(clean, LOC=["N.S."]), gazetteer)
    assert places(decisions) == {"N.S.": 3}
    assert places(read(clean_text("while Ns slept"), mark(clean_text("while Ns slept"), LOC=["Ns"]), gazetteer)) == {
        "Ns": None
    }


def test_an_abbreviation_may_have_lost_its_period_to_the_recognizer(gazetteer: Gazetteer) -> None:
    clean = clean_text("Floods hit N.S. and left.")
    assert places(read(clean, mark(clean, LOC=["N.S"]), gazetteer)) == {"N.S": 3}


def test_a_common_noun_that_was_marked_as_a_site_is_ignored(gazetteer: Gazetteer) -> None:
    clean = clean_text("The sign at the fire station is gone.")
    assert read(clean, mark(clean, LOC=["fire station"]), gazetteer) == []


def test_a_describing_word_is_dropped_when_the_whole_is_unknown(gazetteer: Gazetteer) -> None:
    clean = clean_text("Snow fell in northern Sylvania.")
    assert places(read(clean, mark(clean, LOC=["northern Sylvania"]), gazetteer)) == {"northern Sylvania": 2}


def test_a_dateline_in_the_text_is_a_mention_although_nobody_marked_it(gazetteer: Gazetteer) -> None:
    dateline = Dateline(text="OGDENVILLE, N.S. (AP) —", place="OGDENVILLE, N.S.", agency="AP")
    clean = clean_text("OGDENVILLE, N.S. (AP) — It rained.", dateline=dateline)
    assert places(read(clean, Entities(), gazetteer)) == {"OGDENVILLE": 8, "N.S.": 3}


def test_a_dateline_that_was_taken_off_the_text_is_context(gazetteer: Gazetteer) -> None:
    dateline = Dateline(text="OGDENVILLE, N.S. (AP) —", place="OGDENVILLE, N.S.", agency="AP")
    clean = clean_text("It rained in Springfield.", dateline=dateline)
    found = places(read(clean, mark(clean, LOC=["Springfield"]), gazetteer))
    assert found == {"OGDENVILLE": 8, "N.S.": 3, "Springfield": 5}


def test_a_word_around_the_name_says_its_kind() -> None:
    text = "Lawmakers in Albany passed the New York state budget."
    clean = clean_text(text)
    assert places(read(clean, mark(clean, LOC=["Albany", "New York"]), shipped_gazetteer()))["New York"] == 5128638


def test_nothing_is_said_of_a_mention_that_does_not_stand_where_it_claims(gazetteer: Gazetteer) -> None:
    clean = clean_text("Sylvania")
    wrong = Mention(start=3, end=11, text="Sylvania")
    entity = Entity(id="l", label=Label.LOC, name="Sylvania", mentions=(wrong,), count=1, salience=0)
    assert read(clean, Entities(entities=(entity,)), gazetteer) == []


names = st.sampled_from(
    [
        "Kyiv",
        "Warren, Michigan",
        "Paris (Texas)",
        "the U.S.",
        "Moscow's",
        "Troy, N.C., U.S.",
        " Sumy ",
        "X, Y (Z)",
        "(,",
    ]
)
glue = st.sampled_from([" ", ", ", " in ", "'s ", " (", ") ", ". ", " — ", "\n\n", "é", "🙂 "])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(names, glue), min_size=1, max_size=12), st.sampled_from(Part))
def test_every_mention_stands_exactly_where_it_says(pieces: list[tuple[str, str]], part: Part) -> None:
    text, mentions = "", []
    in_title = part is Part.TITLE
    for name, between in pieces:
        mentions.append(Mention(start=len(text), end=len(text) + len(name), text=name, part=part))
        text += name + between
    clean = clean_text("" if in_title else text, title=text if in_title else None)
    entity = Entity(id="l", label=Label.LOC, name="x", mentions=tuple(mentions), count=len(mentions), salience=0)
    decisions = read(clean, Entities(entities=(entity,)), shipped_gazetteer())
    spots = [spot for decision in decisions for spot in decision.spots]
    assert all(_stands(clean, spot) for spot in spots)
    assert len({(s.part, s.start, s.end) for s in spots}) == len(spots)


def _stands(clean: CleanText, mention: Mention) -> bool:
    text = clean.title or "" if mention.part is Part.TITLE else clean.text
    return text[mention.start : mention.end] == mention.text and mention.text == mention.text.strip()
