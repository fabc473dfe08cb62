"""Logs: one formatter for ours and for foreign ones; JSON for machines, readable on a terminal; never article text."""

import logging
import logging.config
import sys
from typing import Any

import structlog
from structlog.types import Processor

from workers.settings import Settings

_NOISY = {"celery.app.trace": "WARNING", "celery.worker.strategy": "WARNING", "uvicorn.access": "WARNING"}
"""Told by our own events already, with ids."""


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _renderers(*, json: bool) -> list[Processor]:
    if json:
        return [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]


def configure(settings: Settings) -> None:
    """Set up structlog and the standard library's logging for this process."""
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
