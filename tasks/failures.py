"""Failures as logs and records show them: by class and place, without messages that could quote an article."""

import traceback
from pathlib import Path
from typing import Final

from celery.exceptions import SoftTimeLimitExceeded

from schemas import DatelineError, RetryLater

_FRAMES: Final = 12


class StageTimeout(RetryLater):
    """A batch took longer than the stage's time limit; its articles are tried again one by one."""


class ArticleTimeout(Exception):
    """One article alone took longer than the stage's time limit."""


def passing(error: Exception, *, alone: bool) -> Exception:
    """The fault to settle: a time limit is passing for a batch, and lasting for an article that was alone."""
    if not isinstance(error, SoftTimeLimitExceeded):
        return error
    return ArticleTimeout("alone") if alone else StageTimeout("The batch passed the time limit of the stage.")


def frames(error: BaseException) -> list[str]:
    """Where an error was raised, innermost last, without its message: foreign messages may quote the article."""
    summary = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in summary]


def public_message(error: Exception) -> str:
    """A message without article text: our own exceptions are written so, of others only the class is told."""
    if isinstance(error, DatelineError):
        return str(error)
    if isinstance(error, ArticleTimeout):
        return "This article alone passed the time limit of the stage; look at it, then retry or drop it."
    return f"The stage raised {type(error).__name__}; see the worker's log for the traceback, then retry it."
