"""Logs: one formatter for ours and for foreign ones; JSON for machines, readable on a terminal; never article text."""

import logging
import logging.config
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.types import Processor

from schemas import DatelineError
from tasks.failures import frames
from workers.misspelt import misspelt_here
from workers.settings import Settings

_log = structlog.get_logger(__name__)
_NOISY = {"celery.app.trace": "CRITICAL", "celery.worker.strategy": "WARNING", "uvicorn.access": "WARNING"}
"""Our own events have the same with ids. Celery's line on a failed task contains the exception's message."""


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _told(error: BaseException) -> dict[str, Any]:
    """What a log may say of an exception: its class, where it was raised, and its message only if it is one of ours."""
    told: dict[str, Any] = {"error": type(error).__name__, "at": frames(error)}
    if isinstance(error, DatelineError):
        told["message"] = str(error)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told | ({"cause": _told(cause)} if cause else {})


def without_quotes(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put what `_told` says in the place of an exception: messages and local variables could quote articles or secrets.

    structlog's own renderers write both.
    """
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["raised"] = _told(error)
    return event


def _renderers(*, json: bool) -> list[Processor]:
    if json:
        return [without_quotes, structlog.processors.JSONRenderer()]
    return [without_quotes, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]


def configure(settings: Settings) -> None:
    """Set up structlog and the standard library's logging for this process, and tell of misspelt settings."""
    json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _shared(),
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(json=json)],
    }
    config: dict[str, Any] = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"dateline": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "dateline"}},
        "root": {"handlers": ["stderr"], "level": settings.log_level},
        "loggers": {name: {"level": level} for name, level in _NOISY.items()},
    }
    logging.config.dictConfig(config)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    for name, meant in misspelt_here().items():
        _log.warning("setting.not_known", setting=name, meant=meant)
