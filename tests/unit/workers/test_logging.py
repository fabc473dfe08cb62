import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from schemas import RetryLater
from workers.logging import configure
from workers.settings import Settings


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_our_events_and_foreign_logs_are_json_of_one_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(_env_file=None, log_format="json"))
    structlog.contextvars.bind_contextvars(task_id="t1")
    structlog.get_logger("ours").info("stage.finished", articles=3)
    logging.getLogger("foreign").warning("something %s", "old")
    structlog.contextvars.clear_contextvars()
    ours, foreign = lines(capsys)
    assert (ours["event"], ours["articles"], ours["task_id"], ours["level"]) == ("stage.finished", 3, "t1", "info")
    assert (foreign["event"], foreign["logger"], foreign["task_id"]) == ("something old", "foreign", "t1")
    assert set(ours) - {"articles"} == set(foreign)


def test_a_misspelt_setting_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_RETENTION_RESULT", "P90D")
    configure(Settings(_env_file=None, log_format="json"))
    (told,) = lines(capsys)
    assert (told["event"], told["meant"]) == ("setting.not_known", "DATELINE_RETENTION_RESULTS")


def test_on_a_terminal_logs_are_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(_env_file=None, log_format="console"))
    structlog.get_logger("ours").info("stage.finished", articles=3)
    shown = capsys.readouterr().err
    assert "stage.finished" in shown
    assert not shown.startswith("{")


SECRET = "zebrafinch"


def fail(secret: str) -> None:
    try:
        int(secret)
    except ValueError as error:
        raise KeyError(secret) from error


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("name", ["ours", "foreign"])
def test_an_exception_is_told_without_its_message_and_variables(
    capsys: pytest.CaptureFixture[str], form: str, name: str
) -> None:
    configure(Settings(_env_file=None, log_format=form))
    try:
        fail(SECRET)
    except KeyError:
        if name == "ours":
            structlog.get_logger("ours").exception("broken")
        else:
            logging.getLogger("foreign").exception("broken")
    told = capsys.readouterr().err
    assert SECRET not in told
    assert all(part in told for part in ("KeyError", "ValueError", "test_logging.py", "fail"))


def test_an_exception_of_ours_is_told_with_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(_env_file=None, log_format="json"))
    structlog.get_logger("ours").error("broken", exc_info=RetryLater("Not now."))
    [line] = lines(capsys)
    assert line["raised"] == {"error": "RetryLater", "at": [], "message": "Not now."}


def test_the_level_is_respected(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(_env_file=None, log_format="json", log_level="WARNING"))
    structlog.get_logger("ours").info("quiet")
    assert lines(capsys) == []
