from datetime import timedelta

import pytest
from dedupe_articles import NOON, body, clean, entities, fingerprint

from schemas import Quality
from tasks.dedupe._fingerprint import Information, NamedBy, take


def test_equal_words_have_equal_digests() -> None:
    assert fingerprint("One, two three. " + body(1)).digest == fingerprint("one TWO three\n\n" + body(1)).digest


def test_one_other_word_gives_another_digest() -> None:
    assert fingerprint(body(1)).digest != fingerprint(body(1) + " more").digest


def test_a_missing_date_is_kept_as_missing() -> None:
    undated = clean(body(1)).model_copy(update={"published_at": None})
    taken = take(undated, None, None, NOON + timedelta(days=1)).fingerprint
    assert (taken.published, taken.accepted) == (None, NOON.timestamp() + 86_400)


def test_a_short_body_says_too_little() -> None:
    assert fingerprint(body(1, words=23)).information is Information.TOO_SHORT
    assert fingerprint(body(1, words=24)).information is Information.ENOUGH


def test_a_body_without_the_headlines_words_says_too_little() -> None:
    paywall = "Subscribe today to read this and every other story without limits. " * 3 + body(1, words=40)
    assert fingerprint(paywall, "Minister resigns over budget").information is Information.OFF_HEADLINE


@pytest.mark.parametrize(("words", "expected"), [(203, Information.OFF_HEADLINE), (204, Information.ENOUGH)])
def test_a_long_body_speaks_for_itself(words: int, expected: Information) -> None:
    assert fingerprint(body(1, words), "Minister resigns over budget").information is expected


def test_a_body_of_some_length_is_found_by_its_text_and_by_its_headline() -> None:
    text = body(1, 150)
    telling, off = (take(clean(text, title), None, None, NOON).keys for title in (None, "Minister resigns over budget"))
    assert set(telling) < set(off)


def test_a_quarter_of_the_headlines_words_is_enough() -> None:
    text = f"The minister spoke. {body(1, 60)}"
    assert fingerprint(text, "Minister resigns over budget").information is Information.ENOUGH


def test_a_list_of_headlines_speaks_of_its_own_one_by_chance() -> None:
    text = f"Minister resigns. Budget fails. {body(1, 300)}"
    listing = Quality(words=306, listing=True)
    assert fingerprint(text, "Minister resigns over budget").information is Information.ENOUGH
    assert fingerprint(text, "Minister resigns over budget", quality=listing).information is Information.OFF_HEADLINE


def test_the_name_of_the_site_does_not_speak_for_the_body() -> None:
    text = f"Log in to Twitter or sign up. {body(1, 60)}"
    assert fingerprint(text, "Harbour Police on Twitter", host="twitter.com").information is Information.OFF_HEADLINE


def test_without_a_headline_the_body_speaks_for_itself() -> None:
    assert fingerprint(body(1)).information is Information.ENOUGH


def test_what_the_cleaner_calls_boilerplate_is_not_compared() -> None:
    quality = Quality(words=300, boilerplate_only=True)
    assert fingerprint(body(1), quality=quality).information is Information.BOILERPLATE


def test_a_telling_body_is_found_by_its_text() -> None:
    one, other = (take(clean(body(1), title), None, None, NOON).keys for title in (None, "word1 word2 word3"))
    assert one == other
    assert len(one) == 12


def test_a_body_that_says_little_is_found_by_page_and_headline_only() -> None:
    page = clean("Nothing here.", "Minister resigns", canonical_url="https://news.example/a?utm_source=x")
    again = clean("Other words.", "Minister  RESIGNS", canonical_url="http://www.news.example/a")
    assert take(page, None, "news.example", NOON).keys == take(again, None, "news.example", NOON).keys


def test_nothing_is_found_by_nothing() -> None:
    assert take(clean(""), None, None, NOON).keys == ()


@pytest.mark.parametrize(("title", "host"), [(None, "news.example"), ("Title", None)])
def test_a_headline_counts_only_together_with_its_host(title: str | None, host: str | None) -> None:
    assert fingerprint(body(1), title, host).headline == 0


def test_names_come_from_the_entities_when_there_are_some() -> None:
    text = body(1) + " and then Someone Else"
    by_stage = take(clean(text), entities("Lloyd Austin"), None, NOON).fingerprint
    assert by_stage.named_by is NamedBy.ENTITIES
    assert len(by_stage.names) == 2


def test_names_come_from_capitals_otherwise() -> None:
    taken = fingerprint(body(1) + " and then Someone Else")
    assert taken.named_by is NamedBy.CAPITALS
    assert len(taken.names) == 2


@pytest.mark.parametrize(
    ("title", "score", "expected"),
    [
        ("Emperor without clothes", 1.0, Information.ENOUGH),
        ("Emperor without clothes", 0.5, Information.OFF_HEADLINE),
        ("Mayor Coleman resigns over harbour contract in Eastbrook", 1.0, Information.OFF_HEADLINE),
    ],
)
def test_a_headline_of_few_words_may_be_a_figure_of_speech(title: str, score: float, expected: Information) -> None:
    quality = Quality(words=120, score=score)
    assert fingerprint(body(1, 120), title, quality=quality).information is expected


def test_articles_in_scripts_without_spaces_have_words_to_be_compared_by() -> None:
    text = (
        "青河市政府星期二宣布,将在三年内把全部一千二百辆公共汽车换成电动车。市交通局局长说,第一批车将于九月投入使用。"
    )
    assert fingerprint(text).words.size > len(text) // 2
