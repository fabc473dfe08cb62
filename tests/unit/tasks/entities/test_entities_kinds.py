"""Buildings, events and works, told by a name's own words."""

import pytest

from schemas import Label, Part
from tasks.entities import Span
from tasks.entities._kinds import tell_kinds
from tasks.entities._rules import Passage


def told(text: str, *names: str, label: Label = Label.MISC) -> list[tuple[Label, str | None]]:
    spans = [Span(text.index(name), text.index(name) + len(name), label) for name in names]
    (passage,) = tell_kinds([Passage(Part.TEXT, text, spans)])
    return [(span.label, span.subtype) for span in passage.spans]


@pytest.mark.parametrize(
    "name", ["Heathrow Airport", "the Tower of London", "George Washington Bridge", "Wall Street", "Al-Shifa Hospital"]
)
def test_a_building_is_a_place_with_a_subtype(name: str) -> None:
    assert told(f"at {name} today", name, label=Label.LOC) == [(Label.LOC, "FAC")]


@pytest.mark.parametrize(
    "name", ["London", "Bridge", "Hudson River", "City of London", "Beaver Dam", "Church of England"]
)
def test_other_places_are_not_buildings(name: str) -> None:
    assert told(f"in {name} today", name, label=Label.LOC) == [(Label.LOC, None)]


@pytest.mark.parametrize(
    "name",
    [
        "World War II", "the Battle of Bakhmut", "2024 United States presidential election", "Hurricane Katrina",
        "2022 World Cup", "Super Bowl LVIII", "Operation Desert Storm", "Cannes Film Festival", "Tour de France",
        "2008 financial crisis",
    ],
)  # fmt: skip
def test_an_event_shows_it_by_its_words(name: str) -> None:
    assert told(f"after {name} ended", name) == [(Label.EVENT, None)]


@pytest.mark.parametrize("name", ["Star Wars", "Nobel Prize", "War", "Windows", "War and Peace"])
def test_other_names_keep_their_label(name: str) -> None:
    assert told(f"about {name} today", name) == [(Label.MISC, None)]


def test_a_name_in_quotation_marks_is_a_work_wherever_it_stands() -> None:
    text = "He wrote “Paterson” in 1946. Critics like Paterson and Kora."
    spans = [Span(text.index("Paterson"), text.index("Paterson") + 8, Label.MISC)]
    spans += [Span(text.rindex(name), text.rindex(name) + len(name), Label.MISC) for name in ("Paterson", "Kora")]
    (passage,) = tell_kinds([Passage(Part.TEXT, text, spans)])
    assert [span.label for span in passage.spans] == [Label.WORK, Label.WORK, Label.MISC]


def test_american_commas_stand_inside_the_quotation_marks() -> None:
    assert told('In "Go West," he sang.', "Go West") == [(Label.WORK, None)]


def test_quotation_marks_tell_nothing_of_people_or_of_plain_words() -> None:
    assert told('He is "Ike" to us.', "Ike", label=Label.PERSON) == [(Label.PERSON, None)]
    assert told('It is "mass action" again.', "mass action") == [(Label.MISC, None)]
    assert told("Ike said so.", "Ike") == [(Label.MISC, None)]
