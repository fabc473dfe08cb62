"""The days that an article speaks of."""

from datetime import UTC, date, datetime

import pytest

from schemas import CleanText, Form, Quality
from tasks.dedupe._story_days import days_of, writes_day_first
from tasks.dedupe._story_terms import Kind, Reading, terms_of

NOON = datetime(2026, 4, 4, 12, tzinfo=UTC)
"""A Saturday."""


def told(text: str, *, day_first: bool = False, published: datetime = NOON) -> list[str]:
    days = days_of(text, published, day_first=day_first)
    return [date.fromordinal(date(1970, 1, 1).toordinal() + day).isoformat() for day in days]


@pytest.mark.parametrize("as_said", ["Nov. 1, 2013", "1 November 2013", "11/01/2013", "11/1/13", "2013-11-01"])
def test_a_day_with_its_year_is_that_day_however_long_ago(as_said: str) -> None:
    assert told(f"The attack on {as_said} killed one.") == ["2013-11-01"]


@pytest.mark.parametrize(
    "text",
    ["Route 30/40/2013 is closed, and so is 99/99/99.", "It was due on February 30, 2013.", "Version 31.4.2026.1."],
)
def test_figures_that_are_no_day_are_none(text: str) -> None:
    assert not told(text)


def test_a_weekday_is_the_last_one_before_the_article_appeared() -> None:
    assert told("It burned on Tuesday, and again on Saturday.") == ["2026-03-31", "2026-04-04"]


def test_a_day_without_year_is_the_nearest_unless_that_is_far_away() -> None:
    assert told("on December 24 and on 8 April") == ["2025-12-24", "2026-04-08"]
    assert not told("on February 30")


def test_strokes_are_read_in_the_order_of_the_place_where_nothing_else_tells() -> None:
    assert told("signed on 05/06/2021") == ["2021-05-06"]
    assert told("signed on 05/06/2021", day_first=True) == ["2021-06-05"]


def test_a_figure_above_twelve_shows_the_order_of_all_others() -> None:
    assert told("from 05/06/2021 to 20/06/2021") == ["2021-06-05", "2021-06-20"]
    assert told("from 05/06/2021 to 05/20/2021", day_first=True) == ["2021-05-06", "2021-05-20"]


def test_the_order_in_which_a_figure_is_the_news_of_the_day_is_that_of_all_others() -> None:
    assert told("on 03/04/2026, as on 05/06/2021") == ["2026-04-03", "2021-06-05"]
    assert told("on 04/03/2026, as on 05/06/2021", day_first=True) == ["2026-04-03", "2021-05-06"]


def test_orders_that_contradict_each_other_show_none() -> None:
    both = "05/06/2021, 20/06/2021 and 06/20/2021"
    assert told(both) == ["2021-05-06", "2021-06-20"]
    assert told(both, day_first=True) == ["2021-06-05", "2021-06-20"]


@pytest.mark.parametrize("as_said", ["5.6.2021", "05.06.2021", "5. 6. 2021"])
def test_points_stand_behind_the_day_everywhere(as_said: str) -> None:
    assert told(f"am {as_said} in Wien") == ["2021-06-05"]


@pytest.mark.parametrize(
    ("language", "host", "expected"),
    [
        ("en", "times.co.uk", True), ("en", "news.example.au", True), ("de", "news.example.com", True),
        ("en", "news.example.com", False), (None, None, False), ("en", "herald.us", False), ("en", "start.io", False),
        ("en", "localhost", False), ("en", "globe.ca", False),
    ],
)  # fmt: skip
def test_who_writes_the_day_first(language: str | None, host: str | None, *, expected: bool) -> None:
    assert writes_day_first(language, host) is expected


@pytest.mark.parametrize(("host", "day"), [("times.co.uk", date(2021, 6, 5)), ("times.com", date(2021, 5, 6))])
def test_an_article_speaks_of_the_day_that_its_host_means(host: str, day: date) -> None:
    clean = CleanText(title="Verdict", text="On 05/06/2021.", language="en", form=Form.TEXT, quality=Quality(words=2))
    said = terms_of(Reading(clean, source=host), NOON, title_only=False)
    days = [term for term, one in said.items() if one.kind is Kind.DAY]
    assert days == [f"^{(day - date(1970, 1, 1)).days}"]
