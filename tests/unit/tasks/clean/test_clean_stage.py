from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas import CleanText, Form, Ref, StageName, Submission
from tasks.clean import CleanStage
from tasks.clean._cleaning import clean
from tasks.clean._page import Metadata, Page
from tasks.stage import Failed, Stage, StageInput

GOLDEN = Path(__file__).parents[3] / "data" / "ukraine-aid.txt"
SENTENCE = "The regional governor said on Monday that repairs to the power grid would take three days to finish. "
PAGE = f"""<html lang="en"><head><title>Grid repairs begin | The Herald</title>
<meta property="og:title" content="Grid repairs begin in Sumy">
<meta property="og:site_name" content="The Herald">
<meta property="article:published_time" content="2024-11-12T08:30:00+02:00">
<meta name="author" content="Jane Doe"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Grid repairs begin in Sumy</h1>
<p>{SENTENCE * 3}</p><p>Crews from two regions had arrived by the evening, and {SENTENCE * 2}</p>
<p>Advertisement</p><p>The mayor asked residents to save power, and {SENTENCE * 2}</p></article></body></html>"""


def article(**fields: object) -> StageInput:
    submission = Submission.model_validate(fields)
    return StageInput(ref=Ref("a", 1), accepted_at=datetime(2024, 11, 12, tzinfo=UTC), submission=submission)


def test_the_golden_sample_loses_its_headline_and_its_related_sources_and_nothing_else() -> None:
    source = GOLDEN.read_text(encoding="utf-8")
    result = clean(Submission(text=source))
    assert result.title == "US Announces New Security Assistance to Ukraine Amid Political Tensions"
    assert [(removed.rule, removed.text) for removed in result.removed] == [
        ("headline", result.title),
        ("related", "Related Sources:\n\n•\xa0Source 1\xa0•\xa0Source 2"),
    ]
    assert all(source[removed.start : removed.end] == removed.text for removed in result.removed)
    body = source[result.removed[0].end : result.removed[1].start]
    assert result.text.split() == body.split()
    assert result.text.count("\n\n") == 5
    assert result.language == "en"
    assert not result.quality.degraded
    assert not result.quality.boilerplate_only
    assert result.warnings == ()


def test_the_stage_keeps_the_contract() -> None:
    stage: Stage[CleanText] = CleanStage()
    assert stage.name is StageName.CLEAN
    assert stage.version >= 1
    assert list(stage.inputs) == ["submission", "source_lines"]
    assert set(stage.artefacts) == {"trafilatura", "ftfy", "language"}


def test_answers_stand_in_the_order_of_the_articles() -> None:
    answers = CleanStage().run([article(text="One."), article(text="Two."), article(text="Three.")])
    assert [answer.text for answer in answers if isinstance(answer, CleanText)] == ["One.", "Two.", "Three."]


def test_an_article_that_was_not_loaded_fails_alone() -> None:
    missing = StageInput(ref=Ref("b", 1), accepted_at=datetime(2024, 11, 12, tzinfo=UTC))
    first, second = CleanStage().run([missing, article(text="Two.")])
    assert isinstance(first, Failed)
    assert isinstance(second, CleanText)


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = (clean(Submission(html=PAGE, url="https://herald.example/a")) for _ in range(2))
    assert first.model_dump_json() == second.model_dump_json()


def test_a_page_becomes_paragraphs_without_its_title_and_advertisements() -> None:
    result = clean(Submission(html=PAGE, url="https://herald.example/a"))
    assert result.form is Form.HTML
    assert result.title == "Grid repairs begin in Sumy"
    assert "Grid repairs begin" not in result.text
    assert "Advertisement" not in result.text
    assert len(result.text.split("\n\n")) == 3
    assert result.site_name == "The Herald"
    assert result.authors == ("Jane Doe",)
    assert result.published_at == datetime(2024, 11, 12, 6, 30, tzinfo=UTC)


def test_submitted_metadata_wins_and_contradictions_are_told() -> None:
    result = clean(
        Submission.model_validate(
            {
                "html": PAGE,
                "title": "Another headline altogether",
                "authors": ["John Roe"],
                "published_at": "2023-01-01T00:00:00Z",
                "source_name": "Gazette",
                "canonical_url": "https://gazette.example/1",
                "language": "de",
            }
        )
    )
    assert result.title == "Another headline altogether"
    assert result.authors == ("John Roe",)
    assert result.site_name == "Gazette"
    assert result.language == "de"
    fields = {warning.field for warning in result.warnings if warning.code == "conflict"}
    assert fields == {"title", "authors", "published_at", "source_name", "language"}


def test_metadata_that_says_the_same_in_other_words_is_no_conflict() -> None:
    result = clean(
        Submission.model_validate(
            {
                "html": PAGE,
                "title": "Grid Repairs Begin In Sumy | The Herald",
                "authors": ["JANE DOE"],
                "published_at": "2024-11-12T09:00:00Z",
                "source_name": "Herald",
                "language": "en-GB",
            }
        )
    )
    assert result.warnings == ()
    assert result.language == "en"


def test_text_is_the_fallback_when_the_page_has_none() -> None:
    result = clean(Submission(html="<html><body></body></html>", text="The bridge is closed."))
    assert result.form is Form.TEXT
    assert result.text == "The bridge is closed."


@pytest.mark.parametrize("body", ["<html><body></body></html>", "<<<>>>", "\x89PNG\r\n\x1a\n\x01\x02", "&nbsp;"])
def test_a_page_without_an_article_is_an_answer_and_no_error(body: str) -> None:
    result = clean(Submission(html=body))
    assert result.quality.words == len(result.text.split())
    assert result.quality.boilerplate_only == (not result.text)


def test_a_text_that_is_all_leftovers_is_boilerplate_only() -> None:
    result = clean(Submission(text="Advertisement\n\nShare this article\n\nSubscribe now!"))
    assert result.text == ""
    assert result.quality.boilerplate_only
    assert result.language is None


def test_a_binary_file_sent_as_text_is_refused_quietly() -> None:
    result = clean(Submission(text="%PDF-1.7\n" + "\x01\x02\x03abc" * 50))
    assert result.quality.boilerplate_only
    assert result.quality.degraded


def test_a_page_with_more_text_than_an_article_may_have_is_cut_with_a_warning() -> None:
    long = Page("\n".join([SENTENCE] * 11_000), Metadata())
    result = clean(Submission(html="<p>x</p>"), extractor=lambda _html, _url: long)
    assert len(result.text) <= 1_000_000
    assert [warning.code for warning in result.warnings] == ["shortened"]


def test_a_time_without_a_zone_is_taken_as_utc_with_a_warning() -> None:
    page = PAGE.replace("+02:00", "")
    result = clean(Submission(html=page))
    assert result.published_at == datetime(2024, 11, 12, 8, 30, tzinfo=UTC)
    assert [warning.code for warning in result.warnings] == ["no_time_zone"]


def test_a_guessed_day_is_told() -> None:
    page = PAGE.replace('<meta property="article:published_time" content="2024-11-12T08:30:00+02:00">', "")
    dated = page.replace("<article>", '<article><div class="date">Published on November 12, 2024</div>')
    assert [warning.code for warning in clean(Submission(html=dated)).warnings] == ["guessed"]
    assert clean(Submission(html=dated, published_at="2024-11-12T08:30:00Z")).warnings == ()
