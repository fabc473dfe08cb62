import random
from datetime import UTC, datetime

import pytest
from trafilatura.utils import line_processing, trim

from schemas import Ref, Submission
from tasks.clean import CleanStage
from tasks.clean._memory import forget_after, remembering
from tasks.stage import StageInput

STAGE = CleanStage()


def run(words: int, form: str = "html") -> None:
    chance = random.Random(words)
    text = " ".join(f"word{chance.randrange(10**6)}" for _ in range(words))
    page = f"<html><body><article><p>{text}</p></article></body></html>" if form == "html" else text
    submission = Submission.model_validate({form: page})
    STAGE.run([StageInput(Ref("a", 1), datetime(2026, 3, 4, tzinfo=UTC), submission=submission)])


@pytest.mark.parametrize("form", ["html", "text"])
def test_of_a_large_article_nothing_is_remembered(form: str) -> None:
    answers = remembering(len, 8)
    answers("a line")
    run(15_000, form)
    kept = [trim.cache_info().currsize, line_processing.cache_info().currsize]
    assert [*kept, answers.cache_info().currsize] == [0, 0, 0]  # type: ignore[attr-defined]


def test_of_an_article_of_usual_size_lines_are_remembered() -> None:
    forget_after(10**9)
    run(300)
    assert trim.cache_info().currsize > 0
    before = trim.cache_info().hits
    run(300)
    assert trim.cache_info().hits > before


def test_what_is_remembered_is_asked_once_until_it_is_forgotten() -> None:
    asked: list[str] = []
    answers = remembering(asked.append, 8)
    answers("a")
    answers("a")
    forget_after(1_000)
    answers("a")
    assert asked == ["a"]
    forget_after(10**6)
    answers("a")
    assert asked == ["a", "a"]
