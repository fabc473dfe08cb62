import time

import pytest

from tasks.clean import find_story
from tasks.clean._head import find_dateline, same_title

BODY = (
    "The regional governor said on Monday that repairs to the power grid would take three days, and that crews from "
    "two neighbouring regions were on their way to help restore heating before the frost."
)


def rules_of(source: str, title: str | None = None) -> list[str]:
    return [removed.rule for removed in find_story(source, title).removed]


def test_a_short_first_line_over_a_story_is_the_headline() -> None:
    story = find_story(f"Grid repairs begin in Sumy\n\n{BODY}")
    assert story.title == "Grid repairs begin in Sumy"
    assert story.text == BODY


@pytest.mark.parametrize(
    "first",
    [
        "The bridge is closed.",
        "He said:",
        "• Grid repairs begin in Sumy",
        "SUMY, Nov 12 (Reuters) — Repairs began",
        "By Jane Doe",
        "Sumy",
        BODY,
    ],
)
def test_what_does_not_look_like_a_headline_is_none(first: str) -> None:
    assert find_story(f"{first}\n\n{BODY} It is cold.").title is None


def test_a_short_line_without_a_story_below_is_no_headline() -> None:
    assert find_story("Grid repairs begin in Sumy\n\nMore follows").title is None


def test_the_known_title_is_taken_off_the_text_however_it_is_spelled() -> None:
    story = find_story(f"GRID REPAIRS BEGIN IN SUMY | The Herald\n{BODY}", "Grid repairs begin in Sumy")
    assert story.title == "Grid repairs begin in Sumy"
    assert story.text == BODY


def test_a_text_that_is_only_its_title_is_kept() -> None:
    assert find_story("Grid repairs begin in Sumy", "Grid repairs begin in Sumy").text == "Grid repairs begin in Sumy"


def test_titles_of_different_stories_are_different() -> None:
    assert not same_title("Vote delayed in Sumy", "Vote delayed in Sumy after attack on power grid and heating")
    assert not same_title("Vote delayed", "Bridge closed")
    assert not same_title("!!", "??")


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Jane Doe", ("Jane Doe",)),
        ("By JANE DOE and JOHN VAN ROE", ("Jane Doe", "John Van Roe")),
        ("Written by Jane Doe, CNN", ("Jane Doe",)),
        ("By: Jane A. Doe | November 12, 2024", ("Jane A. Doe",)),
        ("By Jane Doe, John Roe & Ann Poe", ("Jane Doe", "John Roe", "Ann Poe")),
        ("By Associated Press", ()),
    ],
)
def test_a_byline_is_split_off_with_its_persons(line: str, authors: tuple[str, ...]) -> None:
    story = find_story(f"Grid repairs begin in Sumy\n\n{line}\n\n{BODY}")
    assert story.byline == line
    assert story.authors == authors
    assert story.text == BODY


@pytest.mark.parametrize("line", ["By the river", "By Monday it was over.", "by"])
def test_a_line_that_only_begins_with_by_is_kept(line: str) -> None:
    assert line in find_story(f"{line}\n\n{BODY}", "A title").text


@pytest.mark.parametrize(
    ("text", "dateline", "place", "agency"),
    [
        ("KYIV, Nov 12 (Reuters) — The", "KYIV, Nov 12 (Reuters) —", "KYIV", "Reuters"),
        ("TROY, N.C. (AP) — The", "TROY, N.C. (AP) —", "TROY, N.C.", "AP"),
        ("NEW YORK (AP) -- The", "NEW YORK (AP) --", "NEW YORK", "AP"),
        ("WASHINGTON – The", "WASHINGTON –", "WASHINGTON", None),
        ("Kyiv (AFP) – The", "Kyiv (AFP) –", "Kyiv", "AFP"),
        ("PARIS/BERLIN, 12 November (dpa) - The", "PARIS/BERLIN, 12 November (dpa) -", "PARIS/BERLIN", "dpa"),
        (
            "SÃO PAULO, Brazil, Sept. 3, 2024 (AP) — The",
            "SÃO PAULO, Brazil, Sept. 3, 2024 (AP) —",
            "SÃO PAULO, Brazil",
            "AP",
        ),
    ],
)
def test_datelines_are_recognised(text: str, dateline: str, place: str, agency: str | None) -> None:
    found = find_dateline(text)
    assert found is not None
    assert (found.text, found.place, found.agency) == (dateline, place, agency)


@pytest.mark.parametrize(
    "text", ["BREAKING — The bridge", "A man — not young — said", "Kyiv – The city", "The (AP)", ""]
)
def test_what_is_no_dateline_is_left(text: str) -> None:
    assert find_dateline(text) is None


def test_the_dateline_stays_in_the_text() -> None:
    story = find_story(f"SUMY, Nov 12 (Reuters) — {BODY}")
    assert story.dateline is not None
    assert story.text.startswith(story.dateline.text)


def test_removed_spans_point_into_the_submitted_text_through_repair() -> None:
    head = "Grid repairs donâ€™t begin\r\n\r\n\u200bAdvertisement\r\n\r\n"
    source = f"{head}{BODY} Itâ€™s cold.\xa0 Related Stories: • One • Two"
    story = find_story(source)
    assert story.title == "Grid repairs don’t begin"
    assert story.text == f"{BODY} It’s cold."
    assert [source[r.start : r.end] for r in story.removed] == [r.text for r in story.removed]
    assert [r.text for r in story.removed] == [
        "Grid repairs donâ€™t begin",
        "\u200bAdvertisement",
        "Related Stories: • One • Two",
    ]


def test_neighbours_that_one_rule_took_are_one_entry() -> None:
    source = f"{BODY}\n\nRelated articles\n\n• One more thing\n\n• And another"
    (removed,) = find_story(source, "A title").removed
    assert removed.rule == "related"
    assert removed.text == source[len(BODY) + 2 :]


SECOND = "Second paragraph of the story that is long enough to count as one, and as a sentence too, surely."
PARTS = [
    [
        "Headline over the story",
        "By Jane Doe",
        "Published 10:02 AM EST Nov 19, 2019",
        BODY,
        "Read more: Another",
        SECOND,
    ],
    ["Advertisement", "Headline over the story", "Advertisement", "By Jane Doe", "By John Roe", BODY, "© 2024 Herald"],
    [BODY, "More from The Herald", "- One", "- Two", SECOND, "You may also like", "One", "Two", "Leave a comment"],
    [BODY, SECOND, BODY, SECOND],
    ["Comments", "Log in to reply", "Home | World | Sports | Health | Science"],
    ["One headline here", "Another headline there", BODY, "Tags: Sumy, grid", "Tweet"],
]
SAMPLES = [end.join(parts) for parts in PARTS for end in ("\n", "\n\n", "\r\n")]


@pytest.mark.parametrize("source", SAMPLES)
def test_cleaning_its_own_result_changes_nothing(source: str) -> None:
    first = find_story(source)
    second = find_story(first.text, first.title)
    assert (second.text, second.title, second.removed) == (first.text, first.title, ())


def test_a_story_pasted_twice_is_kept_once() -> None:
    assert rules_of("\n\n".join(PARTS[3]), "A title") == ["repeated"]


def test_a_refrain_is_no_repetition() -> None:
    question = "What would you do if you had to decide again, knowing what you know today about the grid and heating?"
    source = "\n\n".join(f"{question}\n\nAnswer number {n}: {BODY}" for n in range(3))
    assert rules_of(source, "A title") == []


def test_any_number_of_bylines_and_titles_is_taken_at_once() -> None:
    title = "Grid repairs begin in Sumy"
    source = "\n".join(["By Jane Doe"] * 5_000 + [title] * 5_000 + [BODY])
    began = time.process_time()
    story = find_story(source, title)
    assert (story.text, story.byline) == (BODY, "By Jane Doe")
    assert time.process_time() - began < 5


def test_any_headline_of_the_page_is_taken_off_the_text() -> None:
    story = find_story(f"Power returns to Sumy\n\n{BODY}", "Grid repairs begin", headlines=["Power returns to Sumy"])
    assert story.title == "Grid repairs begin"
    assert story.text == BODY


def test_a_japanese_headline_is_found_though_its_words_have_no_blanks() -> None:
    headline = "大阪市、町工場にロボットを貸し出し"
    body = (
        "大阪市は24日、人手不足に悩む町工場に産業用ロボットを貸し出す事業を始めると発表した。"
        "市内の約200社が対象で、費用の半分を市が負担する。"
    )
    story = find_story(f"{headline}\n\n{body}")
    assert story.title == headline
    assert story.text == body


def test_the_headline_once_more_behind_the_story_is_taken() -> None:
    paragraph = (
        "The mayor of the town said on Monday that the bridge would stay closed until the engineers had finished."
    )
    story = find_story(f"{paragraph}\n\nBridge stays closed for now", "Bridge stays closed for now")
    assert story.text == paragraph
