import os
import signal
import time
from collections.abc import Callable, Iterator

import psutil
import pytest
from py3langid.langid import LanguageIdentifier

from schemas import CleanText, Form, Submission
from tasks.clean import _guarded, _language
from tasks.clean._cleaning import clean
from tasks.clean._guarded import clean_guarded
from tasks.clean._isolation import Limits, run_limited
from tasks.clean._page import Page
from tasks.clean._prescan import scan

LIMITS = Limits(cpu_s=0.3, wall_s=2.0, memory_bytes=64 << 20)
SENTENCE = "The governor said that repairs to the power grid would take three days, with number {}."
LARGE = "<html><title>Grid</title>" + "".join(f"<p>{SENTENCE.format(n)}</p>" for n in range(40)) + " " * 1_000_000


def spin() -> bytes:
    while True:
        pass


def sleep() -> bytes:
    time.sleep(60)
    return b""


def hoard() -> bytes:
    return bytes(256 << 20)


def crash() -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


@pytest.fixture(autouse=True)
def leaves_no_process() -> Iterator[None]:
    before = children()
    yield
    assert children() <= before


def endless(_html: str, _url: str | None) -> Page:
    spin()
    return Page("")


def test_work_in_a_child_answers_with_all_of_its_bytes() -> None:
    answer = run_limited(lambda: b"x" * 3_000_000, Limits(cpu_s=2, wall_s=10, memory_bytes=64 << 20))
    assert answer == b"x" * 3_000_000


@pytest.mark.parametrize("work", [spin, hoard, crash])
def test_work_that_exceeds_a_limit_or_crashes_gives_no_answer(work: Callable[[], bytes]) -> None:
    began = time.monotonic()
    assert run_limited(work, LIMITS) is None
    assert time.monotonic() - began < LIMITS.wall_s + 1


def test_work_that_only_waits_is_ended_by_the_clock() -> None:
    assert run_limited(sleep, Limits(cpu_s=5, wall_s=0.1, memory_bytes=64 << 20)) is None


def test_an_empty_answer_is_an_answer() -> None:
    assert run_limited(lambda: b"", LIMITS) == b""


def test_without_a_child_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    assert run_limited(lambda: b"x", LIMITS) is None


def test_a_doubtful_page_is_cleaned_in_a_child_to_the_same_result() -> None:
    assert scan(LARGE).is_doubtful
    submission = Submission(html=LARGE, url="https://herald.example/2024/11/12/grid")
    assert clean_guarded(submission) == clean(submission)


def test_a_harmless_page_needs_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_guarded, "run_limited", lambda *_: pytest.fail("a child was started"))
    assert clean_guarded(Submission(html=LARGE[:2_000])).text
    assert clean_guarded(Submission(text="The bridge is closed.")).text


def test_a_page_whose_parser_hangs_keeps_its_text_degraded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_guarded, "_FULL", LIMITS)
    result = clean_guarded(Submission(html=LARGE), extractor=endless)
    assert result.quality.degraded
    assert SENTENCE.format(39) in result.text
    assert result.title == "Grid"


def test_a_child_need_not_load_the_language_model_out_of_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def load_slowly(*args: object, **kwargs: object) -> object:
        ends = time.process_time() + 2 * _guarded._PLAIN.cpu_s
        while time.process_time() < ends:
            pass
        return identifier

    identifier = _language._identifier()
    monkeypatch.setattr(LanguageIdentifier, "from_model_file", load_slowly)
    monkeypatch.setattr(_guarded, "_FULL", LIMITS)
    _language._identifier.cache_clear()
    result = clean_guarded(Submission(html=LARGE), extractor=endless)
    assert result.title == "Grid"


@pytest.mark.parametrize("form", list(Form))
def test_what_no_child_can_clean_is_passed_on_as_it_is(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_guarded, "run_limited", lambda *_: None)
    body = LARGE if form is Form.HTML else "\n".join([SENTENCE] * 3_000)
    result = clean_guarded(Submission.model_validate({form.value: body, "title": "Grid", "authors": ["Jane Doe"]}))
    assert result.form is form
    assert result.quality.degraded
    assert SENTENCE[:40] in result.text
    assert (result.title, result.authors) == ("Grid", ("Jane Doe",))
    assert len(result.text) <= 110_000
    assert [warning.code for warning in result.warnings] == ["shortened"]


def test_long_text_is_cleaned_in_a_child() -> None:
    result = clean_guarded(Submission(text="\n\n".join(SENTENCE.format(n) for n in range(3_000)) + "\n\nAdvertisement"))
    assert isinstance(result, CleanText)
    assert not result.quality.degraded
    assert [removed.text for removed in result.removed] == ["Advertisement"]


def test_a_child_ignores_its_parents_handlers() -> None:
    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        assert (
            run_limited(lambda: str(signal.getsignal(signal.SIGUSR1)).encode(), LIMITS) == str(signal.SIG_DFL).encode()
        )
    finally:
        signal.signal(signal.SIGUSR1, before)
