"""Days and times of any language, told by CLDR's words."""

import pytest

from tasks.clean._calendar import has_day, read_day, says_ago, unknown_words
from tasks.clean._folding import fold


@pytest.mark.parametrize(
    "line",
    [
        "2026. május 18. 11:42",
        "2026.09.16. 오전 9:31",
        "Selasa, 03 Nov 2026 09:45 WIB",
        "22 април 2026 г., 14:05 ч.",
        "July 14, 2026 09:40 pm IST",
        "Thứ Hai, 09/02/2026 06:15 (GMT+7)",
        "3 Ιουνίου 2026, 10:20",
        "২৫ মে ২০২৬, ১৪: ৫০",
        "12 มีนาคม 2569 09.30 น.",
        "2026年4月8日 11時00分",
        "СЕРЕДА, 24 ЧЕРВНЯ 2026, 13:18",
        "5. oktober 2026 kl. 13:02",
        "torstai 12. maaliskuuta 2026 klo 9.05",
    ],
)
def test_a_day_is_told_by_the_words_of_the_calendar_alone(line: str) -> None:
    assert has_day(fold(line))
    assert unknown_words(fold(line)) == []


@pytest.mark.parametrize(
    "line", ["Lahti 3, Turku 2", "August 1993. (2)", "9.30 A.M. / 7.00 P.M.", "Seven of 2026 votes"]
)
def test_numbers_that_are_no_day_are_none(line: str) -> None:
    assert not has_day(fold(line)) or unknown_words(fold(line))


def test_how_long_ago_needs_a_number_and_words_for_it() -> None:
    assert says_ago(fold("for 2 timer siden"))
    assert not says_ago(fold("2 m p"))


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Публикувано: 22 април 2026 г., 14:05 ч.", "2026-04-22 14:05"),
        ("2026. május 18. 11:42", "2026-05-18 11:42"),
        ("Stand: 18.03.2026, 06:04 Uhr", "2026-03-18 06:04"),
        ("입력 2026.09.16. 오후 9:31", "2026-09-16 21:31"),
        ("3/4/2026", None),
        ("listopad 5, 2026", None),
        ("kein Tag", None),
    ],
)
def test_a_day_is_read_where_only_one_can_be_meant(line: str, day: str | None) -> None:
    assert read_day(line) == day
