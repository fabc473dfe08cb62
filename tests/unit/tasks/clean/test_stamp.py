from datetime import UTC, datetime, timedelta, timezone

import pytest

from schemas import CleanText, Removed, Submission
from tasks.clean._cleaning import clean
from tasks.clean._stamp import read_stamp

BODY = (
    "The regional governor said on Monday that repairs to the power grid would take three days, and that crews from "
    "two neighbouring regions were on their way."
)


def stamp(text: str, start: int = 0) -> datetime | None:
    line = Removed(rule="time_stamp_alone", start=start, end=start + len(text), text=text)
    return read_stamp([line])[0]


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        (
            "Published: 14:32, 23 November 2026 | Updated: 16:10, 23 November 2026",
            datetime(2026, 11, 23, 14, 32, tzinfo=UTC),
        ),
        ("Updated Nov 3, 2026 at 5:10 pm | Published Nov 2, 2026", datetime(2026, 11, 2, tzinfo=UTC)),
        ("Published 10:02 AM EST Nov 19, 2019", datetime(2019, 11, 19, 10, 2, tzinfo=timezone(timedelta(hours=-5)))),
        ("[ January 17, 2019 ]", datetime(2019, 1, 17, tzinfo=UTC)),
        ("Monday, 4 May 2026 14.30", datetime(2026, 5, 4, 14, 30, tzinfo=UTC)),
    ],
)
def test_a_line_says_when_it_was_published(line: str, moment: datetime) -> None:
    assert stamp(line) == moment


@pytest.mark.parametrize("line", ["3/4/2026", "Last updated on 5 May 2026", "5 hours ago"])
def test_what_is_ambiguous_or_later_says_nothing(line: str) -> None:
    assert stamp(line) is None


def test_the_dates_of_other_articles_further_down_say_nothing() -> None:
    assert stamp("January 17, 2019", start=2_000) is None


def cleaned(**more: object) -> CleanText:
    text = f"A bridge is closed\n\nPublished: 14:32, 23 November 2026\n\n{BODY}\n\n{BODY[:-1]} again."
    return clean(Submission.model_validate({"text": text, **more}))


def test_a_text_gets_the_time_that_it_says_and_a_warning_for_the_zone() -> None:
    found = cleaned()
    assert found.published_at == datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
    assert [warning.code for warning in found.warnings] == ["no_time_zone"]


def test_a_submitted_time_is_kept() -> None:
    found = cleaned(published_at="2026-11-01T00:00:00Z")
    assert found.published_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert not found.warnings
