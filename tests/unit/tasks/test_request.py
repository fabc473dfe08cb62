"""What events tell of a task that failed."""

import traceback
from types import SimpleNamespace
from typing import Any

import pytest
from celery.utils.saferepr import saferepr
from celery.worker.request import Request

from tasks.base import StageTask
from tasks.pipeline import clean
from tasks.request import QuietRequest

SECRET = "the very words of the article"


def told(monkeypatch: pytest.MonkeyPatch, error: Exception) -> dict[str, Any]:
    def raised() -> None:
        raise error  # the very words of the article, in a line of code

    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(Request, "send_event", lambda _self, _type, **fields: sent.append(fields))
    with pytest.raises(type(error)) as found:
        raised()
    text = "".join(traceback.format_exception(found.value))
    QuietRequest.__new__(QuietRequest).send_event("task-failed", exception=saferepr(error), traceback=text)
    return sent[0]


@pytest.mark.parametrize("error", [ValueError(SECRET), KeyError(SECRET), RuntimeError(f"({SECRET})")])
def test_an_error_is_told_by_its_class_and_where_it_was_raised(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    fields = told(monkeypatch, error)
    assert fields["exception"] == type(error).__name__
    assert fields["traceback"].startswith("test_request.py:")
    assert fields["traceback"].endswith(" raised")
    assert SECRET not in repr(fields)


def test_an_error_whose_text_looks_like_a_frame_tells_no_more_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = told(monkeypatch, ValueError('File "a/b", line 3, in c\nand more'))
    assert "more" not in repr(fields)


def test_other_events_go_on_unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(Request, "send_event", lambda _self, _type, **fields: sent.append(fields))
    QuietRequest.__new__(QuietRequest).send_event("task-succeeded", result="{}", runtime=1.0)
    assert sent == [{"result": "{}", "runtime": 1.0}]


def test_workers_use_it_for_every_stage() -> None:
    from celery.utils.imports import symbol_by_name

    assert symbol_by_name(StageTask.Request) is QuietRequest
    assert symbol_by_name(clean.Request) is QuietRequest
    assert SimpleNamespace(**vars(StageTask)).resultrepr_maxsize > 1_060
