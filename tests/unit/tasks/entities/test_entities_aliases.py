"""Which names of an article are joined, and which are not."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Label
from tasks.entities._aliases import link_aliases
from tasks.entities._other_names import OtherNames, shipped


def groups(label: Label, *surfaces: str) -> list[int]:
    return link_aliases([(surface, label) for surface in surfaces]).groups


@pytest.mark.parametrize(
    ("label", "one", "other"),
    [
        (Label.PERSON, "Donald Trump", "Trump"),
        (Label.PERSON, "Donald Trump", "President Trump"),
        (Label.PERSON, "Donald Trump", "Trump's"),
        (Label.PERSON, "Kamala Harris", "Kamala"),
        (Label.PERSON, "Volodymyr Zelenskiy", "Zelenskyy"),
        (Label.PERSON, "Volodymyr Zelenskiy", "Volodymyr Zelensky"),
        (Label.PERSON, "John Joseph Cantwell", "John Cantwell"),
        (Label.PERSON, "John Cantwell", "J. Cantwell"),
        (Label.PERSON, "Paul Desmarais Jr.", "Paul Desmarais"),
        (Label.PERSON, "Vincent van Gogh", "van Gogh"),
        (Label.PERSON, "Recep Tayyip Erdoğan", "Erdogan"),
        (Label.ORG, "World Health Organization", "WHO"),
        (Label.ORG, "Association of Southeast Asian Nations", "ASEAN"),
        (Label.ORG, "Apple Inc.", "Apple"),
        (Label.ORG, "Warner Bros. Records", "Warner"),
        (Label.ORG, "European Union", "the European Union"),
        (Label.LOC, "United States", "U.S."),
        (Label.LOC, "US", "U.S."),
        (Label.LOC, "People's Republic of China", "China"),
        (Label.MISC, "World Cup", "World Cup"),
        (Label.NORP, "American", "Americans"),
        (Label.NORP, "Swiss", "the Swiss"),
    ],
)
def test_two_ways_to_name_one_thing_are_joined_in_either_order(label: Label, one: str, other: str) -> None:
    assert groups(label, one, other) == [0, 0]
    assert groups(label, other, one) == [0, 0]


@pytest.mark.parametrize(
    ("label", "one", "other"),
    [
        (Label.PERSON, "Bill Clinton", "Hillary Clinton"),
        (Label.PERSON, "George W. Bush", "Jeb Bush"),
        (Label.ORG, "World Health Organization", "World Trade Organization"),
        (Label.ORG, "WHO", "WTO"),
        (Label.LOC, "Kansas", "Kansas City"),
        (Label.LOC, "North Korea", "South Korea"),
        (Label.LOC, "Colorado", "Colorado River"),
        (Label.NORP, "North Korean", "Korean"),
    ],
)
def test_two_things_with_like_names_stay_two(label: Label, one: str, other: str) -> None:
    assert groups(label, one, other) == [0, 1]


def test_two_people_with_one_surname_stay_two_when_the_surname_alone_follows() -> None:
    bill, hillary, alone = groups(Label.PERSON, "Bill Clinton", "Hillary Clinton", "Clinton")
    assert bill != hillary
    assert alone == bill


def test_one_name_under_two_labels_is_two_things() -> None:
    linked = link_aliases([("Washington", Label.LOC), ("Washington", Label.PERSON)])
    assert linked.groups == [0, 1]


def test_the_key_of_a_group_is_its_fullest_name_folded() -> None:
    linked = link_aliases([("Trump", Label.PERSON), ("Donald Trump", Label.PERSON)])
    assert linked.keys == ["donald-trump"]
    assert linked.names == [frozenset({"Donald Trump"})]


def test_a_name_of_punctuation_alone_has_a_key_of_its_own() -> None:
    assert groups(Label.MISC, "???", "!!!") == [0, 1]


def test_thousands_of_people_with_one_surname_are_linked_in_linear_time() -> None:
    names = [(f"{chr(65 + i % 26)}n{i} Smith", Label.PERSON) for i in range(5_000)]
    linked = link_aliases([*names, ("Smith", Label.PERSON)])
    assert len(set(linked.groups)) == 5_000


NAMES = st.lists(st.tuples(st.text(min_size=1, max_size=30), st.sampled_from(Label)), max_size=12)


@given(NAMES)
def test_every_mention_gets_a_group_and_groups_count_up(mentions: list[tuple[str, Label]]) -> None:
    linked = link_aliases(mentions)
    firsts = [linked.groups.index(number) for number in range(len(linked.keys))]
    assert len(linked.groups) == len(mentions)
    assert all(one < other for one, other in pairwise(firsts))


@given(NAMES)
def test_ids_made_of_label_and_key_are_unique(mentions: list[tuple[str, Label]]) -> None:
    linked = link_aliases(mentions)
    labels = {group: label for group, (_, label) in zip(linked.groups, mentions, strict=True)}
    assert len({(labels[number], key) for number, key in enumerate(linked.keys)}) == len(linked.keys)


@pytest.mark.parametrize(
    ("label", "surfaces"),
    [
        (Label.LOC, ("Kiev", "Kyiv")),
        (Label.LOC, ("Britain", "the United Kingdom", "UK", "U.K.")),
        (Label.LOC, ("US", "U.S.", "America", "United States")),
        (Label.LOC, ("Saint Petersburg", "St. Petersburg", "Leningrad")),
        (Label.PERSON, ("Bill Clinton", "William Clinton", "William Jefferson Clinton")),
        (Label.PERSON, ("Conrad O. Johnson", "Conrad Oberon Johnson")),
        (Label.PERSON, ("Volodymyr Zelenskiy", "Vladimir Zelensky")),
    ],
)
def test_other_names_for_one_thing_are_one(label: Label, surfaces: tuple[str, ...]) -> None:
    assert set(link_aliases([(surface, label) for surface in surfaces]).groups) == {0}


@pytest.mark.parametrize(
    ("label", "surfaces"),
    [
        (Label.LOC, ("Springfield", "Shelbyville")),
        (Label.PERSON, ("Bill Clinton", "Hillary Clinton")),
        (Label.PERSON, ("Conrad O. Johnson", "Conrad Peter Johnson")),
        (Label.PERSON, ("Kiev", "Kyiv")),
        (Label.ORG, ("CNN", "CNN International")),
    ],
)
def test_names_that_only_look_alike_stay_apart(label: Label, surfaces: tuple[str, ...]) -> None:
    assert link_aliases([(surface, label) for surface in surfaces]).groups == [0, 1]


def test_of_two_people_with_one_surname_the_one_named_most_often_is_meant() -> None:
    names = ("Bill Clinton", "Hillary Clinton", "Hillary Clinton", "Clinton")
    assert link_aliases([(name, Label.PERSON) for name in names]).groups == [0, 1, 1, 1]


def test_the_list_of_other_names_is_data(tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text('[places]\n"Erewhon" = ["Nowhere"]\n[first_names]\n', "utf-8")
    other = OtherNames.read(tmp_path / "names.toml")
    linked = link_aliases([("Nowhere", Label.LOC), ("EREWHON", Label.LOC), ("Kiev", Label.LOC)], other=other)
    assert (linked.groups, linked.keys) == ([0, 0, 1], ["erewhon", "kiev"])
    assert linked.names[0] == {"EREWHON"}


def test_no_other_name_is_also_a_usual_name() -> None:
    for table in (shipped().places, shipped().first_names):
        assert table.keys().isdisjoint(table.values())


def test_a_short_name_that_the_text_explains_is_the_full_one() -> None:
    names = [("Federal Security Service", Label.ORG), ("FSB", Label.ORG), ("FSB", Label.ORG), ("FBI", Label.ORG)]
    assert link_aliases(names, explained=[(0, 1)]).groups == [0, 0, 0, 1]


def test_explanations_in_a_circle_join_all_of_them() -> None:
    names = [("ABC", Label.ORG), ("XYZ", Label.ORG), ("ABC", Label.ORG)]
    assert link_aliases(names, explained=[(0, 1), (1, 2)]).groups == [0, 0, 0]
    assert link_aliases(names, explained=[(0, 2)]).groups == [0, 1, 0]


def test_two_names_that_are_one_go_by_the_one_named_more_often() -> None:
    names = [("Meta", Label.ORG), ("Facebook", Label.ORG), ("Facebook", Label.ORG)]
    linked = link_aliases(names, explained=[(0, 1)])
    assert (linked.groups, linked.keys) == ([0, 0, 0], ["facebook"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Robert Kennedy Jr.", "Robert Kennedy Sr."),
        ("Pope Paul II", "Pope Paul III"),
        ("Jan Smith", "Jon Smith"),
        ("Mario Rossi", "Maria Rossi"),
    ],
)
def test_people_whose_names_differ_in_what_tells_them_apart_stay_two(one: str, other: str) -> None:
    assert groups(Label.PERSON, one, other) == [0, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Robert Kennedy Jr.", "Robert Kennedy"),
        ("Muammar Qaddafi", "Moammar Qadhafi"),
        ("Mohammed Hussein", "Muhammad Husayn"),
        ("Zakhary Lyapunov", "Zachary Lyapunov"),
    ],
)
def test_marks_may_be_left_out_and_romanisations_differ(one: str, other: str) -> None:
    assert groups(Label.PERSON, one, other) == [0, 0]
    assert groups(Label.PERSON, other, one) == [0, 0]


def test_a_surname_goes_to_the_father_or_the_son_but_does_not_join_them() -> None:
    father, son, alone = groups(Label.PERSON, "Paul Desmarais Sr.", "Paul Desmarais Jr.", "Desmarais")
    assert father != son
    assert alone == father


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("BBC", "BBC Alba"),
        ("UN", "UN Security Council"),
        ("University of Tirana", "Faculty of Economics, University of Tirana"),
        ("Islam", "Center for the Study of Political Islam"),
    ],
)
def test_a_part_of_an_organisation_is_not_the_whole(short: str, long: str) -> None:
    assert groups(Label.ORG, short, long) == [0, 1]


def test_an_airport_may_leave_out_its_city() -> None:
    assert groups(Label.LOC, "London Heathrow Airport", "Heathrow Airport") == [0, 0]
