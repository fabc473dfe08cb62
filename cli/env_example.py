"""Writes ``.env.example`` from the settings: ``python -m cli.env_example > .env.example``."""

import sys
import textwrap
from collections.abc import Iterator
from datetime import timedelta

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from workers.settings import Settings

_COLUMNS = 100
_HEAD = """\
# Settings of Dateline. Copy to .env and uncomment what you change; the values shown are the defaults.
# Made by `python -m cli.env_example`; do not edit it by hand.
# Spans of time are seconds or ISO 8601 (PT30S, P35D).
"""
_TAIL = """\
# OpenTelemetry's own variables, read with DATELINE_TRACING=true; docs/operations.md names more of them.
#OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318
#OTEL_TRACES_SAMPLER=parentbased_always_on
#OTEL_TRACES_SAMPLER_ARG=1.0

# For docker-compose.yml only: profiles to start, such as webhooks,flower. Passwords: scripts/make-secrets
#COMPOSE_PROFILES="""


def _value(field: FieldInfo) -> str:
    default = field.default
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if isinstance(default, timedelta):
        return f"{default.total_seconds():g}" if default.total_seconds() < 1e6 else f"{default.total_seconds():.0f}"  # noqa: PLR2004 - %g would write 3e+06
    return "" if default is None else str(default)


def lines() -> Iterator[str]:
    """The file, line by line."""
    yield _HEAD
    for name, field in Settings.model_fields.items():
        yield from textwrap.wrap(field.description or "", _COLUMNS, initial_indent="# ", subsequent_indent="# ")
        yield f"#DATELINE_{name.upper()}={_value(field)}\n"
    yield _TAIL


def document() -> str:
    """The whole file."""
    return "\n".join(lines()) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
