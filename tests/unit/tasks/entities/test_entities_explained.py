"""Which neighbouring names the text itself says are one."""

import re

import pytest

from schemas import Label, Mention, Part
from tasks.entities._explained import explained


def joined(marked: str, label: Label = Label.ORG) -> list[tuple[str, str]]:
    """Read `<Name>` marks; return the pairs of names that the text joins."""
    text, mentions = "", []
    for plain, name in re.findall(r"([^<]*)(?:<([^>]*)>)?", marked):
        text += plain
        if name:
            mentions.append((Mention(start=len(text), end=len(text) + len(name), text=name), label))
            text += name
    pairs = explained({Part.TEXT: text}, mentions)
    return [(mentions[one][0].text, mentions[other][0].text) for one, other in pairs]


@pytest.mark.parametrize(
    "text",
    [
        "the <Federal Security Service> (<FSB>) said",
        "the <Federal Security Service> (the <FSB>) said",
        "<Facebook>, now <Meta>, said",
        "<Facebook> (now known as <Meta>) said",
        "<Blackwater>, also known as <Academi>, said",
        "<Blackwater>, which is now called <Academi>, said",
        "<Dunder>, a.k.a. <Mifflin>, said",
        "<Telefunken>, formerly <AEG>, said",
        "<Grand Army> (or <GAR>) said",
        "The <Marines> are known as the “<Few>”.",
        "<Philip Morris> changed its name to <Altria> in 2003.",
        "<Roter Stern> (in English: <Red Star>) won",
        "<Roter Stern> (German: <Roter Stern Leipzig>) won",
        "<Volkspartei> (founded in 1945), better known as <VP>, won",
    ],
)
def test_names_that_the_text_explains_are_joined(text: str) -> None:
    assert len(joined(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<Apple> or <Google> said",
        "<Apple>, <Google> and <Meta> said",
        "<Apple> (with <Google>) said",
        "<Apple>, formerly of <Google>, said",
        "<Apple>. Also known as <Google>",
        "<Apple>, now <Google>'s partner, said",
        "the <Ministry> (<Office of the Prime Minister>) said",
        "<Apple>, also known as the " + "very " * 30 + "big <Google>",
    ],
)
def test_neighbours_alone_are_not_joined(text: str) -> None:
    assert joined(text) == []


def test_a_list_of_names_in_brackets_belongs_to_the_name_before_them() -> None:
    pairs = joined("<Ultima> (also called <Proxima>, <Neo>, and <Second>) is near <Earth>, <Mars>.", Label.LOC)
    assert pairs == [("Ultima", "Proxima"), ("Ultima", "Neo"), ("Ultima", "Second")]


def test_what_brackets_say_of_a_place_is_where_it_lies() -> None:
    assert joined("in <Springfield> (<IL>) and", Label.LOC) == []
    assert joined("in <Czechoslovakia> (now <Slovakia>) and", Label.LOC) == []
    assert joined("in <Ypres> (also known as <Ieper>, <Belgium>) and", Label.LOC)[0] == ("Ypres", "Ieper")


def test_people_are_joined_with_the_names_they_were_born_with_and_go_by() -> None:
    assert joined("<Dorothea Schlegel> (née <Mendelssohn>) wrote", Label.PERSON)
    assert joined("<Sean Combs>, better known by his stage name <Diddy>, sang", Label.PERSON)
    assert joined("<Paris Hilton>, now <Miley Cyrus>, sang", Label.PERSON) == []


def test_dates_amounts_and_nations_are_left_alone() -> None:
    assert joined("<Monday> (or <Tuesday>)", Label.DATE) == []


def test_names_of_two_parts_or_two_labels_are_not_neighbours() -> None:
    one, other = Mention(start=0, end=3, text="FBI"), Mention(start=5, end=8, text="CIA")
    assert list(explained({Part.TEXT: "FBI (CIA)"}, [(one, Label.ORG), (other, Label.PERSON)])) == []
    titled = one.model_copy(update={"part": Part.TITLE})
    assert list(explained({Part.TITLE: "FBI", Part.TEXT: "     CIA"}, [(titled, Label.ORG), (other, Label.ORG)])) == []
