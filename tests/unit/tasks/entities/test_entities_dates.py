"""What dates say, on Tuesday, November 12, 2024; and what is left open."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.entities._context import Context
from tasks.entities._dates import resolve_date

TUESDAY = date(2024, 11, 12)

ISO = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?:/\d{4}(?:-\d\d(?:-\d\d)?)?)?")


def said(surface: str, before: str = "", after: str = "", published: date = TUESDAY) -> str | None:
    return resolve_date(surface, Context(published, before, after))


@pytest.mark.parametrize(
    ("surface", "value"),
    [
        ("November 12, 2024", "2024-11-12"),
        ("Nov. 12 2024", "2024-11-12"),
        ("12 November 2024", "2024-11-12"),
        ("the 12th of November, 2024", "2024-11-12"),
        ("Tuesday, November 12, 2024", "2024-11-12"),
        ("2024-11-12", "2024-11-12"),
        ("25/12/2023", "2023-12-25"),
        ("12/25/2023", "2023-12-25"),
        ("5.5.2023", "2023-05-05"),
        ("June 5-7, 2023", "2023-06-05/2023-06-07"),
        ("5–7 June 2023", "2023-06-05/2023-06-07"),
        ("June 5 to July 7, 2023", "2023-06-05/2023-07-07"),
        ("November 2023", "2023-11"),
        ("Sept. 2023", "2023-09"),
        ("2019", "2019"),
        ("late 2021", "2021"),
        ("mid-2020", "2020"),
        ("between 2014 and 2016", "2014/2016"),
        ("2019-21", "2019/2021"),
        ("1990s", "1990/1999"),
        ("the 19th century", "1801/1900"),
        ("July 26 and August 11, 2028", "2028-07-26/2028-08-11"),
        ("1914 to 1918", "1914/1918"),
        ("first half of 2025", "2025-01/2025-06"),
        ("second half of 2025", "2025-07/2025-12"),
        ("Friday the 13th of September 2024", "2024-09-13"),
        ("New Year's Eve, 2022", "2022-12-31"),
    ],
)
def test_a_date_that_says_its_year_needs_nothing_else(surface: str, value: str) -> None:
    assert said(surface) == value
    assert said(surface, published=date(1987, 2, 3)) == value


@pytest.mark.parametrize(
    ("surface", "value"),
    [
        ("November 12", "2024-11-12"),
        ("Nov 5", "2024-11-05"),
        ("January 20", "2025-01-20"),
        ("Sept. 30", "2024-09-30"),
        ("Tuesday, January 30", "2024-01-30"),
        ("June 5-July 7", None),
        ("November 5 to November 7", "2024-11-05/2024-11-07"),
        ("October", "2024-10"),
        ("January", "2025-01"),
        ("last April", "2024-04"),
        ("last November", "2023-11"),
        ("next June", "2025-06"),
        ("this March", "2024-03"),
        ("Christmas Day", "2024-12-25"),
        ("New Year’s Eve", "2024-12-31"),
        ("New Year's Day", "2025-01-01"),
        ("Halloween", "2024-10-31"),
    ],
)
def test_a_day_without_a_year_is_the_nearest_one(surface: str, value: str | None) -> None:
    assert said(surface) == value


@pytest.mark.parametrize(
    ("surface", "value"),
    [
        ("today", "2024-11-12"),
        ("yesterday", "2024-11-11"),
        ("Yesterday morning", "2024-11-11"),
        ("last night", "2024-11-11"),
        ("tomorrow", "2024-11-13"),
        ("last week", "2024-11-04/2024-11-10"),
        ("this week", "2024-11-11/2024-11-17"),
        ("next week", "2024-11-18/2024-11-24"),
        ("last month", "2024-10"),
        ("next month", "2024-12"),
        ("earlier this year", "2024"),
        ("last year", "2023"),
        ("three days ago", "2024-11-09"),
        ("2 months ago", "2024-09"),
        ("ten years ago", "2014"),
        ("1,800 years ago", "0224"),
        ("40,000 years ago", None),
        ("4,000,000 days ago", None),
        ("a week ago", "2024-11-04/2024-11-10"),
    ],
)
def test_what_is_told_from_the_day_of_publication_is_counted_from_it(surface: str, value: str | None) -> None:
    assert said(surface) == value


@pytest.mark.parametrize(
    ("before", "surface", "after", "value"),
    [
        ("The minister said on ", "Monday", "", "2024-11-11"),
        ("Police said on ", "Tuesday", "", "2024-11-12"),
        ("The strike killed two on ", "Wednesday", ".", "2024-11-06"),
        ("The parliament will vote on ", "Thursday", ".", "2024-11-14"),
        ("He said the parliament will vote on ", "Thursday", ".", "2024-11-14"),
        ("The talks, which will go on, were suspended on ", "Thursday", ".", "2024-11-07"),
        ("On ", "Friday", ", the court will rule.", "2024-11-15"),
        ("It rules ", "Friday", "", "2024-11-08"),
        ("", "Sunday night", "", "2024-11-10"),
        ("He was seen ", "this past Friday", "", "2024-11-08"),
        ("The pope will be buried on ", "Thursday", ".", "2024-11-14"),
        ("The pope, who died on ", "Saturday", ", will be buried", "2024-11-09"),
        ("Drivers are to vote ", "Thursday", ".", "2024-11-14"),
        ("He said he would resign ", "Friday", ".", "2024-11-15"),
        ("The agency expects a lower tide on ", "Friday", ".", "2024-11-15"),
        ("It hopes to reopen the bridge on ", "Saturday", ".", "2024-11-16"),
        ("Shares of the company, which expects a loss, fell on ", "Friday", ".", "2024-11-08"),
        ("", "last Friday", "", "2024-11-08"),
        ("", "last Tuesday", "", "2024-11-05"),
        ("", "next Monday", "", "2024-11-18"),
        ("", "next Tuesday", "", "2024-11-19"),
        ("", "this Thursday", "", "2024-11-14"),
    ],
)
def test_a_weekday_is_within_a_week_back_or_forward_as_its_sentence_looks(
    before: str, surface: str, after: str, value: str
) -> None:
    assert said(surface, before, after) == value


def test_a_far_day_without_a_year_is_decided_by_its_sentence_or_left_open() -> None:
    assert said("May 14") is None
    assert said("May 14", before="The vote was held on ") == "2024-05-14"
    assert said("May 14", before="The vote will be held on ") == "2025-05-14"
    assert said("May") is None
    assert said("May", before="It will open in ") == "2025-05"
    assert said("May", before="It was opened in ") == "2024-05"


@pytest.mark.parametrize(
    "surface",
    [
        "last Monday", "next Friday", "this Monday", "last October", "next December", "3/4/2024", "the weekend",
        "two years", "Christmas", "February 30", "31 June 2024", "Monday, November 12", "late", "99th century",
        "2021-2019", "November 7-5", "2024-13-40", "", "-", "two and two",
    ],
)  # fmt: skip
def test_what_leaves_a_choice_or_is_no_date_stays_open(surface: str) -> None:
    assert said(surface) is None


@pytest.mark.parametrize(
    ("before", "surface"),
    [
        ("It is open Monday through ", "Friday"),
        ("the first Tuesday after the first ", "Monday"),
        ("within the ", "next week"),
        ("This is the ", "last year"),
    ],
)
def test_one_of_many_is_no_day_of_its_own(before: str, surface: str) -> None:
    assert said(surface, before=before) is None


def test_what_was_long_ago_is_not_put_into_the_near_future() -> None:
    assert said("March 5", before="They began searching on ") is None
    assert said("March 5", before="They will begin searching on ") == "2025-03-05"
    assert said("March 5", before="He said the vote is on ") == "2025-03-05"
    assert said("February", before="It opened in ") is None
    assert said("December", before="It opened in ") == "2024-12"


def test_fiscal_quarters_and_seasons_stay_open() -> None:
    for surface in ("third quarter of 2023", "Q2 2024", "fiscal 2025", "summer of 2019"):
        assert said(surface) is None


def test_other_days_that_the_news_names_without_their_year_have_it() -> None:
    assert said("Oct. 7", after=" attack on Israel") == "2023-10-07"
    assert said("Oct. 7", after=", the shop opened") == "2024-10-07"
    assert said("Jan. 6", after=" riot") == "2021-01-06"
    assert said("Oct. 7", after=" attack", published=date(2020, 10, 8)) == "2020-10-07"


def test_the_attacks_of_september_11_have_their_year() -> None:
    assert said("Sept. 11", after=" attacks were remembered") == "2001-09-11"
    assert said("September 11", after=", the store opened") == "2024-09-11"
    assert said("September 11, 2023", after=" attacks") == "2023-09-11"


def test_where_something_begins_or_ends_on_a_weekday_the_day_stays_open() -> None:
    assert said("Friday", before="The ultimatum ran until ") is None
    assert said("Friday", before="Thirty had fled by ") is None


def test_only_the_sentence_of_the_date_is_looked_at() -> None:
    text = "It will end. He spoke on Monday. It will begin."
    start = text.index("Monday")
    around = Context.around(text, start, start + len("Monday"), TUESDAY)
    assert (around.before, around.after) == ("He spoke on ", "")
    assert resolve_date("Monday", around) == "2024-11-11"


def test_a_leap_day_is_found_only_where_there_is_one_nearby() -> None:
    assert said("February 29", published=date(2024, 3, 1)) == "2024-02-29"
    assert said("February 29", published=date(2026, 3, 1)) is None


WRITINGS = ["%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%A, %B %d, %Y", "%Y-%m-%d", "%B %dth %Y"]


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(WRITINGS), st.dates(date(1, 1, 1)))
def test_every_writing_of_a_day_says_that_day(day: date, writing: str, published: date) -> None:
    assert said(day.strftime(writing), published=published) == day.isoformat()


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(-149, 149))
def test_a_day_nearby_needs_no_year(published: date, days: int) -> None:
    day = published + timedelta(days=days)
    if (day.month, day.day) != (2, 29):
        assert said(day.strftime("%B %d"), published=published) == day.isoformat()


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["", "They met on ", "They will meet on "]))
def test_a_weekday_is_that_weekday_and_less_than_a_week_away(published: date, before: str) -> None:
    for number in range(7):
        day = published + timedelta(days=number)
        found = said(f"{day:%A}", before=before, published=published)
        assert found is not None
        assert date.fromisoformat(found).weekday() == day.weekday()
        assert abs((date.fromisoformat(found) - published).days) < 7


PIECES = ["November", "May", "12", "31", "2024", "1999", ",", "-", "to", "Tuesday", "last", "ago", "nine", "week", "/"]


@given(st.lists(st.sampled_from(PIECES), max_size=7), st.dates())
def test_whatever_is_asked_the_answer_is_iso_8601_or_nothing(pieces: list[str], published: date) -> None:
    found = said(" ".join(pieces), published=published)
    assert found is None or ISO.fullmatch(found)
