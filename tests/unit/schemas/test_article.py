from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas import Submission, Warning


def read(**fields: Any) -> tuple[Submission, list[Warning]]:
    context: dict[str, Any] = {}
    submission = Submission.model_validate({"text": "A body.", **fields}, context=context)
    return submission, context.get("warnings", [])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-11-12T08:30:00Z", datetime(2024, 11, 12, 8, 30, tzinfo=UTC)),
        ("2024-11-12T08:30:00+02:00", datetime(2024, 11, 12, 8, 30, tzinfo=timezone(timedelta(hours=2)))),
        ("Tue, 12 Nov 2024 08:30:00 GMT", datetime(2024, 11, 12, 8, 30, tzinfo=UTC)),
        ("Tue, 12 Nov 2024 08:30:00 -0500", datetime(2024, 11, 12, 13, 30, tzinfo=UTC)),
        (1731400200, datetime(2024, 11, 12, 8, 30, tzinfo=UTC)),
        (1731400200000, datetime(2024, 11, 12, 8, 30, tzinfo=UTC)),
    ],
)
def test_dates_are_read_in_every_form_that_scrapers_send(written: Any, expected: datetime) -> None:
    submission, warnings = read(published_at=written)
    assert submission.published_at == expected
    assert warnings == []


@pytest.mark.parametrize("written", ["2024-11-12", "2024-11-12T08:30:00", "November 12, 2024", "12 Nov 2024 08:30"])
def test_a_date_without_a_zone_is_utc_with_a_warning(written: str) -> None:
    submission, [warning] = read(published_at=written)
    assert submission.published_at is not None
    assert submission.published_at.utcoffset() == timedelta(0)
    assert (warning.field, warning.code) == ("published_at", "no_time_zone")


@pytest.mark.parametrize("written", ["soon", "2024-13-45", [], {"a": 1}, True, 10**30, "0000-00-00"])
def test_an_unreadable_date_is_a_warning_on_an_accepted_article(written: Any) -> None:
    submission, [warning] = read(published_at=written)
    assert submission.published_at is None
    assert (warning.field, warning.code) == ("published_at", "unreadable")


@pytest.mark.parametrize("written", [None, "", "  ", "None", "null", "NaN"])
def test_what_scrapers_write_for_nothing_is_nothing_without_a_warning(written: Any) -> None:
    submission, warnings = read(published_at=written, authors=written, language=written)
    assert submission.published_at is submission.language is None
    assert warnings == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Jane Doe; John Roe", ("Jane Doe", "John Roe")),
        (["Jane  Doe", "Jane Doe", ""], ("Jane Doe",)),
        ([{"@type": "Person", "name": "Jane Doe"}], ("Jane Doe",)),
        ({"name": "Jane Doe"}, ("Jane Doe",)),
    ],
)
def test_authors_come_as_lists_strings_or_json_ld(written: Any, expected: tuple[str, ...]) -> None:
    assert read(authors=written)[0].authors == expected


@pytest.mark.parametrize("field", ["authors", "keywords", "image_url", "section", "description", "source_name"])
def test_other_metadata_of_a_wrong_type_is_dropped_with_a_warning(field: str) -> None:
    submission, [warning] = read(**{field: 17})
    assert getattr(submission, field) is None
    assert warning.field == field


def test_a_warning_never_quotes_the_value() -> None:
    _, [warning] = read(published_at="SECRETMARKER")
    assert "SECRETMARKER" not in warning.model_dump_json()


def test_keywords_come_as_a_list_or_with_commas() -> None:
    assert read(keywords="war, aid ,war")[0].keywords == ("war", "aid")
    assert read(keywords=[""])[0].keywords == ()


def test_a_language_tag_is_folded() -> None:
    assert read(language="en_US")[0].language == "en-us"
    assert read(language="English (American)")[1][0].field == "language"


@pytest.mark.parametrize(
    "fields",
    [
        {"text": None},
        {"text": "   \n"},
        {"text": 5},
        {"text": "a\x00b"},
        {"html": ["<p>"]},
        {"title": {"a": 1}},
        {"url": "ftp://example.org/a"},
        {"url": "https://exa mple.org"},
        {"url": "https://[::1"},
        {"url": 5},
        {"external_id": 5},
        {"unknown": 1},
        {"text": "x" * 1_000_001},
        {"extra": {"a": "x" * 70_000}},
    ],
)
def test_what_decides_identity_or_body_is_strict(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read(**fields)


def test_html_alone_is_enough() -> None:
    assert Submission(html="<p>A body.</p>").text is None


@given(st.dictionaries(st.sampled_from(sorted(Submission.model_fields)), st.text() | st.integers() | st.none()))
def test_any_input_is_read_or_refused_never_crashes(fields: dict[str, Any]) -> None:
    try:
        submission = Submission.model_validate(fields)
    except ValidationError:
        return
    again = Submission.model_validate_json(submission.model_dump_json(exclude_none=True, exclude_defaults=True))
    assert again == submission
